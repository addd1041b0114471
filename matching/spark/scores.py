"""Log odds of pairs on a cluster: both records travel to the pair, and the local comparator and scorer judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from matching.constraints import FEW, UNLIKE, drawn
from matching.spark.batches import mapped
from matching.spark.cells import BETWEEN
from matching.spark.kernel import RECORD, Kernel

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame

SCORED = "a bigint, b bigint, odds double, free double, proposed boolean"
"""A pair, its log odds, what they would be had no steward decided, and whether blocking proposed it."""


def scored(pairs: DataFrame, records: DataFrame, kernel: Broadcast[Kernel]) -> DataFrame:
    """Return pairs of records (``a``, ``b``, ``proposed``) with their log odds, columns as in ``SCORED``."""
    return mapped(_with_records(pairs, records), kernel, _score, SCORED)


def _with_records(pairs: DataFrame, records: DataFrame) -> DataFrame:
    """Add all columns of both records to every pair, behind ``a_`` and ``b_``."""
    for side in ("a", "b"):
        own = records.toDF(*(f"{side}_{name}" for name in records.columns))
        pairs = pairs.withColumn(f"{side}_{RECORD}", pairs[side]).join(own, f"{side}_{RECORD}")
    return pairs


def _both(table: pa.Table) -> pa.Table:
    """Return every record of a batch of pairs once."""
    sides = []
    for side in ("a_", "b_"):
        names = [name for name in table.column_names if name.startswith(side)]
        sides.append(table.select(names).rename_columns([name.removeprefix(side) for name in names]))
    both = pa.concat_tables([sides[0], sides[1].select(sides[0].column_names)])
    once = np.unique(both.column(RECORD).to_numpy(), return_index=True)[1]
    return both.take(pa.array(once)).combine_chunks()


def _score(kernel: Kernel, table: pa.Table) -> pa.Table:
    a, b = table.column("a").to_numpy(), table.column("b").to_numpy()
    odds, free = kernel.odds(kernel.batch(_both(table)), a, b)
    return pa.table({"a": a, "b": b, "odds": odds, "free": free, "proposed": table.column("proposed")})


def shared_identifiers(records: DataFrame, kernel: Broadcast[Kernel]) -> dict[str, tuple[str, ...]]:
    """Return the identifier values that turn out to be placeholders or shared, as ``matching.constraints`` does."""
    from pyspark.sql import functions as f

    one = kernel.value
    if not one.identifiers:
        return {}
    held = _held(records, one)
    often = held.groupBy("field", "value").agg(f.count("*").alias("held")).where(f"held > {FEW}").persist()
    if often.isEmpty():
        return {}
    seed = one.settings.seed
    places = often.mapInArrow(lambda batches: (_places(batch, seed) for batch in batches), PLACES)
    pairs = _at(held.join(often.drop("held"), ["field", "value"]), places, records, kernel)
    judged = mapped(_with_records(pairs, records), kernel, _judge, "field int, value string, odds double")
    strangers = judged.groupBy("field", "value").agg(f.avg((f.col("odds") < UNLIKE).cast("int")).alias("unlike"))
    found: dict[str, list[str]] = {}
    for row in strangers.where("unlike > 0.5").collect():
        found.setdefault(one.identifiers[row.field], []).append(row.value)
    return {name: tuple(sorted(values)) for name, values in found.items()}


PLACES = "field int, value string, number int, one bigint, other bigint"


def _held(records: DataFrame, kernel: Kernel) -> DataFrame:
    """Return (field, value, record) of the records that hold one value of an identifier."""
    from pyspark.sql import functions as f

    cells = kernel.cells[len(kernel.model.fields) :]
    each = [f.struct(f.lit(i).alias("field"), f.col(cell).alias("value")) for i, cell in enumerate(cells)]
    held = records.select(RECORD, f.inline(f.array(*each)))
    return held.where(f.col("value").isNotNull() & ~f.col("value").contains(BETWEEN))


def _places(batch: pa.RecordBatch, seed: int) -> pa.RecordBatch:
    """Draw, for every value, which of its holders are looked at in pairs."""
    rows = [
        {"field": field, "value": value, "number": number, "one": int(a), "other": int(b)}
        for field, value, held in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        for number, (a, b) in enumerate(zip(*drawn(held, seed), strict=True))
        if a != b
    ]
    kinds = (pa.int32(), pa.string(), pa.int32(), pa.int64(), pa.int64())
    schema = pa.schema(list(zip((part.split()[0] for part in PLACES.split(", ")), kinds, strict=True)))
    return pa.RecordBatch.from_pylist(rows, schema=schema)


def _at(held: DataFrame, places: DataFrame, records: DataFrame, kernel: Broadcast[Kernel]) -> DataFrame:
    """Return the pairs of records at the drawn places, holders counted in the order of their content."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    ordered = mapped(
        records.join(held.select(RECORD).distinct(), RECORD, "left_semi"),
        kernel,
        Kernel.orders,
        "record bigint, content binary",
    )
    by = Window.partitionBy("field", "value").orderBy("content")
    placed = held.join(ordered, RECORD).select("field", "value", RECORD, (f.row_number().over(by) - 1).alias("place"))
    for side, place in (("a", "one"), ("b", "other")):
        own = placed.select("field", "value", f.col(RECORD).alias(side), f.col("place").alias(place))
        places = places.join(own, ["field", "value", place])
    return places.select("field", "value", "a", "b")


def _judge(kernel: Kernel, table: pa.Table) -> pa.Table:
    """Score pairs without what identifiers add."""
    a, b = table.column("a").to_numpy(), table.column("b").to_numpy()
    odds = kernel.evidence(kernel.batch(_both(table)), a, b)
    return table.select(["field", "value"]).append_column("odds", pa.array(odds))
