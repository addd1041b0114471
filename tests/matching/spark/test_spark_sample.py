"""A model learned from a sample of rows serves the whole table."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.persons import generate
from matching import MatchColumn, MatchSettings, apply, evaluate, match
from matching.spark.sample import sample_settings, stretched
from schemas.types import SemanticType as Type

COLUMNS = [
    MatchColumn("first_name", Type.GIVEN_NAME),
    MatchColumn("surname", Type.FAMILY_NAME),
    MatchColumn("birth_date", Type.DATE),
    MatchColumn("city"),
    MatchColumn("postcode", Type.POSTCODE),
    MatchColumn("email", Type.EMAIL),
    MatchColumn("phone", Type.PHONE),
]


def test_limits_shrink_with_the_sample_and_come_back() -> None:
    settings = MatchSettings()
    assert sample_settings(settings, 1000, 1000) == settings
    small = sample_settings(settings, 1_000_000, 100_000)
    whole = settings.pair_budget(1_000_000) / 1_000_000
    assert small.pair_budget(100_000) / 100_000 == pytest.approx(whole / 10, rel=1e-3)
    assert small.pairs_per_rule == pytest.approx(settings.pairs_per_rule / 10)


@pytest.mark.slow
def test_a_sample_teaches_what_the_whole_table_would() -> None:
    # Of a quarter of the rows a sixteenth of the matches remain: here four hundred, enough to learn a household from.
    table = generate(20_000)
    rows = np.sort(np.random.default_rng(3).choice(20_000, 5_000, replace=False))
    settings = MatchSettings()
    part = match(table.take(rows), COLUMNS, settings=sample_settings(settings, 20_000, 5_000)).model
    model = stretched(part, 20_000, settings)
    found, whole = apply(table, model), match(table, COLUMNS)
    assert found.report.pairs <= 2 * settings.pair_budget(found.report.records)
    truth = table.column("person").to_numpy()
    ours, best = (evaluate(one.clusters, truth).pairwise for one in (found, whole))
    assert ours.precision > best.precision - 0.02
    assert ours.recall > best.recall - 0.02
