"""Gender as ``male`` or ``female`` (GB/T 2261.1, ISO/IEC 5218)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.identifier import tidy_code
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.reference_data import reference
from quality.cleanse.text import fold, simplify
from schemas.types import Severity

UNRECOGNISED = Code("gender_unrecognised", Severity.ERROR, "无法识别的性别", "Not recognisable as a gender")
MISTYPED = Code("gender_mistyped", Severity.WARNING, "性别有笔误，已更正", "Gender mistyped, corrected")
OTHER = Code("gender_other", Severity.INFO, "填写为男女之外", "Stated as neither male nor female")


@cache
def _words() -> Mapping[str, str]:
    data = reference("gender")
    return {word.casefold(): gender for gender, words in data.items() for word in words}


def clean_gender(value: str, country: str) -> Cleansed:
    """Standardise a gender.

    Args:
        value: a word, a form of address, a letter or a code.
        country: not used.

    Returns:
        ``male`` or ``female``; nothing where the value says that it is neither or not known, since "unknown" is no
        trait that two customers could share. ``malw`` is ``male``; what cannot be recognised keeps its text.
    """
    text = fold(value[:100])
    key = simplify(text).casefold()
    gender = _words().get(key) or _words().get(tidy_code(key))
    if gender in {"male", "female"}:
        return Cleansed((gender,))
    if gender == "other":
        return Cleansed((), codes=(OTHER,))
    if gender == "empty" or is_placeholder(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    meant = _mistyped(key)
    return Cleansed((meant,), codes=(MISTYPED,)) if meant else Cleansed((text,), codes=(UNRECOGNISED,))


def _mistyped(key: str) -> str | None:
    """Return the gender whose English word is one slip of the finger away, if it is one only."""
    from rapidfuzz.distance import OSA

    near = [word for word in ("male", "female") if OSA.distance(key, word, score_cutoff=1) == 1]
    return near[0] if len(near) == 1 else None
