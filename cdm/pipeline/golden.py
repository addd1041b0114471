"""Read golden records for people and programs: show, list, look up, export."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdm.errors import NotFound
from cdm.pipeline.hub import Hub
from cdm.pipeline.naming import successor
from cdm.pipeline.profile import ActivitySummary, summarize_activities
from cdm.store import GoldenRecord, SourceRecord
from cdm.store.documents import from_documents, load
from cdm.store.golden import provenance_table
from cdm.store.history import Moment
from cdm.store.membership import MEMBERS
from cdm.survivorship import describe
from schemas.model import EntityType
from schemas.types import EntityKind

FOR_PEOPLE = frozenset({".xlsx", ".csv"})
"""Export formats that are read by people: codes are put into words."""
NAMES = ("full_name", "name")
"""Fields that name a party, in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class GoldenView:
    """A golden record with everything that belongs to it; ``asked`` is the id the user gave, retired or not."""

    asked: str
    golden: GoldenRecord
    records: Sequence[SourceRecord]
    activities: Sequence[SourceRecord]
    """The latest ones, the latest first."""
    summary: Sequence[ActivitySummary] = ()
    """Figures of all its activities."""


@dataclass(frozen=True, slots=True)
class GoldenLine:
    """One golden record in a list."""

    id: str
    entity: str
    name: str
    phone: str
    email: str
    sources: int
    quality: str


def golden_view(hub: Hub, golden_id: str, *, activities: bool = True) -> GoldenView:
    """Return a golden record with its source records and activities; a retired id leads to its successor.

    Args:
        hub: the open hub.
        golden_id: its id.
        activities: whether they are read; the view has none else.

    Raises:
        NotFound: no golden record ever had the id, it was split into several, or nothing of it is left.
    """
    live = successor(hub, golden_id, "Show one of these, or look up a source record.")
    golden = hub.store.golden.get(live)
    records = hub.store.records.of_golden(golden.id)
    if not activities:
        return GoldenView(golden_id, golden, records, ())
    summary = summarize_activities(hub.store.activities.facts(golden.id), hub.model, hub.now().date())
    return GoldenView(golden_id, golden, records, hub.store.activities.of_golden(golden.id), summary)


