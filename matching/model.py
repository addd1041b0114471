"""What was learned, as a value that can be saved, compared and used again.

A model is self-contained: with it, the score of a pair depends on its two records alone. It holds the columns with
the frequencies of their common values, the blocking plan, the fitted classes and their doubters, and the thresholds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from matching.arrays import FloatArray, Levels
from matching.calibration import Calibration, shipped
from matching.columns import Kind, MatchColumn
from matching.compare.levels import CONFLICT, LEVELS
from matching.correction import Correction
from matching.defaults import group, prior
from matching.mixture.classes import LevelIndex, PairClass, Sort, by_column
from matching.mixture.fit import MOST_CONFLICT, Mixture
from matching.plan import Plan
from matching.precision import Precision
from matching.profile import Feature
from matching.settings import MatchSettings
from matching.statistics import Statistics
from schemas.errors import CdmError

FORMAT = 2

AT_LIMIT = 1e-3
UNFOUNDED = 0.5
"""Share of the identifying information on which the same customer conflicts at the limit, in tables without any."""


class MatchModelError(CdmError):
    """A model file cannot be used."""

    code, status, exit_code = "match_model_invalid", 422, 3


@dataclass(frozen=True, eq=False)
class ColumnModel:
    """One compared column as the model knows it."""

    name: str
    kind: Kind
    group: str
    """Evidence of one origin has one group; agreement inside one group alone never merges."""
    statistics: Statistics
    parts: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    alone: bool = False
    """Equality is enough to merge in a table that has nothing else."""
    whole: bool = False
    """The column holds a whole name."""

    @staticmethod
    def of(one: Feature) -> ColumnModel:
        """Describe a column of the table that is learned from."""
        known = prior(one.name, one.kind)
        return ColumnModel(
            name=one.name,
            kind=one.kind,
            group=group(one.name, one.kind),
            statistics=one.statistics,
            parts=one.parts,
            unless=one.unless,
            alone=known.alone,
            whole=known.whole,
        )

    @property
    def chance(self) -> float:
        """Probability that two different records agree."""
        return self.statistics.chance

    @property
    def coverage(self) -> float:
        """Share of records that had a value."""
        return self.statistics.coverage

    @property
    def column(self) -> MatchColumn:
        """The column as it is read from a table."""
        return MatchColumn(self.name, kind=self.kind, parts=self.parts, unless=self.unless)

    def to_dict(self) -> dict[str, Any]:
        """Return the column as JSON-serialisable data."""
        plain = {name: getattr(self, name) for name in ("name", "kind", "group", "parts", "unless", "alone", "whole")}
        return {**plain, "statistics": self.statistics.to_dict()}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> ColumnModel:
        """Build a column from ``to_dict``'s data."""
        more = {
            "kind": Kind(raw["kind"]),
            "parts": tuple(raw["parts"]),
            "unless": tuple(raw["unless"]),
            "statistics": Statistics.from_dict(raw["statistics"]),
        }
        return ColumnModel(**{**raw, **more})


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted mixture and what its classes mean.

    Attributes:
        mixture: classes and their rates.
        counts_as_match: per class, whether its pairs are one customer.
    """

    mixture: Mixture
    counts_as_match: tuple[bool, ...]

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

    def competitors(self, levels: Levels) -> list[str]:
        """Return the class most likely for each pair if it is not the same customer."""
        rivals = [i for i, same in enumerate(self.counts_as_match) if not same]
        best = self.mixture.joint(LevelIndex.of(levels))[rivals].argmax(axis=0)
        return [self.mixture.classes[rivals[i]].name for i in best.tolist()]

    def fit_to_dict(self) -> dict[str, Any]:
        """Return classes and rates as JSON-serialisable data."""
        return {
            "classes": [_class_out(c, m) for c, m in zip(self.mixture.classes, self.counts_as_match, strict=True)],
            "rates": self.mixture.rates.tolist(),
            "likelihood": self.mixture.likelihood,
            "rounds": self.mixture.rounds,
        }

    @staticmethod
    def fit_from_dict(raw: Mapping[str, Any]) -> Fitted:
        """Build a fitted mixture from ``fit_to_dict``'s data."""
        classes = tuple(_class_in(c) for c in raw["classes"])
        mixture = Mixture(classes, np.array(raw["rates"]), float(raw["likelihood"]), int(raw["rounds"]))
        return Fitted(mixture, tuple(bool(c["counts_as_match"]) for c in raw["classes"]))


