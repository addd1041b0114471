"""Golden values and their provenance from the records that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from cdm.store.documents import to_documents
from cdm.store.provenance import ALL
from cdm.store.records import RecordBatch
from cdm.survivorship.groups import Group, address_country, groups_of
from cdm.survivorship.inputs import completeness_of, invalid_rows, standing_of, text_of
from cdm.survivorship.ranking import Ints, Mask, Rivals, Verdict, judge, rank
from cdm.survivorship.reasons import ONLY, WITH_ADDRESS
from cdm.survivorship.stated import NOTHING, Stated, cite, put_in
from cdm.survivorship.union import United, unite
from schemas.model import EntityType
from schemas.types import Survivorship


@dataclass(frozen=True, slots=True)
class Merged:
    """Golden records of one entity type, in the order of their ids; everything is aligned with ``golden_ids``."""

    golden_ids: pa.Array
    fields: pa.Table
    """Golden values, columns as in the records."""
    provenance: pa.Array
    """JSON text per golden record (:mod:`cdm.store.provenance`)."""
    members: Ints
    """Number of source records."""
    position: Ints
    """For each *source record*, in input order: the position of its golden record."""

    def rows(self, score: pa.Array | None = None, score_total: pa.Array | None = None) -> pa.Table:
        """Return the golden records as :class:`cdm.store.Consolidation` takes them.

        Args:
            score: JSON text per golden record, or nothing.
            score_total: total score 0-100 per golden record, or nothing.
        """
        count = len(self.golden_ids)
        return pa.table(
            {
                "golden_id": self.golden_ids,
                "fields": to_documents(self.fields),
                "provenance": self.provenance,
                "score": pa.nulls(count, pa.string()) if score is None else score,
                "score_total": pa.nulls(count, pa.float64()) if score_total is None else score_total,
            }
        )


def consolidate(records: RecordBatch, golden_ids: pa.Array, entity: EntityType, stated: Stated = NOTHING) -> Merged:
    """Merge records into golden records.

    Args:
        records: the records of one entity type as the store reads them.
        golden_ids: the golden id of each record.
        entity: the entity type, whose fields name their policies.
        stated: what stewards stated, which outranks the records.

    Returns:
        One golden record per distinct id. The outcome does not depend on the order of the records.
    """
    ids = pc.unique(golden_ids).sort()
    position = pc.index_in(golden_ids, value_set=ids).to_numpy(zero_copy_only=False).astype(np.int64)
    members = np.bincount(position, minlength=len(ids)).astype(np.int64)
    merge = _Merge(records, position, members)
    columns = list(records.fields.column_names)
    for group in groups_of(entity, columns):
        if group.multi and group.policy is Survivorship.UNION:
            merge.unite(group.fields[0])
        else:
            merge.choose(group)
    pair = address_country(entity, columns)
    if pair is not None:
        merge.follow(*pair)
    documents = merge.provenance(columns)
    if stated:
        put_in(merge.columns, stated, ids, entity)
        documents = cite(documents, stated, ids)
    names = [*columns, *sorted(merge.columns.keys() - set(columns))]
    fields = pa.table({name: merge.columns[name] for name in names}) if names else records.fields.slice(0, len(ids))
    return Merged(ids, fields, documents, members, position)


class _Merge:
    """Work in progress: golden columns and provenance entries of the fields done so far."""

    def __init__(self, records: RecordBatch, position: Ints, members: Ints) -> None:
        self.records = records
        self.members = members
        self.position = position
        self.standing = standing_of(records.index, position)
        self.several = np.flatnonzero(members[position] > 1)
        """Records that share their golden record with others; the rest need no deciding."""
        self.single = np.full(len(members), -1, np.int64)
        alone = np.flatnonzero(members[position] == 1)
        self.single[position[alone]] = alone
        self.invalid = invalid_rows(records.index)
        self.columns: dict[str, pa.Array] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.united: dict[str, United] = {}

    def choose(self, group: Group) -> None:
        """Let one record win for all fields of a group."""
        names = group.fields
        table = self.records.fields.select(names).take(pa.array(self.several))
        text = text_of(table, names)
        having = pc.is_valid(text).to_numpy(zero_copy_only=False)
        rows = self.several[having]
        wrong = np.zeros(len(rows), bool)
        for name in names:
            wrong |= self._invalid_in(name, rows)
        rivals = Rivals(rows, text.filter(pa.array(having)), wrong, completeness_of(table, group)[having])
        verdict = judge(rivals, rank(rivals, self.standing, group.policy))
        winner = self.single.copy()
        winner[verdict.golden] = verdict.row
        for name in names:
            self.columns[name] = self._take(name, winner)
            self.verdicts[name] = verdict

    def unite(self, name: str) -> None:
        """Keep all values of a multi-valued field."""
        column = self.records.fields[name].combine_chunks()
        united = unite(column, self.several, self._invalid_in(name, self.several), self.standing)
        alone = self._take(name, self.single)
        values = united.lists(len(self.members))
        several = pa.array(self.members > 1)
        self.columns[name] = pc.if_else(several, values, alone)
        self.united[name] = united

    def follow(self, address: str, country: str) -> None:
        """Let the country come with the address where the address's record names one."""
        verdict, own = self.verdicts[address], self.verdicts[country]
        column = self.records.fields[country].combine_chunks()
        named = pc.is_valid(column).to_numpy(zero_copy_only=False)[verdict.row]
        row = dict(zip(verdict.golden[named].tolist(), verdict.row[named].tolist(), strict=True))
        rows = np.array([row.get(g, r) for g, r in zip(own.golden.tolist(), own.row.tolist(), strict=True)], np.int64)
        values = pc.fill_null(column, "").to_numpy(zero_copy_only=False)
        turned = values[rows] != values[own.row]
        why = own.why.copy()
        why[turned] = WITH_ADDRESS
        winner = self.single.copy()
        winner[own.golden] = rows
        self.columns[country] = self._take(country, winner)
        self.verdicts[country] = Verdict(own.golden, rows, why, own.records, own.differing)

    def provenance(self, names: Sequence[str]) -> pa.Array:
        """Return one provenance document per golden record."""
        record, version = (self.records.index[name].to_numpy().tolist() for name in ("record_id", "version"))
        cited = list(zip(record, version, strict=True))
        documents: list[Any] = [
            b'{"%s":[%d,%d,"%s",1,0]}' % (ALL.encode(), *cited[row], ONLY.encode()) if row >= 0 else {}
            for row in self.single.tolist()
        ]
        for name in sorted(names):
            if name in self.united:
                self.united[name].explain(name, documents, cited)
            else:
                _explain(self.verdicts[name], name, self.columns[name], documents, cited)
        texts = [document if isinstance(document, bytes) else orjson.dumps(document) for document in documents]
        return pa.array(texts, pa.binary()).cast(pa.string())

    def _take(self, name: str, winner: Ints) -> pa.Array:
        return self.records.fields[name].combine_chunks().take(pa.array(winner, mask=winner < 0))

    def _invalid_in(self, name: str, rows: Ints) -> Mask:
        found = self.invalid.get(name)
        return np.zeros(len(rows), bool) if found is None else found[rows]


def _explain(
    verdict: Verdict, name: str, column: pa.Array, documents: list[Any], cited: Sequence[tuple[int, int]]
) -> None:
    present = pc.is_valid(column).to_numpy(zero_copy_only=False)[verdict.golden]
    arrays = (verdict.golden, verdict.row, verdict.why, verdict.records, verdict.differing)
    for golden, row, why, records, differing in zip(*(a[present].tolist() for a in arrays), strict=True):
        documents[golden][name] = [*cited[row], why, records, differing]
