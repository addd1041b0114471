"""Where values differ, character by character."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from markupsafe import Markup, escape

ALIKE = 0.4
"""Share of common characters below which two values have nothing to do with each other."""
SHORT, LONG = 4, 12
"""Up to so many characters one, or two, in common count; in longer texts that few agree by chance."""

Segments = list[tuple[str, bool]]
"""Pieces of a text and whether each differs."""


def segments(text: str, others: Sequence[str]) -> Segments:
    """Return a text in pieces, marked where it differs from the most similar of some others.

    Args:
        text: a value.
        others: values of the same field elsewhere.
    """
    if not text or not others or text in others:
        return [(text, False)]
    return max((_against(text, other) for other in others), key=_kept)


def _against(text: str, other: str) -> Segments:
    """Return a text in pieces, marked where it differs from another one; chance agreement does not count."""
    found = SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks()
    least = 1 if len(text) <= SHORT else 2 if len(text) <= LONG else 3
    ends = len(text), len(other)
    blocks = [
        one
        for one in found
        if one.size >= least or (one.a == one.b == 0) or (one.a + one.size, one.b + one.size) == ends
    ]
    if sum(one.size for one in blocks) < ALIKE * max(len(text), len(other)):
        return [(text, True)]
    pieces: Segments = []
    at = 0
    for start, _, size in [*blocks, (len(text), 0, 0)]:
        if start > at:
            pieces.append((text[at:start], True))
        if size:
            pieces.append((text[start : start + size], False))
        at = start + size
    return pieces


def _kept(pieces: Segments) -> int:
    return sum(len(piece) for piece, differs in pieces if not differs)


def marked(text: str, others: Sequence[str]) -> Markup:
    """Return a text as HTML with what differs in ``mark`` elements; everything is escaped."""
    parts = (
        Markup("<mark>{}</mark>").format(one) if differs else escape(one) for one, differs in segments(text, others)
    )
    return Markup("").join(parts)
