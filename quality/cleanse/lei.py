"""Legal Entity Identifier (ISO 17442): 18 characters and two ISO 7064 check digits."""

from __future__ import annotations

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.identifier import tidy_code
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.settling import settle
from quality.cleanse.text import capitals
from schemas.types import Severity

INVALID = Code("lei_invalid", Severity.ERROR, "LEI 编码无效", "Not a valid LEI")


def clean_lei(value: str, country: str) -> Cleansed:
    """Standardise a Legal Entity Identifier.

    Args:
        value: the text of the cell.
        country: not used.

    Returns:
        The 20 upper-case characters; an invalid code keeps its text.
    """
    return settle(_cleanse, value, country)


def _cleanse(value: str, _country: str) -> Cleansed:
    from stdnum import lei

    if is_placeholder(value):
        return Cleansed((), codes=(PLACEHOLDER,) if value.strip() else ())
    text = capitals(tidy_code(value)).removeprefix("LEI:").replace("-", "")
    valid = len(text) == 20 and text.isascii() and text.isalnum() and lei.is_valid(text)
    return Cleansed((text,), codes=() if valid else (INVALID,))