@dataclass(frozen=True, eq=False)
class Model(Fitted):
    """A matching model: what was fitted, and all that is needed to apply it to any table.

    Attributes:
        columns: compared columns in the order of the levels.
        records, rows: distinct records and rows of the table it was learned from.
        doubters: the same learned from resampled pairs; where they disagree nothing is merged automatically.
        plan: blocking rules.
        swaps: positions of columns whose values may stand in each other's place.
        dropped: columns that are read but cannot tell customers apart.
        shared: identifier column → values found to be placeholders or shared.
        settings: thresholds and limits it was learned with.
        correction: what stewards' labels add to the weights.
        calibration: what the mixture's log odds are worth.
        precision: which share of the pairs that merge is right, by the threshold they merge at.
    """

    columns: tuple[ColumnModel, ...]
    records: int
    rows: int = 0
    doubters: tuple[Fitted, ...] = ()
    plan: Plan = field(default_factory=lambda: Plan(()))
    swaps: tuple[tuple[int, int], ...] = ()
    dropped: tuple[MatchColumn, ...] = ()
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: MatchSettings = field(default_factory=MatchSettings)
    correction: Correction = field(default_factory=Correction.none)
    calibration: Calibration = field(default_factory=shipped)
    precision: Precision = field(default_factory=Precision.unknown)

    @cached_property
    def version(self) -> str:
        """Content hash of the model, 16 hexadecimal digits: equal exactly where two models are."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True)
        return xxhash.xxh3_64_hexdigest(text.encode("utf-8", "surrogatepass"))

    @cached_property
    def unfounded(self) -> bool:
        """Tell whether what was learned as one customer is none, because the table holds no duplicates.

        The class of the same customer then conflicts as often as it is allowed to on most of what identifies; where
        there are duplicates it does so on a column or two at most.
        """
        if self.records <= self.settings.small_table or not self.columns:
            return False
        telling = np.array([c.coverage * -np.log(max(c.chance, 1e-9)) * (not c.unless) for c in self.columns])
        same = self.mixture.classes[-1].marginals[:, CONFLICT]
        return bool(telling[same >= MOST_CONFLICT - AT_LIMIT].sum() > UNFOUNDED * telling.sum())

    @property
    def fields(self) -> list[MatchColumn]:
        """Return every column that is read from a table."""
        return [*(c.column for c in self.columns), *self.dropped]

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        path.write_text(json.dumps(self.to_dict()), encoding="ascii")

    @staticmethod
    def load(path: Path) -> Model:
        """Read a model file.

        Raises:
            MatchModelError: the file is no model of this format.
        """
        try:
            return Model.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise MatchModelError(
                f"{path} is no matching model: {error}.", remedy="Save one with Model.save.", path=str(path)
            ) from error

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON-serialisable data."""
        return {
            "format": FORMAT,
            "records": self.records,
            "rows": self.rows,
            "settings": asdict(self.settings),
            "plan": self.plan.to_dict(),
            **self.fit_to_dict(),
            "doubters": [one.fit_to_dict() for one in self.doubters],
            "swaps": [list(pair) for pair in self.swaps],
            "shared": {name: list(values) for name, values in self.shared.items()},
            "dropped": [{"name": c.name, "kind": c.kind, "parts": c.parts, "unless": c.unless} for c in self.dropped],
            "columns": [c.to_dict() for c in self.columns],
            "correction": self.correction.to_dict(),
            "calibration": self.calibration.to_dict(),
            "precision": self.precision.to_dict(),
        }

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Model:
        """Build a model from ``to_dict``'s data.

        Raises:
            ValueError, KeyError: it is no model of this format.
        """
        if raw["format"] != FORMAT:
            raise ValueError(f"format {raw['format']}, this program reads format {FORMAT}")
        fitted = Fitted.fit_from_dict(raw)
        return Model(
            mixture=fitted.mixture,
            counts_as_match=fitted.counts_as_match,
            columns=tuple(ColumnModel.from_dict(c) for c in raw["columns"]),
            records=int(raw["records"]),
            rows=int(raw["rows"]),
            doubters=tuple(Fitted.fit_from_dict(one) for one in raw["doubters"]),
            plan=Plan.from_dict(raw["plan"]),
            swaps=tuple((int(i), int(j)) for i, j in raw["swaps"]),
            dropped=tuple(_field_in(c) for c in raw["dropped"]),
            shared={name: tuple(values) for name, values in raw["shared"].items()},
            settings=MatchSettings(**raw["settings"]),
            correction=Correction.from_dict(raw["correction"]),
            calibration=Calibration.from_dict(raw["calibration"]),
            precision=Precision.from_dict(raw["precision"]),
        )


def _field_in(raw: Mapping[str, Any]) -> MatchColumn:
    """Build a column that is only read."""
    return MatchColumn(raw["name"], kind=Kind(raw["kind"]), parts=tuple(raw["parts"]), unless=tuple(raw["unless"]))


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
    marginals = np.array(raw["marginals"], dtype=float).reshape(-1, LEVELS)
    tables = np.zeros((len(marginals), LEVELS, LEVELS))
    for i, table in raw["tables"].items():
        tables[int(i)] = table
    sort: Sort = raw["sort"]
    return PairClass(sort, str(raw["name"]), marginals, tuple(raw["parents"]), tables)


def expected_counts(model: Model) -> Sequence[tuple[str, float]]:
    """Return how many pairs of the table each class is estimated to hold."""
    pairs = model.records * (model.records - 1) / 2
    return [(c.name, float(r * pairs)) for c, r in zip(model.mixture.classes, model.mixture.rates, strict=True)]
