"""Errors as a reader of either language understands them."""

from __future__ import annotations

from cdm.errors import CdmError
from cdm.ui.words import Words
from cdm.wording import told


def explained(words: Words, error: CdmError) -> list[str]:
    """Return what went wrong and what to do, the most important line first.

    Args:
        words: the reader's.
        error: what went wrong; the finding it may carry is put into words as well.
    """
    from quality.cleanse.codes import describe

    said = told(error, words.language)
    finding = error.values.get("finding")
    more = describe(str(finding), words.language) if finding and words.language != "en" else ""
    return [line for line in (said.title, more, said.message, said.remedy) if line]
