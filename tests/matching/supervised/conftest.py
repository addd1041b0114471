"""A table of persons with known duplicates, matched once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from matching import MatchColumn, MatchResult, match
from matching.supervised import Labels, questions

RECORDS = 900


@dataclass(frozen=True, eq=False)
class Matched:
    """A table, what matching made of it, and the truth."""

    table: pa.Table
    result: MatchResult
    truth: np.ndarray

    def answered(self, count: int) -> Labels:
        """Ask ``count`` questions of someone who knows the truth."""
        asked = questions(self.result, count)
        return Labels.of((q.left, q.right, bool(self.truth[q.left] == self.truth[q.right])) for q in asked)


def people(seed: int = 5) -> tuple[pa.Table, np.ndarray]:
    """Return persons, a third of them twice with errors, and their true numbers."""
    generator = np.random.default_rng(seed)
    given = [f"{a}{b}" for a in ("an", "be", "cla", "do", "el", "fra") for b in ("na", "ra", "rk", "ris", "len")]
    family = [f"{a}{b}" for a in ("bak", "col", "dun", "eva", "fis", "gro", "hol") for b in ("er", "man", "ns", "ford")]
    rows, truth = [], []
    for number in range(RECORDS):
        one = [
            str(generator.choice(given)),
            str(generator.choice(family)),
            f"19{generator.integers(40, 99)}-{generator.integers(1, 13):02}-{generator.integers(1, 29):02}",
            f"{generator.integers(100, 400)}",
            f"07{generator.integers(10**8, 10**9)}",
        ]
        rows.append(one)
        truth.append(number)
        if number % 3 == 0:
            copy = list(one)
            for column in generator.choice(5, generator.integers(1, 4), replace=False):
                text = copy[column]
                at = int(generator.integers(len(text)))
                copy[column] = text[:at] + str(generator.choice(list("x7q1"))) + text[at + 1 :]
            rows.append(copy)
            truth.append(number)
    names = ["given_name", "family_name", "birth_date", "postcode", "phone"]
    return pa.table({n: [row[i] for row in rows] for i, n in enumerate(names)}), np.array(truth)


@pytest.fixture(scope="session")
def matched() -> Matched:
    """The table matched, and its truth."""
    table, truth = people()
    return Matched(table, match(table, [MatchColumn(name) for name in table.column_names]), truth)
