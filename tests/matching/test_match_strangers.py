"""A hundred thousand different persons of many scripts: whatever is merged is wrong."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.labelled import data_root
from matching import MatchColumn, columns_of, match
from schemas.loader import builtin_model

FOLDER = data_root() / "reference" / "intl_synthetic_persons"
FIELDS = {
    "full_name": "full_name",
    "first_name": "given_name",
    "middle_name": "middle_name",
    "last_name": "family_name",
    "gender": "gender",
    "date_of_birth": "birth_date",
    "place_of_birth": "city",
    "nationality": "country",
}
MOST = 10
"""False merges per 100,000 records."""


@pytest.mark.slow
@pytest.mark.parametrize("mapped", [False, True])
def test_different_persons_stay_apart(mapped: bool) -> None:
    files = sorted(FOLDER.glob("*.parquet"))
    if not files:
        pytest.skip(f"no synthetic persons in {FOLDER} (set CDM_SHARED_DATA)")
    table = pa.concat_tables([pq.read_table(file) for file in files]).select(list(FIELDS))
    table = pa.table({name: table[name].cast(pa.string()) for name in table.column_names})
    if mapped:
        table = table.rename_columns(list(FIELDS.values()))
    columns = columns_of(builtin_model()["person"], table) if mapped else [MatchColumn(n) for n in table.column_names]
    clusters = match(table, columns).clusters
    merged = len(clusters) - len(np.unique(clusters))
    assert merged <= MOST * table.num_rows / 100_000


def test_namesakes_in_a_table_without_duplicates_are_asked_about_at_most() -> None:
    generator = np.random.default_rng(5)
    surnames, given = list("王李张刘陈杨赵黄周吴"), list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚")
    count = 3_000
    years, days = generator.integers(1950, 2005, count), generator.integers(1, 29, (count, 2))
    table = pa.table(
        {
            "family_name": [surnames[i] for i in generator.integers(0, len(surnames), count)],
            "given_name": ["".join(given[i] for i in pair) for pair in generator.integers(0, len(given), (count, 2))],
            "birth_date": [
                f"{y}-{m % 12 + 1:02d}-{d:02d}" for y, (m, d) in zip(years.tolist(), days.tolist(), strict=True)
            ],
            "city": [f"第{i}市" for i in generator.integers(0, 30, count)],
        }
    )
    clusters = match(table, columns_of(builtin_model()["person"], table)).clusters
    assert len(clusters) - len(np.unique(clusters)) <= 1
