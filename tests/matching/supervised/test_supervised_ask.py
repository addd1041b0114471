"""Questions are uncertain, different from each other, and not asked twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from matching import MatchColumn, MatchResult, match
from matching.supervised import questions


def most_uncertain(result: MatchResult, count: int) -> set[tuple[int, ...]]:
    """The patterns of the pairs nearest to even odds."""
    links = result.links
    order = np.argsort(np.abs(links["probability"].to_numpy() - 0.5))[:count]
    left, right = links["left"].to_numpy()[order], links["right"].to_numpy()[order]
    return {tuple(row) for row in result.evidence(left, right)[1].tolist()}


def test_questions_are_uncertain_and_different(matched: Any) -> None:
    asked = questions(matched.result, 20)
    assert len(asked) == 20
    sure = np.array([q.probability for q in asked])
    everyone = matched.result.links["probability"].to_numpy()
    assert np.median(np.minimum(sure, 1 - sure)) > np.median(np.minimum(everyone, 1 - everyone))
    left, right = np.array([q.left for q in asked]), np.array([q.right for q in asked])
    patterns = Counter(tuple(row) for row in matched.result.evidence(left, right)[1].tolist())
    assert len(patterns) > len(most_uncertain(matched.result, 20))
    assert max(patterns.values()) <= 5
    assert len({frozenset((q.left, q.right)) for q in asked}) == 20


def test_what_was_judged_is_not_asked_again(matched: Any) -> None:
    asked = questions(matched.result, 10)
    known = np.array([[q.right, q.left] for q in asked])
    again = questions(matched.result, 10, known)
    assert not {(q.left, q.right) for q in asked} & {(q.left, q.right) for q in again}


def test_questions_do_not_depend_on_anything_but_the_table(matched: Any) -> None:
    again = match(matched.table, [MatchColumn(name) for name in matched.table.column_names])
    assert questions(again, 15) == questions(matched.result, 15)


def test_an_empty_table_raises_no_questions(matched: Any) -> None:
    empty = matched.table.slice(0, 0)
    assert questions(match(empty, [MatchColumn(name) for name in empty.column_names]), 5) == []
