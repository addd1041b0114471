"""The records of one Tryton model, by key, or those that changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from connectors.errors import PartMissing, QueryFailed, SourceUnavailable
from connectors.http.client import Api
from connectors.http.place import Place, time_text
from connectors.http.reading import Record, check_changed
from connectors.tryton.dataset import STAMPS, Dataset
from connectors.tryton.wire import decoded, in_address, time_value
from schemas.mapping import Mapping
from schemas.mapping_file import read_mapping

ANY = [["active", "in", [True, False]]]
"""Condition that makes Tryton show what it hides: inactive records, among them those merged into others."""
WITH_INACTIVE_CHILDREN = {"X-Tryton-Context": in_address({"active_test": False})}
"""Context that makes Tryton read inactive children too: making one inactive is a change of its record."""


class TrytonFeed:
    """Reads one dataset in the order of record ids."""

    page_size = 500

    def __init__(self, api: Api, database: str, dataset: Dataset, notes: Sequence[str]) -> None:
        self.name = f"{api.name.rpartition(' ')[2]}/{database}/{dataset.model}"
        self.columns = dataset.columns
        self.notes = notes
        self._api = api
        self._database = database
        self._dataset = dataset

    @cached_property
    def mapping(self) -> Mapping:
        """What the columns mean."""
        return read_mapping(Path(__file__).with_name(self._dataset.mapping))

    def count(self) -> int | None:
        """Return how many records there are, inactive ones included."""
        path = f"{self._database}/rest/model/{self._dataset.model}/search_count"
        number = self._api.ask(path, method="POST", json={"domain": self._visible(self._dataset.model)})
        return number if isinstance(number, int) else None

    def newest(self) -> str | None:
        """Return the latest change of any record or child: where an edit of a child would be seen."""
        models = (self._dataset.model, *self._dataset.children.values())
        times = [self._latest(model, stamp) for model in models for stamp in STAMPS]
        return max((time for time in times if time), default=None)

    def page(self, place: Place, limit: int) -> Sequence[Record]:
        """Return the next records after a place in the order of their ids."""
        domain = [*self._visible(self._dataset.model)]
        if place.last is not None:
            domain.append(["id", ">", int(place.last)])
        if place.since is not None:
            domain.append(self._changed(place.since))
        found = self._search(self._dataset.model, domain, [["id", "ASC"]], limit, self._fields())
        if len(found) > limit:
            raise QueryFailed(
                f"{self._api.name} was asked for {limit} records and gave {len(found)}.",
                remedy="The server ignores the question; check its version and what stands between.",
            )
        return [self._record(one, place.since) for one in found]

    def _record(self, found: dict[str, Any], since: str | None) -> Record:
        row = self._dataset.row(found)
        if since is not None:
            check_changed(self._api.name, since, str(row["updated_at"]), str(found["id"]))
        return Record(str(found["id"]), [row[name] for name in self.columns])

    def _latest(self, model: str, stamp: str) -> str | None:
        domain = [*self._visible(model), [stamp, "!=", None]]
        found = self._search(model, domain, [[stamp, "DESC"]], 1, (stamp,))
        return time_text(found[0][stamp]) if found and found[0][stamp] else None

    def _search(
        self, model: str, domain: list[Any], order: list[Any], limit: int, fields: Sequence[str]
    ) -> list[dict[str, Any]]:
        params = {"f": list(fields), "d": in_address(domain), "o": in_address(order), "s": limit}
        path = f"{self._database}/rest/model/{model}"
        try:
            found = decoded(self._api.ask(path, params=params, headers=WITH_INACTIVE_CHILDREN))
        except SourceUnavailable as error:
            raise _unknown(self._api.name, model) if f"'{model}'" in error.message else error from None
        if not isinstance(found, list):
            raise QueryFailed(
                f"{self._api.name} gives no list of records of '{model}'.",
                remedy="Check the version: Tryton 8.0 or later.",
            )
        return found

    def _fields(self) -> list[str]:
        stamps = [f"{child}.{stamp}" for child in self._dataset.children for stamp in STAMPS]
        hidden = [f"{child}.active" for child, model in self._dataset.children.items() if self._visible(model)]
        return [*self._dataset.fields, *stamps, *hidden]

    def _visible(self, model: str) -> list[Any]:
        return list(ANY) if model in self._dataset.deactivable else []

    def _changed(self, since: str) -> list[Any]:
        """Return the condition for records that changed, or of which a child did."""
        time = time_value(since)
        own: list[Any] = [[[stamp, ">=", time]] for stamp in STAMPS]
        through = [
            [[child, "where", [*self._visible(model), ["OR", *own]]]] for child, model in self._dataset.children.items()
        ]
        return ["OR", *own, *through]


def _unknown(name: str, model: str) -> PartMissing:
    """Return the error for a model the ERP does not have, which it answers as if it were broken."""
    return PartMissing(
        f"{name} has no '{model}'.", remedy=f"Activate its module '{model.partition('.')[0]}' in Tryton.", part=model
    )
