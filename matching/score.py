"""From levels to log odds: the model's score, what limits it, and what identifiers add."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.arrays import BoolArray, FloatArray, IntArray, Levels
from matching.columns import Kind
from matching.compare.levels import CLOSE, COMMON, CONFLICT, MISSING, NEAR, RARE, WEAK
from matching.compare.together import Comparator
from matching.constraints import Constraints
from matching.defaults import NO_EVIDENCE, WEAK_GROUPS
from matching.model import Model
from matching.patterns import Patterns, distinct_patterns, patterns
from matching.settings import MatchSettings

FORBIDDEN = -1e6
"""Log odds of a pair that may not be merged."""
REQUIRED = 1e6
DOUBTFUL = 0.35
"""Probability given at most to persons who agree in one thing and conflict in another."""
CONTACTS = frozenset({"phone", "email", "wechat"})
"""Origins by which one customer is reached; an address is shared by neighbours."""
NOT_ONES_OWN = WEAK_GROUPS | {"name", "address", "employer"}
"""Origins that relatives and colleagues share."""
MOVED = 2
"""Things besides its name that a company keeps when it moves, before nobody is asked."""
UNDER = 0.05
"""A pair held back for review stays this far under the merge threshold (nats)."""


def log_odds(probability: float) -> float:
    """Return ln(p / (1 − p))."""
    return float(np.log(probability) - np.log1p(-probability))


def probability(odds: FloatArray) -> FloatArray:
    """Return the probability of log odds in nats."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -700, 700))))


