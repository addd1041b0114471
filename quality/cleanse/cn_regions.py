"""Which province of China a resident id, a postcode or an area code belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from quality.cleanse.reference_data import reference

Kind = Literal["id", "post", "area"]


@cache
def _prefixes(kind: Kind) -> Mapping[str, str]:
    data = reference("cn_regions")
    prefixes: dict[str, str] = {}
    for province, entry in data.items():
        listed = entry[kind]
        prefixes |= dict.fromkeys([listed] if isinstance(listed, str) else listed, province)
    return prefixes


def province_of(kind: Kind, digits: str) -> str | None:
    """Return the province that a number belongs to, by its longest known prefix.

    Args:
        kind: ``id`` for a resident id (GB/T 2260 division code), ``post`` for a postcode, ``area`` for a telephone
            number with the leading 0 of its area code.
        digits: the number's digits from its beginning.

    Returns:
        The short name of the province (江苏, 内蒙古), or ``None`` where no province has that prefix.
    """
    prefixes = _prefixes(kind)
    for length in range(4, 1, -1):
        province = prefixes.get(digits[:length])
        if province is not None:
            return province
    return None
