"""Reading records of a web server by key: everything, or what changed, from a cursor on.

The records of a read come in the order of their keys, so that one deleted meanwhile shifts no page. What changes while
a read goes on is not lost: the next read looks from the latest change there was *before* this one began, less an
overlap for changes that were under way; a record that comes twice is the same record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from connectors.contract import Cursor, Dataset, Page
from connectors.errors import QueryFailed
from connectors.http.place import Place, earlier, place_of, rank
from connectors.pages import take_sample
from connectors.text import text_table
from schemas.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a server: its key and its values, aligned with the feed's columns."""

    key: str
    values: Sequence[object]


class Feed(Protocol):
    """The records of one kind that a server has."""

    @property
    def name(self) -> str:
        """Of server and kind, e.g. ``127.0.0.1:8000/erp/party.party``; what origins and cursors begin with."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """What every record says."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What the user should know."""
        ...

    @property
    def mapping(self) -> Mapping:
        """What the columns mean: also which of them are the key and the time of change."""
        ...

    @property
    def page_size(self) -> int:
        """Most records the server gives at once."""
        ...

    def count(self) -> int | None:
        """Return how many records there are, where the server says so."""
        ...

    def newest(self) -> str | None:
        """Return the time of the latest change of any record (:func:`connectors.http.place.time_text`)."""
        ...

    def page(self, place: Place, limit: int) -> Sequence[Record]:
        """Return the next records after a place, at most ``limit``, in the order of their keys; none at the end.

        Raises:
            QueryFailed: the server gave records that were not asked for.
        """
        ...


def describe(feed: Feed, overlap: float, sample_rows: int) -> Dataset:
    """Look at a feed: its columns, the first records, how many there are."""
    sample, _ = take_sample(read(feed, overlap, None, max(1, sample_rows)), feed.columns, sample_rows)
    return Dataset(
        columns=feed.columns,
        sample=sample,
        rows=feed.count(),
        key=feed.mapping.key,
        updated_at=feed.mapping.updated_at,
        notes=feed.notes,
        mapping=feed.mapping,
    )


def read(feed: Feed, overlap: float, cursor: Cursor | None, page_size: int) -> Iterator[Page]:
    """Yield the records after ``cursor``, or those that changed since a read that came to its end.

    Args:
        feed: what to read.
        overlap: seconds that a read of changes goes back behind the latest change seen.
        cursor: as an earlier page gave it.
        page_size: most records per page.
    """
    identity = hashlib.sha256("\0".join([feed.name, *feed.columns]).encode()).hexdigest()[:16]
    place = _begin(feed, overlap, place_of(cursor, identity))
    limit = max(1, min(page_size, feed.page_size))
    batch = feed.page(place, limit)
    while batch:
        _check_order(feed, place, batch)
        place = place.after(batch[-1].key, len(batch))
        following = feed.page(place, limit)
        if not following:
            place = replace(place, complete=True)
        table = text_table(feed.columns, [record.values for record in batch])
        yield Page(table, [f"{feed.name}[{record.key}]" for record in batch], place.cursor(identity))
        batch = following


def _begin(feed: Feed, overlap: float, place: Place | None) -> Place:
    """Return the place a read starts from."""
    if place is None or (place.complete and place.newest is None):
        return Place(newest=feed.newest())
    if not place.complete or place.newest is None:
        return place
    return Place(since=earlier(place.newest, overlap), newest=feed.newest() or place.newest)


def _check_order(feed: Feed, place: Place, batch: Sequence[Record]) -> None:
    """Refuse a server that does not page as it was asked to: it would be read in circles, or in part."""
    ranks = [rank(record.key) for record in batch]
    before = [rank(place.last)] if place.last is not None else []
    if any(one >= next_one for one, next_one in zip([*before, *ranks], [*before, *ranks][1:], strict=False)):
        raise QueryFailed(
            f"{feed.name} does not give its records in the order of their keys, page after page.",
            remedy="The server ignores how it was asked; check its version and what stands between.",
        )


def check_changed(name: str, since: str, changed: str, key: str) -> None:
    """Refuse a record that did not change since the time asked for: the server ignored the question.

    Raises:
        QueryFailed: naming the record.
    """
    if changed < since:
        raise QueryFailed(
            f"{name} was asked for what changed since {since} and gave record {key}, changed {changed}.",
            remedy="The server ignores the filter; read everything instead: --updated-at none.",
        )
