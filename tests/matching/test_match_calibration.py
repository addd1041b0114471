"""Calibration rises, learns from labels, and stays put without them; precision asked for sets the threshold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import MatchSettings
from matching.calibration import BENDS, Calibration, identity, shipped, shipped_joins
from matching.precision import CAUTIOUS, EVEN, STRICTEST, Precision

ODDS = st.lists(st.floats(-40, 40), min_size=1, max_size=50)


@given(ODDS)
def test_more_evidence_never_means_less(odds: list[float]) -> None:
    ordered = np.sort(np.array(odds))
    for line in (shipped(), shipped_joins(), identity()):
        assert (np.diff(line(ordered)) >= -1e-9).all()


@given(ODDS)
def test_the_identity_changes_nothing(odds: list[float]) -> None:
    assert identity()(np.array(odds)) == pytest.approx(np.array(odds), abs=1e-9)


@given(ODDS, st.lists(st.booleans(), min_size=50, max_size=50))
def test_a_fit_survives_being_written_down(odds: list[float], labels: list[bool]) -> None:
    line = Calibration.fit(odds, labels[: len(odds)])
    again = Calibration.from_dict(line.to_dict())
    assert again(np.array(odds)) == pytest.approx(line(np.array(odds)))


def test_without_labels_the_base_stays() -> None:
    base = Calibration(0.7, np.linspace(0.5, 1.5, len(BENDS) + 1))
    found = Calibration.fit([], [], base=base)
    assert [found.level, *found.slopes] == pytest.approx([base.level, *base.slopes])


def test_many_labels_overrule_odds_that_are_too_sure() -> None:
    generator = np.random.default_rng(5)
    raw = generator.uniform(-10, 10, 20_000)
    right = generator.random(len(raw)) < 1 / (1 + np.exp(-raw / 2))
    found = Calibration.fit(raw, right, base=identity())
    probe = np.array([-8.0, -4.0, 0.0, 4.0, 8.0])
    assert np.abs(found(probe) - probe / 2).max() < 0.4


def test_ten_labels_nudge() -> None:
    found = Calibration.fit([2.0] * 10, [False] * 10, base=identity())
    assert -2.0 < found(np.array([2.0]))[0] < 1.0


def test_a_line_that_falls_is_refused() -> None:
    with pytest.raises(ValueError, match="slopes"):
        Calibration.from_dict({"level": 0.0, "slopes": [1.0, -1.0]})


def test_pairs_that_stand_out_need_no_high_threshold() -> None:
    clear = Precision.expected(np.full(1_000, 9.0))
    assert clear.threshold(0.98) == EVEN


def test_pairs_that_shade_off_into_strangers_do() -> None:
    shading = Precision.expected(np.linspace(0, 9, 10_000))
    cuts = [shading.threshold(wanted) for wanted in (0.95, 0.98, 0.99, 0.999)]
    assert cuts == sorted(cuts) and cuts[0] < cuts[-1] < STRICTEST


def test_what_cannot_be_had_is_refused() -> None:
    assert Precision.expected(np.zeros(100_000)).threshold(0.999999) == STRICTEST
    assert Precision.unknown().threshold(MatchSettings().merge) == CAUTIOUS


def test_a_doubtful_pair_in_a_table_of_few_is_let_through_but_not_ten() -> None:
    wanted = MatchSettings().merge
    assert Precision.expected(np.array([0.3])).threshold(wanted) == EVEN
    assert Precision.expected(np.full(10, 0.3)).threshold(wanted) > 0.3


def test_precision_is_part_of_a_model_file() -> None:
    precision = Precision.expected(np.linspace(0, 9, 100))
    again = Precision.from_dict(precision.to_dict())
    assert again.odds == pytest.approx(precision.odds)
    assert again.share == pytest.approx(precision.share)
