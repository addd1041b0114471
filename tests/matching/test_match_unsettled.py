"""Equal rows that may be several customers: nobody merges one of them with a third row unasked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matching import MatchResult

PEOPLE = [
    {"family_name": "Okafor", "given_name": "Chidi", "birth_date": "1981-05-17", "email": ["chidi@okafor.example"]},
    {"family_name": "Okafor", "given_name": "Chidi", "birth_date": "1981-05-17", "email": ["c.okafor@mail.example"]},
    {"family_name": "Lindqvist", "given_name": "Astrid", "birth_date": "1974-11-02", "email": ["astrid@lind.example"]},
]
"""Two rows of one customer, and another customer."""


def test_a_link_to_unsettled_rows_goes_to_a_steward(match_records: Callable[..., MatchResult]) -> None:
    result = match_records("person", PEOPLE)
    scorer = result._scorer
    assert scorer is not None
    of = result._distinct.record_of
    left, right = (np.array([x]) for x in sorted(of[:2].tolist()))
    assert scorer(left, right)[0] > scorer.cut
    doubtful = np.zeros(len(result._distinct), dtype=np.bool_)
    doubtful[of[0]] = True
    asked = replace(scorer, unsettled=doubtful)
    assert asked(left, right)[0] < scorer.cut
    other = np.array([min(of[1], of[2])]), np.array([max(of[1], of[2])])
    assert asked(*other)[0] == scorer(*other)[0]
