"""Errors as a reader of either language understands them."""

from __future__ import annotations

from cdm.errors import CdmError
from cdm.ui.words import Words, phrases


def explained(words: Words, error: CdmError, title: str = "") -> list[str]:
    """Return what went wrong and what to do, the most important line first.

    Args:
        words: the reader's.
        error: its message and remedy are English; its code, and the finding it may carry, are put into words.
        title: heads it where the code is not known.
    """
    from quality.cleanse.codes import describe

    known = phrases().get(f"errors.{error.code}")
    head = known[words.language] if known else title
    finding = error.values.get("finding")
    more = describe(str(finding), words.language) if finding and words.language != "en" else ""
    return [line for line in (head, more, error.message, error.remedy) if line]
