"""Records that programs send of a source: read, cleansed and stored as any reading of it stores them.

The next run matches and merges them like all records that changed. A sending is one short transaction; it waits for no
run and no run waits for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson
import pyarrow as pa

from cdm.errors import CdmError
from cdm.pipeline.hub import Hub
from cdm.pipeline.opening import connector_of
from cdm.pipeline.page_reader import PageReader
from cdm.pipeline.sources import mapping_of
from cdm.store.inbox import Request, RowFate, Sent
from schemas.source import SourceSpec

Row = Mapping[str, str | int | float | bool | None]


class PushRefused(CdmError):  # noqa: N818 - says what is the matter
    """Records of this source cannot be sent, or not so."""

    code, status, exit_code = "push_refused", 409, 5


class KeyReused(CdmError):  # noqa: N818 - says what is the matter
    """The same Idempotency-Key came with another content before (draft-ietf-httpapi-idempotency-key-header)."""

    code, status, exit_code = "idempotency_key_reused", 422, 2


class Pushing:
    """Takes in what programs send; keeps at hand how each source is read.

    Args:
        hub: the open hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._readers: dict[str, tuple[SourceSpec, date, PageReader]] = {}

    def __call__(self, source: str, rows: Sequence[Row], actor: str, key: str = "") -> dict[str, Any]:
        """Take in some rows.

        Args:
            source: the registered source they are of.
            rows: column → value, columns as the source's mapping names them; further ones are kept as attributes.
            actor: who sends them.
            key: names this sending, so that repeating it changes nothing and is answered alike; empty for none.

        Returns:
            ``run_id``, ``source``, ``accepted``, ``quarantined`` and ``rows``: what became of each, in their order.

        Raises:
            NotFound: there is no such source.
            PushRefused: its rows have no key by which they could be known again.
            KeyReused: the key came with other rows before.
            SourceError: the source cannot be looked at for how its columns are written.
        """
        content = hashlib.sha256(orjson.dumps([source, rows], option=orjson.OPT_SORT_KEYS)).hexdigest()
        request = Request(actor, key, content)
        known = self._hub.store.inbox.answered(request)
        if known is None:
            known = self._take(source, rows, request)
        same, answer = known
        if not same:
            raise KeyReused(
                f"The Idempotency-Key '{key}' was used for other records before.",
                remedy="Use a new key for new content, and the old one only to repeat a request.",
                key=key,
            )
        said: dict[str, Any] = answer
        return said

    def _take(self, source: str, rows: Sequence[Row], request: Request) -> tuple[bool, Any]:
        hub, spec = self._hub, self._hub.source(source)
        mapping = mapping_of(spec)
        if mapping.key is None:
            raise PushRefused(
                f"The source '{source}' has no key column, so its records cannot be known again.",
                remedy=f"Name one: cdm source map {source} --load FILE.",
                source=source,
            )
        reader = self._reader(spec)
        origins = pa.array([f"push {request.actor}#{number}" for number in range(1, len(rows) + 1)], pa.string())
        table = reader.records(_raw(rows), origins)
        sent = Sent(source, table, mapping.party.source if mapping.party else None)
        return hub.store.inbox.take(sent, request, hub.now(), lambda run, fates: _answer(source, run, fates))

    def _reader(self, spec: SourceSpec) -> PageReader:
        today = self._hub.now().date()
        kept = self._readers.get(spec.name)
        if kept is None or kept[:2] != (spec, today):
            sample = connector_of(spec, self._hub.settings).describe().sample
            kept = (spec, today, PageReader.of(self._hub, mapping_of(spec), sample))
            self._readers[spec.name] = kept
        return kept[2]


def _raw(rows: Sequence[Row]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names})


def _text(value: str | float | bool | None) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(source: str, run_id: int, fates: Sequence[RowFate]) -> dict[str, Any]:
    rows = [
        {"row": number, "key": one.key, "status": one.status, "code": one.code, "reason": one.reason}
        for number, one in enumerate(fates, start=1)
    ]
    bad = sum(one.status == "quarantined" for one in fates)
    return {"run_id": run_id, "source": source, "accepted": len(rows) - bad, "quarantined": bad, "rows": rows}
