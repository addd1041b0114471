"""A batch of records as Great Expectations looks at it: one frame of rows, and one per multi-valued field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.expectations.formats import formats
from quality.score.columns import about_values, array_of, filled
from schemas.model import EntityType, Field
from schemas.types import Severity

if TYPE_CHECKING:
    import pandas as pd

RECORD = "record"
"""Column of record ids: all that is ever told of a record that breaks an expectation."""
KEY = "key"
_NUMBER = r"^(-?\d+(?:\.\d+)?)"
VALID, DOUBTFUL, INVALID = "valid", "doubtful", "invalid"


@dataclass(frozen=True)
class Batch:
    """Records of one entity type that are checked together.

    Attributes:
        name: of the suite; letters, digits, ``-``, ``_`` and ``.`` only, for it names files.
        entity: their entity type.
        records: their ids, as texts.
        table: standardised columns; a field without a column has no value at all.
        findings: findings of the same rows (``row``, ``field``, ``code``, ``severity``).
        fields: names of the fields that are checked.
        keys: ``record`` and ``key`` of all rows the source gave, those included that were set aside for repeating a
            key; these are no records.
        golden: True where they are golden records, which must not share an identifier.
    """

    name: str
    entity: EntityType
    records: pa.Array
    table: pa.Table
    findings: pa.Table
    fields: Sequence[str]
    keys: pa.Table | None = None
    golden: bool = False

    @property
    def chosen(self) -> tuple[Field, ...]:
        """The fields that are checked, in the order of the model."""
        return tuple(one for one in self.entity.fields.values() if one.name in self.fields)


@dataclass(frozen=True)
class Frame:
    """One frame to check: all fields of the rows, or the single values of ``field``."""

    name: str
    data: pd.DataFrame
    fields: Sequence[Field] = field(default_factory=tuple)
    values_of: Field | None = None
    of_keys: bool = False


def frames(batch: Batch) -> Iterator[Frame]:
    """Yield the frames of a batch: its rows, the values of each multi-valued field, and the keys where they are known.

    The frame of rows has, for each field, its value (null in place of a list) and a verdict ``field.verdict``: valid,
    doubtful or invalid by the worst finding about the value, null where the field is empty. The values of a
    multi-valued field stand in a frame of their own, one row each. ``field.number`` is the number a text begins with,
    where its semantic type has bounds.
    """
    yield Frame(batch.name, _rows(batch), batch.chosen)
    for one in batch.chosen:
        if one.multi:
            yield Frame(f"{batch.name}.{one.name}", _values(batch, one), values_of=one)
    if batch.keys is not None:
        yield Frame(f"{batch.name}.{KEY}", batch.keys.to_pandas(), of_keys=True)


def verdict_of(name: str) -> str:
    """Return the name of the column that says what was found in a field."""
    return f"{name}.verdict"


def number_of(name: str) -> str:
    """Return the name of the column that holds the numbers a field's values begin with."""
    return f"{name}.number"


def _rows(batch: Batch) -> pd.DataFrame:
    import pandas as pd

    judged = about_values(batch.findings)
    columns: dict[str, object] = {RECORD: batch.records.to_pandas()}
    for one in batch.chosen:
        columns[verdict_of(one.name)] = _verdicts(batch, judged, one.name)
        if not one.multi:
            columns |= _with_numbers(one, array_of(batch.table, one.name).to_pandas())
    return pd.DataFrame(columns)


def _with_numbers(one: Field, values: pd.Series[str]) -> Mapping[str, object]:
    import pandas as pd

    # A column without any value would come as one of numbers.
    texts = pd.Series([one if isinstance(one, str) else None for one in values], dtype=object)
    form = formats().get(one.type)
    if form is None or form.least is None:
        return {one.name: texts}
    begins = values.astype("string").str.extract(_NUMBER, expand=False)
    return {one.name: texts, number_of(one.name): pd.to_numeric(begins, errors="coerce").astype("float64")}


def _verdicts(batch: Batch, judged: pa.Table, name: str) -> np.ndarray:
    own = judged.filter(pc.equal(judged.column("field"), name))
    verdict = np.full(batch.table.num_rows, None, dtype=object)
    present = filled(batch.table, name)
    verdict[present] = VALID
    for severity, word in ((Severity.WARNING, DOUBTFUL), (Severity.ERROR, INVALID)):
        rows = own.filter(pc.equal(own.column("severity"), severity.value)).column("row").to_numpy()
        verdict[rows[present[rows]]] = word
    return verdict


def _values(batch: Batch, one: Field) -> pd.DataFrame:
    import pandas as pd

    lists = array_of(batch.table, one.name)
    if not pa.types.is_list(lists.type):
        lists = pa.array([None] * len(lists), pa.list_(pa.string()))
    at = pc.list_parent_indices(lists)
    data = {RECORD: batch.records.take(at).to_pandas(), **_with_numbers(one, pc.list_flatten(lists).to_pandas())}
    return pd.DataFrame(data)
