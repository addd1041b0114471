"""Records that decisions make one customer, in chains of any length."""

from __future__ import annotations

from collections.abc import Iterable


class Chained(dict[int, int]):
    """Disjoint sets of records: what was joined with a joined record is joined with all of them.

    Args:
        pairs: records that are one customer.
    """

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        super().__init__()
        for one, other in pairs:
            low, high = sorted((self(one), self(other)))
            self[high] = low

    def __call__(self, record: int) -> int:
        """Return the smallest record of the set a record is in."""
        while (lower := self.get(record, record)) != record:
            self[record] = self.get(lower, lower)
            record = lower
        return record
