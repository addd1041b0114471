"""Read what is known: true customers by record, and verdicts on pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from cdm.pipeline.evaluation.request import EvaluateError
from cdm.report.figures import RecordRef

SAME = frozenset({"same", "1", "y", "yes", "true", "match", "相同", "同一", "同一客户", "是", "对"})
DIFFERENT = frozenset({"different", "0", "n", "no", "false", "distinct", "不同", "不同客户", "否", "不是", "错"})
UNSURE = frozenset({"", "unsure", "?", "？", "不确定", "不清楚"})
SOURCE, KEY = ("source", "来源"), ("key", "record_id", "record_key", "id", "来源编号", "编号")
TRUTH = ("truth", "truth_id", "customer", "customer_id", "entity_id", "golden_id", "cluster", "客户", "客户编号")
LEFT, RIGHT, LABEL = ("left", "a"), ("right", "b"), ("label", "verdict", "same", "判定", "结论")


def read_sheet(path: Path) -> pa.Table:
    """Return all rows of a table file as text columns; raises ``SourceError``."""
    from connectors.registry import open_connector

    connector = open_connector("auto", str(path))
    pages = [page.table for page in connector.read()] or [connector.describe().sample.slice(0, 0)]
    return pa.concat_tables(pages, promote_options="default")


def column_of(table: pa.Table, path: Path, names: Sequence[str], *, needed: bool = True) -> list[str]:
    """Return the texts of the first column called like one of ``names``, blank where empty.

    Raises:
        EvaluateError: there is none and it is needed.
    """
    by_name = {name.strip().lower(): name for name in table.column_names}
    for name in names:
        if name in by_name:
            return [(text or "").strip() for text in table.column(by_name[name]).to_pylist()]
    if not needed:
        return [""] * table.num_rows
    raise EvaluateError(
        f"{path} has no column '{names[0]}'; its columns are {', '.join(table.column_names)}.",
        remedy=f"Name it one of: {', '.join(names)}.",
        file=str(path),
    )


def verdict_of(text: str, path: Path, row: int) -> bool | None:
    """Return same (True), different (False) or unsure (None).

    Raises:
        EvaluateError: the text is none of the known words; names file and row.
    """
    said = text.strip().lower()
    if said in SAME or said in DIFFERENT:
        return said in SAME
    if said in UNSURE:
        return None
    raise EvaluateError(
        f"{path}, row {row}: '{text}' is no verdict.",
        remedy="Write same, different or nothing (相同、不同或留空).",
        file=str(path),
        row=row,
        value=text,
    )


@dataclass(frozen=True)
class Rows:
    """Finds rows by what people call them: ``source:key``, or the key alone where no two records share it."""

    places: Mapping[str, int]
    doubled: frozenset[str]
    example: str

    @staticmethod
    def of(names: Sequence[RecordRef]) -> Rows:
        """Index records by their names; ``names`` in the order of the rows."""
        whole = {f"{one.source}:{one.key}": place for place, one in enumerate(names)}
        keys = Counter(one.key for one in names)
        alone = {one.key: place for place, one in enumerate(names) if keys[one.key] == 1}
        doubled = frozenset(key for key, count in keys.items() if count > 1)
        return Rows({**alone, **whole}, doubled, next(iter(whole), "source:key"))

    def find(self, name: str, path: Path, row: int) -> int:
        """Return the row of a record.

        Raises:
            EvaluateError: there is none of that name, or several.
        """
        if (place := self.places.get(name)) is not None:
            return place
        several = name in self.doubled
        raise EvaluateError(
            f"{path}, row {row}: {'several records have the key' if several else 'there is no record'} '{name}'.",
            remedy=f"Write source and key as in '{self.example}'.",
            file=str(path),
            row=row,
            value=name,
        )


def read_crosswalk(path: Path, rows: Rows, count: int) -> list[str]:
    """Return the true customer of each of ``count`` records, blank where the file does not name it.

    Raises:
        EvaluateError: a column is missing, or no line names a record that is there.
    """
    table = read_sheet(path)
    keys, truth = column_of(table, path, KEY), column_of(table, path, TRUTH)
    sources = column_of(table, path, SOURCE, needed=False)
    found = [""] * count
    hits = 0
    for source, key, customer in zip(sources, keys, truth, strict=True):
        place = rows.places.get(f"{source}:{key}" if source else key)
        if place is not None and customer:
            found[place] = customer
            hits += 1
    if not hits:
        raise EvaluateError(
            f"{path} names no record that is there; its first is '{sources[0]}:{keys[0]}'." if keys
            else f"{path} has no rows.",
            remedy=f"Sources and keys must be written as the hub knows them, e.g. '{rows.example}'.",
            file=str(path),
        )  # fmt: skip
    return found


def read_pairs(path: Path, rows: Rows) -> Iterator[tuple[int, int, bool]]:
    """Yield (left row, right row, same) of every labelled pair; unsure ones are left out.

    Raises:
        EvaluateError: a column is missing, a record unknown or a label no verdict.
    """
    table = read_sheet(path)
    columns = (column_of(table, path, names) for names in (LEFT, RIGHT, LABEL))
    for number, (left, right, label) in enumerate(zip(*columns, strict=True), start=2):
        same = verdict_of(label, path, number)
        if same is not None:
            yield rows.find(left, path, number), rows.find(right, path, number), same
