"""One class of pairs: how often each level occurs in it, and which columns depend on each other.

Three sorts of classes: ``chance`` (two customers picked at random), ``related`` (members of a household, namesakes,
branches: related, not the same) and ``same`` (one customer). Nothing else in this field has the second sort; without it
an unsupervised mixture takes relatives for matches wherever a table has more of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from matching.arrays import FloatArray, Levels
from matching.compare.levels import LEVELS

Sort = Literal["chance", "related", "same"]
LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class PairClass:
    """Level probabilities of one class.

    Attributes:
        sort: chance, related or same.
        name: what the class is called in explanations.
        marginals: shape (columns, levels); each row sums to one.
        parents: column each column depends on, -1 for none.
        tables: shape (columns, levels of the parent, levels); used where a column has a parent.
    """

    sort: Sort
    name: str
    marginals: FloatArray
    parents: tuple[int, ...]
    tables: FloatArray

    def with_tree(self, parents: tuple[int, ...], tables: FloatArray) -> PairClass:
        """Return the same class with dependences."""
        return replace(self, parents=parents, tables=tables)


def independent(sort: Sort, marginals: FloatArray, name: str = "") -> PairClass:
    """Return a class whose columns are independent."""
    columns = len(marginals)
    return PairClass(sort, name or sort, marginals, (-1,) * columns, np.zeros((columns, LEVELS, LEVELS)))


@dataclass(frozen=True, eq=False)
class LevelIndex:
    """Patterns prepared for repeated evaluation: levels shifted so that 0 is missing, one array per column."""

    columns: tuple[npt.NDArray[np.intp], ...]
    size: int

    @staticmethod
    def of(levels: Levels) -> LevelIndex:
        """Prepare ``levels``, shape (patterns, columns)."""
        columns = tuple(levels[:, i].astype(np.intp) + 1 for i in range(levels.shape[1]))
        return LevelIndex(columns, len(levels))


def by_column(one: PairClass, index: LevelIndex) -> FloatArray:
    """Return the log probability each column adds, shape (columns, patterns); missing levels add nothing."""
    found = np.zeros((len(index.columns), index.size))
    for i, column in enumerate(index.columns):
        lone = np.concatenate(([0.0], np.log(np.maximum(one.marginals[i], LEAST))))
        parent = one.parents[i]
        if parent < 0:
            found[i] = lone[column]
        else:
            table = np.zeros((LEVELS + 1, LEVELS + 1))
            table[0] = lone
            table[1:, 1:] = np.log(np.maximum(one.tables[i], LEAST))
            found[i] = table.ravel()[index.columns[parent] * (LEVELS + 1) + column]
    return found


def log_likelihood(one: PairClass, index: LevelIndex) -> FloatArray:
    """Return the log probability of every pattern in the class, shape (patterns,)."""
    total = np.zeros(index.size)
    for column in by_column(one, index):  # in this order however many patterns there are: numpy's own sum is not
        total += column
    return total


def level_counts(index: LevelIndex, weight: FloatArray) -> FloatArray:
    """Return weighted counts of known levels, shape (columns, levels)."""
    return np.stack([np.bincount(c, weight, minlength=LEVELS + 1)[1:] for c in index.columns])
