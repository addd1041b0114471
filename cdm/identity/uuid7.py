"""Time-ordered UUIDs (RFC 9562, version 7) in batches."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Mint = Callable[[int], list[str]]
"""Returns that many new ids, each greater than the one before."""

_RANDOM_BYTES = 6
_RANDOM_BITS = 42


def mint_at(now: datetime, entropy: Callable[[int], bytes] = os.urandom) -> Mint:
    """Return a mint whose ids carry the time ``now`` and, within it, a counter, so that they sort as they are made.

    The 74 bits that the standard leaves free hold a 32-bit counter and 42 random bits ("fixed bit-length dedicated
    counter", RFC 9562 section 6.2, method 1).

    Args:
        now: a time with a time zone.
        entropy: returns that many random bytes; the operating system's unless a test needs the same ids again.
    """
    milliseconds = int(now.timestamp() * 1000)
    made = 0

    def mint(count: int) -> list[str]:
        nonlocal made
        noise = entropy(_RANDOM_BYTES * count)
        first, made = made, made + count
        return [
            _uuid7(milliseconds, first + i, int.from_bytes(noise[_RANDOM_BYTES * i : _RANDOM_BYTES * (i + 1)], "big"))
            for i in range(count)
        ]

    return mint


def _uuid7(milliseconds: int, counter: int, noise: int) -> str:
    free = (counter << _RANDOM_BITS) | (noise & ((1 << _RANDOM_BITS) - 1))
    high, low = free >> 62, free & ((1 << 62) - 1)
    number = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low
    return str(UUID(int=number))
