"""The seven comparison levels every kind of value shares, and what they are called.

A comparison says how much two values agree, never how likely the records are one customer: that is learned. Levels 1–3
mean something else for every kind (``LABELS``); equality is split by how common the value is (term frequency).
"""

from __future__ import annotations

from typing import Final

MISSING: Final = -1
CONFLICT: Final = 0
WEAK: Final = 1
CLOSE: Final = 2
NEAR: Final = 3
COMMON: Final = 4
"""Equal, and shared by more records than chance would have it."""
USUAL: Final = 5
RARE: Final = 6
"""Equal, and shared by few."""
LEVELS: Final = 7

EQUAL_LABELS: Final = ("equal, a common value", "equal", "equal, a rare value")

LABELS: Final[dict[str, tuple[str, str, str, str]]] = {
    "name": ("different", "somewhat alike", "alike, or an initial", "spelled nearly the same, swapped or same sound"),
    "given": ("different", "somewhat alike", "alike, an initial or one of several", "nearly the same or a nickname"),
    "pinyin": ("different in sound", "few sounds shared", "most sounds shared", "nearly the same sound"),
    "organization": ("different or a sibling", "somewhat alike or elsewhere", "alike", "same but for missing parts"),
    "address": ("elsewhere", "same place only", "same street or alike", "same house, or street misspelt"),
    "text": ("different", "some words shared", "most words shared", "nearly the same"),
    "email": ("different", "somewhat alike", "alike", "nearly the same or another domain"),
    "phone": ("different", "a few digits differ", "one digit differs, or masked", "same subscriber number"),
    "date": (
        "different",
        "few digits shared",
        "two digits differ, or partly known",
        "one digit or day and month differ",
    ),
    "code": ("different", "same digits in another order", "two characters differ", "one character differs"),
    "digits": ("different", "same digits in another order", "two digits differ", "one digit differs"),
    "category": ("different", "different", "different", "different"),
}


def label(kind: str, level: int) -> str:
    """Return what ``level`` means for values of ``kind``, in words."""
    if level == MISSING:
        return "not known on one side"
    return LABELS[kind][level] if level <= NEAR else EQUAL_LABELS[level - COMMON]