def in_model_order(entity: EntityType, fields: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the fields of a golden record as the model orders them, then those it does not know by name."""
    places = {name: place for place, name in enumerate(entity.fields)}
    return sorted(fields.items(), key=lambda item: (places.get(item[0], len(places)), item[0]))


def golden_list(hub: Hub, entity: str, limit: int, after: str) -> Iterator[GoldenLine]:
    """Yield up to ``limit`` golden records with ids above ``after``, of one entity type or of all party types."""
    left = limit
    for one in parties(hub, entity):
        page = hub.store.golden.page(one, after=after, limit=left)
        index, fields = page.index.to_pylist(), page.fields.to_pylist() or [{}] * page.index.num_rows
        for row, values in zip(index, fields, strict=True):
            yield _line(one, row, values)
        left -= len(index)
        if left <= 0:
            return


def _line(entity: EntityType, row: Mapping[str, Any], values: Mapping[str, Any]) -> GoldenLine:
    total = row["score_total"]
    return GoldenLine(
        id=row["golden_id"],
        entity=entity.name,
        name=next((values[name] for name in NAMES if values.get(name)), ""),
        phone=" ".join(values.get("phone") or ()),
        email=" ".join(values.get("email") or ()),
        sources=row["members"],
        quality="" if total is None else f"{total:.0f}",
    )


def parties(hub: Hub, entity: str = "") -> Sequence[EntityType]:
    """Return the named entity type, or all that have golden records.

    Raises:
        ModelError: the model has no such entity type.
        NotFound: it has no golden records because it is not a party.
    """
    if not entity:
        return hub.model.of_kind(EntityKind.PARTY)
    one = hub.model[entity]
    if one.kind is not EntityKind.PARTY:
        names = ", ".join(e.name for e in hub.model.of_kind(EntityKind.PARTY))
        raise NotFound(f"There are no golden records of '{entity}'.", remedy=f"Use one of: {names}.")
    return (one,)


@dataclass(frozen=True, slots=True)
class GoldenSet:
    """All golden records of an entity type, now or at another moment."""

    entity: EntityType
    golden: pa.Table
    """One row each: golden_id, fields, records."""
    crosswalk: pa.Table
    """golden_id, source, key, record_id of every source record."""
    provenance: pa.Table
    """golden_id, field, record_id, why, records, differing of every value."""


def export_golden(
    hub: Hub, out: Path, entity: str, language: str, moment: Moment | None = None
) -> tuple[list[Path], int]:
    """Write golden records with crosswalk and provenance; the ending of ``out`` decides the format.

    Args:
        hub: the open hub.
        out: the file.
        entity: only this entity type; all party types where empty.
        language: of headers and words in files that people read.
        moment: as the golden records were then; as they are where ``None``.

    Returns:
        The files written and the number of golden records.
    """
    from cdm.report.exports import GoldenTable, write_golden

    sets = [golden_set(hub, one, moment) for one in parties(hub, entity)]
    tables = [GoldenTable(one.entity, one.golden) for one in sets]
    filled = [table for table in tables if table.table.num_rows] or tables[:1]
    crosswalk = pa.concat_tables([one.crosswalk for one in sets]).drop_columns(["record_id"])
    worded = language if out.suffix.lower() in FOR_PEOPLE else None
    provenance = pa.concat_tables([_provenance(one, worded) for one in sets])
    paths = write_golden(out, filled, language, crosswalk=crosswalk, provenance=provenance)
    return paths, sum(table.table.num_rows for table in tables)


def golden_set(hub: Hub, entity: EntityType, moment: Moment | None = None) -> GoldenSet:
    """Return all golden records of an entity type as they are, or as they were at a moment (then without quality)."""
    if moment is not None:
        return _set_then(hub, entity, moment)
    crosswalk = hub.store.crosswalk.table(entity.name)
    return GoldenSet(entity, golden_table(hub, entity), crosswalk, hub.store.golden.provenance(entity))


def _set_then(hub: Hub, entity: EntityType, moment: Moment) -> GoldenSet:
    states = hub.store.history.states(entity.name, moment)
    ids, members = states["golden_id"].to_pylist(), [load(text) for text in states["members"].to_pylist()]
    values = from_documents(states["fields"].combine_chunks(), entity)
    golden = pa.table({"golden_id": states["golden_id"], **{name: values[name] for name in values.column_names}})
    golden = golden.append_column("records", pa.array([len(one) for one in members], pa.int32()))
    names = hub.store.records.names([record for one in members for record in one])
    belongs = [
        (one, *names[record].split(":", 1), record) for one, own in zip(ids, members, strict=True) for record in own
    ]
    rows = zip(ids, states["fields"].to_pylist(), states["provenance"].to_pylist(), strict=True)
    crosswalk = pa.Table.from_arrays(
        [
            pa.array(c, f.type)
            for c, f in zip(zip(*belongs, strict=True) if belongs else [()] * 4, MEMBERS, strict=True)
        ],
        schema=MEMBERS,
    )
    return GoldenSet(entity, golden, crosswalk, provenance_table(rows))


def golden_table(hub: Hub, entity: EntityType) -> pa.Table:
    """Return the golden records of an entity type, one row each: id, fields in model order, records, quality."""
    batch = hub.store.golden.read(entity)
    table = pa.table({"golden_id": batch.index.column("golden_id")})
    for name in batch.fields.column_names:
        table = table.append_column(name, batch.fields.column(name))
    table = table.append_column("records", batch.index.column("members"))
    return table.append_column("quality", pc.round(batch.index.column("score_total"), 1))


def _provenance(chosen: GoldenSet, language: str | None) -> pa.Table:
    """Return golden_id, field, source, key, reason, records, differing of every golden value.

    Fields and reasons are put into words of ``language``; without one they stay the model's names and codes.
    """
    members = chosen.crosswalk.select(["record_id", "source", "key"])
    joined = chosen.provenance.join(members, "record_id", join_type="left outer").sort_by(
        [("golden_id", "ascending"), ("field", "ascending"), ("source", "ascending"), ("key", "ascending")]
    )
    columns = {name: joined.column(name) for name in ("golden_id", "field", "source", "key")}
    columns["reason"] = joined.column("why")
    columns |= {name: joined.column(name) for name in ("records", "differing")}
    if language is not None:
        labels = {field.name: field.label.text(language) for field in chosen.entity.fields.values()}
        columns["field"] = _reworded(columns["field"], lambda name: labels.get(name, name))
        columns["reason"] = _reworded(columns["reason"], lambda code: describe(code, language))
    return pa.table(columns)


def _reworded(column: pa.ChunkedArray, word: Callable[[str], str]) -> pa.Array:
    """Replace each distinct text."""
    encoded = column.combine_chunks().dictionary_encode()
    return pa.array([word(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
