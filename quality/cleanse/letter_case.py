"""Sensible capitals for names typed in capitals or small letters only."""

from __future__ import annotations

import re

_PIECES = re.compile(r"([\s\-'’./]+)")
_MC = re.compile(r"^mc(?=[^\W\d_]{3})", re.IGNORECASE)


def is_one_case(text: str) -> bool:
    """Tell whether every letter is a capital, or every letter is small (letters without case do not count)."""
    return text.isupper() or text.islower()


def capitalize_name(text: str) -> str:
    """Capitalize every piece of a name: O'NEIL → O'Neil, jean-luc → Jean-Luc, mcdonald → McDonald.

    Args:
        text: one word or several; what stands after a hyphen or an apostrophe counts as a piece. After an
            apostrophe a single letter stays small ('s).
    """
    pieces = _PIECES.split(text)
    done = [pieces[0] and _capitalize(pieces[0])]
    for separator, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        keep = separator in "'’" and len(piece) == 1
        done += [separator, piece.lower() if keep else _capitalize(piece)]
    return "".join(done)


def _capitalize(piece: str) -> str:
    lowered = piece[:1].upper() + piece[1:].lower() if len(piece[:1].upper()) == 1 else piece
    found = _MC.match(lowered)
    return "Mc" + lowered[2:3].upper() + lowered[3:] if found else lowered
