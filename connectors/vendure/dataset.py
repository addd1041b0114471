"""What is asked of one list of the shop, and how an item of it becomes a flat row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Dataset:
    """One kind of record: ``items`` are the fields asked for, ``only`` a filter that always holds; ``row`` takes an
    item and the number of decimal places of the shop's money."""

    name: str
    options: str
    """GraphQL type of the list's options."""
    mapping: str
    items: str
    columns: tuple[str, ...]
    row: Callable[[Mapping[str, Any], int], Mapping[str, object]]
    only: Mapping[str, object] = field(default_factory=dict)
    has_money: bool = False