@dataclass(frozen=True, eq=False)
class Scorer:
    """Scores pairs of distinct records.

    Attributes:
        model: what was learned.
        comparator: the records' columns.
        unsettled: records that stand for several equal rows of which nobody knows whether they are one customer; whom
            a further row belongs to is then for a steward to say.
    """

    model: Model
    comparator: Comparator
    settings: MatchSettings
    constraints: Constraints | None = None
    unsettled: BoolArray | None = None

    @cached_property
    def cut(self) -> float:
        """Log odds from which records merge: as low as the precision that is asked for allows."""
        return self.model.precision.threshold(self.settings.merge)

    @cached_property
    def held(self) -> float:
        """Log odds given to pairs that must not merge without being asked."""
        return self.cut - UNDER

    def __call__(self, left: IntArray, right: IntArray) -> FloatArray:
        """Return log odds in nats, shape (pairs,)."""
        columns = len(self.model.columns)
        return self.decide(distinct_patterns(self.comparator.patterns(left, right), columns), left, right)

    def judge(self, levels: Levels, left: IntArray, right: IntArray) -> FloatArray:
        """Return log odds for pairs whose levels are known."""
        return self.decide(patterns(levels), left, right)

    def decide(self, found: Patterns, left: IntArray, right: IntArray) -> FloatArray:
        """Return log odds for pairs whose patterns are known."""
        odds = self.evidence(found)
        if self.unsettled is not None:
            either = self.unsettled[left] | self.unsettled[right]
            odds[either] = np.minimum(odds[either], self.held)
        if self.constraints is None:
            return odds
        odds = odds + self.constraints.proof(left, right)
        odds[self.constraints.required(left, right)] = REQUIRED
        odds[self.constraints.forbidden(left, right)] = FORBIDDEN
        return odds

    def proven(self, records: IntArray) -> BoolArray:
        """Tell which records carry an identifier that can be relied on."""
        if self.constraints is None:
            return np.zeros(len(records), dtype=np.bool_)
        return np.asarray(self.constraints.proof(records, records) > 0)

    def silent(self, left: IntArray, right: IntArray) -> BoolArray:
        """Tell which pairs say nothing against being one customer: nothing conflicts, and what agrees does not count
        against them. Where names alone prove nothing, half a name is not silent: the table is of no great size, and
        what it names are no organizations.
        """
        columns = len(self.model.columns)
        organizations = any(c.kind is Kind.ORGANIZATION for c in self.model.columns)
        if not columns or (self.middling and not organizations):
            return np.zeros(len(left), dtype=np.bool_)
        found = distinct_patterns(self.comparator.patterns(left, right), columns)
        nothing = self.agreed(np.full((1, columns), MISSING, dtype=found.levels.dtype))
        quiet = (found.levels != CONFLICT).all(axis=1) & (self.agreed(found.levels) >= nothing)
        return np.asarray(quiet[found.inverse])

    def evidence(self, distinct: Patterns) -> FloatArray:
        """Return the log odds of the compared columns alone, held back where they are narrow or the fits disagree."""
        if not distinct.levels.shape[1]:
            return np.full(len(distinct.inverse), -PROOFLESS)
        odds = self.agreed(distinct.levels)
        distrusted = (self.narrow, self.misnamed, self.chained)
        asked = np.any([one(distinct.levels) for one in distrusted], axis=0) | self.model.unfounded
        odds[asked] = np.minimum(odds[asked], self.held)
        against = self.outvoted(distinct.levels)
        odds[against] = np.minimum(odds[against], log_odds(DOUBTFUL))
        idle = ~self.askable(distinct.levels)
        odds[idle] = np.minimum(odds[idle], log_odds(self.settings.review) - UNDER)
        return np.asarray(odds[distinct.inverse])

    def agreed(self, levels: Levels) -> FloatArray:
        """Return the calibrated log odds, corrected by labels, on which the fits on resampled pairs agree.

        What merges has to pass by the fit that thinks least of it; else the fit in the middle counts.
        """
        fits = np.stack([self.model.correction(odds, levels) for odds in self.fits(levels)])
        lowest, middle = fits.min(axis=0), np.median(fits, axis=0)
        return np.where(lowest >= self.cut, lowest, np.minimum(middle, self.held))

    def fits(self, levels: Levels) -> FloatArray:
        """Return the calibrated log odds of the fit and of those on resampled pairs, shape (fits, pairs)."""
        return self.model.calibration(np.stack([one.score(levels) for one in (self.model, *self.model.doubters)]))

    def narrow(self, levels: Levels) -> BoolArray:
        """Tell which patterns agree on too little to merge without asking: one origin, half a name, names alone."""
        return np.asarray(~self.broad(levels) | self.half_named(levels) | self.named_only(levels))

    def broad(self, levels: Levels) -> BoolArray:
        """Tell which patterns agree on enough to merge without being asked.

        Two columns must agree, categories not counted. In a table too small to learn from they must be of different
        origin: given and family name are one piece of evidence there. A table of company names has nothing else.
        """
        origins = self._origins(by_group=self.small)
        if len(origins) < 2:
            alone = np.array([c.alone for c in self.model.columns], dtype=np.bool_)
            return np.asarray((levels[:, alone] >= COMMON).any(axis=1))
        return np.asarray((self._agreeing(levels, origins) >= 2) | self._registered(levels))

    def outvoted(self, levels: Levels) -> BoolArray:
        """Tell which patterns of persons agree in one origin only and conflict in another: namesakes, neighbours."""
        if self.small or not self.middling or "given_name" not in (column.name for column in self.model.columns):
            return np.zeros(len(levels), dtype=np.bool_)
        origins = self._origins(by_group=True)
        conflict = np.zeros(len(levels), dtype=np.bool_)
        for members in origins:
            if self.model.columns[members[0]].group in WEAK_GROUPS:
                continue  # one moves; but namesakes rarely live in one town
            known = levels[:, members]
            conflict |= (known <= CONFLICT).all(axis=1) & (known == CONFLICT).any(axis=1)
        return np.asarray(conflict & (self._agreeing(levels, origins) < 2))

    def _registered(self, levels: Levels) -> BoolArray:
        """Tell which patterns agree on a full registered name: region, brand and trade, which one company has."""
        found = np.zeros(len(levels), dtype=np.bool_)
        for i, column in enumerate(self.model.columns):
            if column.kind is Kind.ORGANIZATION:
                found |= levels[:, i] == RARE
        return found

    def askable(self, levels: Levels) -> BoolArray:
        """Tell which patterns are worth a steward's time: a whole name, or two columns that agree.

        Learned models know what a column is worth; under the shipped parameters a telephone number alone, or a surname,
        is no question; a telephone number and a name somewhat like the other are one.
        """
        if not self.small:
            return np.ones(len(levels), dtype=np.bool_)
        whole = np.array([c.whole for c in self.model.columns], dtype=np.bool_)
        best = levels[:, whole].max(axis=1, initial=MISSING)
        agreeing = self._agreeing(levels, self._origins(by_group=False))
        own = [i for i, c in enumerate(self.model.columns) if c.group in CONTACTS]
        reached = (levels[:, own] >= CLOSE).any(axis=1)
        return np.asarray((best >= CLOSE) | (agreeing >= 2) | ((best == WEAK) & reached))

    def misnamed(self, levels: Levels) -> BoolArray:
        """Tell which patterns conflict on the whole name: other family and given name, another company.

        However much else agrees, they may be a couple or siblings; without an identifier a steward decides. An equal
        birth date speaks for names gone wrong; a personal number, even one that nobody could verify, for a given name
        and a birth date gone wrong. Companies whose names cannot be compared may be tenants of one office.
        """
        position = {c.name: i for i, c in enumerate(self.model.columns)}
        found = np.zeros(len(levels), dtype=np.bool_)
        if {"family_name", "given_name"} <= position.keys():
            found |= (levels[:, [position["family_name"], position["given_name"]]] == CONFLICT).all(axis=1)
            if "birth_date" in position:
                found &= levels[:, position["birth_date"]] < NEAR
        if {"given_name", "birth_date"} <= position.keys():  # nobody changes these by moving or marrying
            other = (levels[:, [position["given_name"], position["birth_date"]]] == CONFLICT).all(axis=1)
            numbered = [i for i, c in enumerate(self.model.columns) if c.group == "identity"]
            found |= other & ~(levels[:, numbered] >= COMMON).any(axis=1)
        for i, column in enumerate(self.model.columns):
            if column.kind is Kind.ORGANIZATION:
                found |= levels[:, i] <= CONFLICT
        return found

    def chained(self, levels: Levels) -> BoolArray:
        """Tell which patterns may be two doors of one chain: another address under a name that is not a registered one.

        A company that moved keeps its telephone and more: its site, its mailbox, its people.
        """
        position = {c.name: i for i, c in enumerate(self.model.columns)}
        names = [i for i, c in enumerate(self.model.columns) if c.kind is Kind.ORGANIZATION]
        if not names or "address" not in position:
            return np.zeros(len(levels), dtype=np.bool_)
        elsewhere = levels[:, position["address"]] == CONFLICT
        sign = (levels[:, names] < RARE).all(axis=1)
        groups = {"name", "address", "place"} | NO_EVIDENCE
        kept = [[i] for i, c in enumerate(self.model.columns) if c.group not in groups]
        return np.asarray(elsewhere & sign & (self._agreeing(levels, kept) < MOVED))

    def half_named(self, levels: Levels) -> BoolArray:
        """Tell which patterns know two persons by half a name only: 张先生, 小芳, 张Tony and 张天宇.

        The other half is missing or, in a small table, not comparable. Two more origins that belong to one person
        (birth date, telephone, e-mail) make up for it; an address or an employer does not. Larger tables show what half
        a name is worth beside one such origin, the largest also without.
        """
        position = {c.name: i for i, c in enumerate(self.model.columns)}
        found = np.zeros(len(levels), dtype=np.bool_)
        if not self.middling or not {"family_name", "given_name"} <= position.keys():
            return found
        family, given = (levels[:, position[name]] for name in ("family_name", "given_name"))
        found |= (family >= WEAK) & (given == MISSING) | (family == MISSING) & (given >= CLOSE)
        if self.small:
            found |= (family >= CLOSE) & (given == WEAK)
        own = [m for m in self._origins(by_group=True) if self.model.columns[m[0]].group not in NOT_ONES_OWN]
        return np.asarray(found & (self._agreeing(levels, own) < (2 if self.small else 1)))

    def named_only(self, levels: Levels) -> BoolArray:
        """Tell which patterns of a table of no great size know two persons by their names and nothing else.

        Everything besides is missing, a category or in conflict. How many namesakes a table holds cannot be told from
        the table: those who could show it differ in what is missing.
        """
        if not (self.middling and self.persons):
            return np.zeros(len(levels), dtype=np.bool_)
        other = [i for i, c in enumerate(self.model.columns) if c.group not in NO_EVIDENCE | {"name"}]
        return np.asarray(bool(other) & (levels[:, other] <= CONFLICT).all(axis=1))

    @property
    def persons(self) -> bool:
        """Tell whether the records are persons, to whom a street without a number is no home."""
        return any(c.name in ("family_name", "given_name", "full_name") for c in self.model.columns)

    @property
    def small(self) -> bool:
        """Tell whether the shipped parameters decide."""
        return self.model.records <= self.settings.small_table

    @property
    def middling(self) -> bool:
        """Tell whether the table is too small for names alone to prove anything."""
        return self.model.records <= self.settings.middling_table

    def _origins(self, *, by_group: bool) -> list[list[int]]:
        """Return the columns that count as evidence, those of one origin together."""
        weak = WEAK_GROUPS if self.small else NO_EVIDENCE
        found: dict[str, list[int]] = {}
        for i, column in enumerate(self.model.columns):
            if column.group not in weak:
                found.setdefault(column.group if by_group else column.name, []).append(i)
        return list(found.values())

    def _agreeing(self, levels: Levels, origins: list[list[int]]) -> IntArray:
        """Count the origins on which each pattern agrees."""
        count = np.zeros(len(levels), dtype=np.int64)
        least = np.array([NEAR if c.kind is Kind.ADDRESS and self.persons else CLOSE for c in self.model.columns])
        for members in origins:
            count += (levels[:, members] >= least[members]).any(axis=1)
        return count


PROOFLESS = 12.0
"""Log odds against two records about which nothing is compared but identifiers."""
