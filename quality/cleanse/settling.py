"""Cleanse until the standard form stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from quality.cleanse.contract import Cleansed

_MOST_ROUNDS = 8


def settle(cleanse: Callable[[str, str], Cleansed], value: str, country: str) -> Cleansed:
    """Apply a cleanser to its own result until nothing changes, so that it is idempotent on every text.

    Args:
        cleanse: one pass of a cleanser for a single value.
        value: the text as typed.
        country: passed on.

    Returns:
        The first result whose standard form is its own; parts and codes of all passes together, later parts winning.
        Where passes would go round in a circle, the smallest text of the circle stands for all of them.
    """
    result = cleanse(value, country)
    seen = [value]
    for _ in range(_MOST_ROUNDS):
        if not result.standard or result.standard[0] == seen[-1]:
            break
        seen.append(result.standard[0])
        again = cleanse(seen[-1], country)
        if again.standard == result.standard:
            break
        if again.standard and again.standard[0] in seen:
            circle = seen[seen.index(again.standard[0]) :]
            return Cleansed((min(circle),), {**result.parts, **again.parts}, result.codes)
        result = Cleansed(
            again.standard, {**result.parts, **again.parts}, tuple(dict.fromkeys((*result.codes, *again.codes)))
        )
    return result
