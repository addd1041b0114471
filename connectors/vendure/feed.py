"""The items of one list of the shop, by id, or those that changed."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from connectors.errors import QueryFailed, SourceDenied
from connectors.http.place import Place, as_time, rank, time_text
from connectors.http.reading import Record, check_changed
from connectors.vendure.dataset import Dataset
from connectors.vendure.graphql import GraphQl
from schemas.mapping import Mapping
from schemas.mapping_file import read_mapping

PRECISION = "query { globalSettings { serverConfig { moneyStrategyPrecision } } }"
Items = Sequence[MappingType[str, Any]]


class VendureFeed:
    """Reads one dataset in the order of ids.

    The shop pages by how many items to skip, so that one deleted meanwhile shifts all that follow. Every page is
    therefore asked for with the last item already known, and where that is not found the read steps back until it is.
    """

    page_size = 200

    def __init__(self, shop: GraphQl, dataset: Dataset, notes: Sequence[str]) -> None:
        self.name = f"{shop.api.name.rpartition(' ')[2]}/{dataset.name}"
        self.columns = dataset.columns
        self.notes = notes
        self._shop = shop
        self._dataset = dataset

    @cached_property
    def mapping(self) -> Mapping:
        """What the columns mean."""
        return read_mapping(Path(__file__).with_name(self._dataset.mapping))

    def count(self) -> int | None:
        """Return how many items there are."""
        number = self._list("totalItems", {"take": 1})["totalItems"]
        return number if isinstance(number, int) else None

    def newest(self) -> str | None:
        """Return the latest change of any item."""
        items = self._list("items { updatedAt }", {"take": 1, "sort": {"updatedAt": "DESC"}})["items"]
        return time_text(as_time(items[0]["updatedAt"])) if items else None

    def page(self, place: Place, limit: int) -> Sequence[Record]:
        """Return the next items after a place in the order of their ids."""
        items = self._items(place, 0, limit) if place.last is None else self._behind(place, place.last, limit)
        return [self._record(item, place.since) for item in items]

    def _behind(self, place: Place, last: str, limit: int) -> Items:
        """Return the items behind the one with the id ``last``, wherever that stands by now."""
        take = limit + 1
        skip = max(0, place.done - 1)
        items = self._items(place, skip, take)
        while skip and (not items or rank(items[0]["id"]) > rank(last)):  # some before were deleted
            skip = max(0, skip - take)
            items = self._items(place, skip, take)
        while items:
            fresh = [item for item in items if rank(item["id"]) > rank(last)]
            if fresh:
                return fresh[:limit]
            skip += len(items)  # some came in before: what changed while the read went on
            items = self._items(place, skip, take)
        return []

    def _items(self, place: Place, skip: int, take: int) -> Items:
        only: dict[str, object] = {"updatedAt": {"after": place.since}} if place.since is not None else {}
        options = {"skip": skip, "take": take, "sort": {"id": "ASC"}, "filter": only}
        items: Items = self._list(f"items {{ {self._dataset.items} }}", options)["items"]
        if len(items) > take:
            raise QueryFailed(
                f"{self._shop.api.name} was asked for {take} items and gave {len(items)}.",
                remedy="The server ignores the question; check its version and what stands between.",
            )
        return items

    def _list(self, wanted: str, options: MappingType[str, object]) -> MappingType[str, Any]:
        name = self._dataset.name
        query = f"query ($options: {self._dataset.options}) {{ {name}(options: $options) {{ {wanted} }} }}"
        given = options.get("filter") or {}
        assert isinstance(given, dict)
        variables = {"options": {**options, "filter": {**self._dataset.only, **given}}}
        found: MappingType[str, Any] = self._shop.ask(query, variables)[name]
        return found

    def _record(self, item: MappingType[str, Any], since: str | None) -> Record:
        if since is not None:
            check_changed(self._shop.api.name, since, time_text(as_time(item["updatedAt"])), str(item["id"]))
        row = self._dataset.row(item, self._places)
        return Record(str(item["id"]), [row[name] for name in self.columns])

    @cached_property
    def _places(self) -> int:
        """Decimal places of the shop's money, which it gives in its smallest unit."""
        if not self._dataset.has_money:
            return 0
        try:
            return int(self._shop.ask(PRECISION, {})["globalSettings"]["serverConfig"]["moneyStrategyPrecision"])
        except SourceDenied as error:
            raise SourceDenied(
                f"{error.message} Without the shop's settings nobody knows what an amount of 12345 means.",
                remedy="Give the user's role the right ReadSettings.",
            ) from None
