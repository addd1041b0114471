"""What was learned, as a value that can be saved, compared and used again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matching.arrays import FloatArray, Levels
from matching.columns import Kind
from matching.mixture.classes import LevelIndex, PairClass, Sort, by_column
from matching.mixture.fit import Mixture
from schemas.errors import CdmError

FORMAT = 1


class MatchModelError(CdmError):
    """A model file cannot be used."""

    code, status, exit_code = "match_model_invalid", 422, 3


@dataclass(frozen=True, slots=True)
class ColumnModel:
    """One compared column as the model knows it."""

    name: str
    kind: Kind
    group: str
    """Evidence of one origin has one group; agreement inside one group alone never merges."""
    chance: float
    coverage: float
    alone: bool = False
    """Equality is enough to merge in a table that has nothing else."""
    whole: bool = False
    """The column holds a whole name."""


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted matching model.

    Attributes:
        columns: compared columns in the order of the levels.
        mixture: classes and their rates.
        counts_as_match: per class, whether its pairs are one customer.
        records: distinct records it was learned from.
    """

    columns: tuple[ColumnModel, ...]
    mixture: Mixture
    counts_as_match: tuple[bool, ...]
    records: int

    def score(self, levels: Levels) -> FloatArray:
        """Return the log odds (nats) that pairs with these levels are one customer, shape (pairs,)."""
        joint = self.mixture.joint(LevelIndex.of(levels))
        match = np.array(self.counts_as_match)
        return np.asarray(np.logaddexp.reduce(joint[match], axis=0) - np.logaddexp.reduce(joint[~match], axis=0))

    def weights(self, levels: Levels) -> FloatArray:
        """Return the weight of evidence of every column, log(same / chance) in nats, shape (columns, pairs)."""
        index = LevelIndex.of(levels)
        return by_column(self.mixture.classes[-1], index) - by_column(self.mixture.classes[0], index)

    @property
    def prior(self) -> float:
        """Log odds (nats) of same against chance before anything is compared."""
        return float(np.log(max(self.mixture.rates[-1], 1e-300)) - np.log(max(self.mixture.rates[0], 1e-300)))

    def competitor(self, levels: Levels) -> str:
        """Return the class most likely for one pair if it is not the same customer."""
        joint = self.mixture.joint(LevelIndex.of(levels))[:, 0]
        rivals = [(float(joint[i]), c.name) for i, c in enumerate(self.mixture.classes) if not self.counts_as_match[i]]
        return max(rivals)[1]

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        path.write_text(json.dumps(self.to_dict(), ensure_ascii=False, indent=1), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Model:
        """Read a model file.

        Raises:
            MatchModelError: the file is no model of this format.
        """
        try:
            return Model.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MatchModelError(
                f"{path} is no matching model: {error}.", remedy="Save one with Model.save.", path=str(path)
            ) from error

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON-serialisable data."""
        return {
            "format": FORMAT,
            "records": self.records,
            "columns": [asdict(c) for c in self.columns],
            "classes": [_class_out(c, m) for c, m in zip(self.mixture.classes, self.counts_as_match, strict=True)],
            "rates": self.mixture.rates.tolist(),
            "likelihood": self.mixture.likelihood,
            "rounds": self.mixture.rounds,
        }

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Model:
        """Build a model from ``to_dict``'s data."""
        if raw["format"] != FORMAT:
            raise ValueError(f"format {raw['format']}, expected {FORMAT}")
        columns = tuple(ColumnModel(**{**c, "kind": Kind(c["kind"])}) for c in raw["columns"])
        classes = tuple(_class_in(c) for c in raw["classes"])
        mixture = Mixture(classes, np.array(raw["rates"]), float(raw["likelihood"]), int(raw["rounds"]))
        return Model(columns, mixture, tuple(bool(c["counts_as_match"]) for c in raw["classes"]), int(raw["records"]))


def _class_out(one: PairClass, match: bool) -> dict[str, Any]:
    """Return one class as data; tables only where a column has a parent."""
    tables = {str(i): one.tables[i].tolist() for i, parent in enumerate(one.parents) if parent >= 0}
    return {
        "sort": one.sort,
        "name": one.name,
        "counts_as_match": match,
        "marginals": one.marginals.tolist(),
        "parents": list(one.parents),
        "tables": tables,
    }


def _class_in(raw: Mapping[str, Any]) -> PairClass:
    """Build one class from data."""
    marginals = np.array(raw["marginals"], dtype=float)
    tables = np.zeros((len(marginals), marginals.shape[1], marginals.shape[1]))
    for i, table in raw["tables"].items():
        tables[int(i)] = table
    sort: Sort = raw["sort"]
    return PairClass(sort, str(raw["name"]), marginals, tuple(raw["parents"]), tables)


def expected_counts(model: Model) -> Sequence[tuple[str, float]]:
    """Return how many pairs of the table each class is estimated to hold."""
    pairs = model.records * (model.records - 1) / 2
    return [(c.name, float(r * pairs)) for c, r in zip(model.mixture.classes, model.mixture.rates, strict=True)]
