"""What labels change, and what they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching import Model, apply
from matching.correction import Correction
from matching.supervised import Labels, learn_from
from matching.supervised.lesson import LEAST, log_loss
from matching.supervised.trainers import TRAINERS, one_hot


def by_phone(matched: Any, labels: Labels) -> Labels:
    """Verdicts of a steward who goes by the telephone number alone."""
    phones = matched.table["phone"].to_numpy(zero_copy_only=False)
    return Labels(labels.left, labels.right, np.asarray(phones[labels.left] == phones[labels.right], dtype=np.bool_))


def test_few_labels_teach_nothing(matched: Any) -> None:
    lesson = learn_from(matched.result, matched.answered(LEAST - 1))
    assert (lesson.taken, lesson.losses) == (None, {})
    assert lesson.model.version == matched.result.model.version


def test_a_taken_lesson_lowers_the_loss_and_survives_its_file(matched: Any, tmp_path: Path) -> None:
    lesson = learn_from(matched.result, by_phone(matched, matched.answered(200)))
    assert lesson.taken is not None
    assert lesson.losses[lesson.taken] < lesson.losses["model"]
    assert lesson.model.version != matched.result.model.version
    lesson.model.save(tmp_path / "model.json")
    again = Model.load(tmp_path / "model.json")
    assert again.version == lesson.model.version
    assert (apply(matched.table, again).clusters == apply(matched.table, lesson.model).clusters).all()


def test_a_lesson_forgets_the_one_before(matched: Any) -> None:
    labels = matched.answered(200)
    first = learn_from(matched.result, by_phone(matched, labels))
    taught = apply(matched.table, first.model)
    assert first.taken is not None
    assert learn_from(taught, labels).model.version == learn_from(matched.result, labels).model.version


def test_what_labels_added_is_part_of_the_explanation(matched: Any) -> None:
    labels = by_phone(matched, matched.answered(200))
    taught = apply(matched.table, learn_from(matched.result, labels).model)
    for left, right in zip(labels.left[:20].tolist(), labels.right[:20].tolist(), strict=True):
        one = taught.explain(left, right)
        parts = one.prior + sum(f.weight for f in one.fields) + one.related + one.calibration
        parts += one.identifiers + one.limited + one.ruled
        assert parts == pytest.approx(one.total)


def test_contradictions_are_told_and_not_learned_from(matched: Any) -> None:
    labels = matched.answered(100)
    a, b = int(labels.left[0]), int(labels.right[0])
    said = [*zip(labels.left.tolist(), labels.right.tolist(), labels.same.tolist(), strict=True)]
    lesson = learn_from(matched.result, Labels.of([*said, (a, b, not labels.same[0])]))
    assert [one.chain for one in lesson.contradictions] == [(a, b)]
    assert lesson.same + lesson.different == len(labels) - 1


@pytest.mark.parametrize("name", TRAINERS)
def test_trainers_find_what_the_model_does_not_know(name: str) -> None:
    generator = np.random.default_rng(1)
    levels = generator.integers(-1, 7, (600, 3)).astype(np.int8)
    odds = generator.normal(0, 2, 600)
    true = odds + np.where(levels[:, 1] == 4, -4.0, 0.0)
    same = generator.random(600) < 1 / (1 + np.exp(-true))
    learned = TRAINERS[name](odds[:400], levels[:400], same[:400])
    held = slice(400, None)
    before, after = log_loss(odds[held], same[held]), log_loss(learned(odds[held], levels[held]), same[held])
    assert after.mean() < before.mean()
    assert learned.weights[1, 4] == learned.weights.min() < -1
    assert Correction.from_dict(learned.to_dict())(odds, levels) == pytest.approx(learned(odds, levels))


def test_no_correction_changes_nothing() -> None:
    odds = np.array([1.5, -2.0])
    assert (Correction.none()(odds, np.zeros((2, 3), dtype=np.int8)) == odds).all()


def test_a_missing_level_adds_nothing() -> None:
    levels = np.array([[-1, 2]], dtype=np.int8)
    assert one_hot(levels).sum() == 1
    assert Correction(0.5, 1.0, np.full((2, 7), 3.0), 9)(np.zeros(1), levels) == pytest.approx([3.5])
