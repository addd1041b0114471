"""All columns of record pairs at once: what depends on more than one column is settled here.

Swapped columns (given and family name changed round), columns that say the same in coarser grain, and names written in
two scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import xxhash

from matching.arrays import BoolArray, IntArray, KeyArray, Levels, Values, ends_of
from matching.columns import Kind
from matching.compare import compare_feature
from matching.compare.companies import settle_companies
from matching.compare.contacts import bare_mailbox
from matching.compare.distances import spelling_of
from matching.compare.levels import CLOSE, CONFLICT, MISSING, NEAR, WEAK
from matching.compare.names import same_surname, surname_spellings
from matching.parallel import in_parallel
from matching.patterns import PatternKeys, no_keys, pattern_keys, pattern_levels
from matching.profile import Feature
from matching.sound import spoken

SWAPPED = 0.9
"""Jaro–Winkler similarity from which a value is found again in the other column."""
SHARED_VOCABULARY = 0.01
PERSON_NAME = {"family_name", "given_name"}
GIVEN_NAMES = {"given_name", "middle_name"}
SWAPPABLE = frozenset({Kind.NAME, Kind.GIVEN, Kind.TEXT})
AT_A_TIME = 250_000
"""Pairs that are compared at a time: what comparing them needs on the way is many times what comes of it."""
FEW = 20_000
"""Up to so many pairs are compared before threads have started."""


@dataclass(frozen=True, eq=False)
class Comparator:
    """Compares record pairs on all columns.

    Attributes:
        features: the compared columns.
        swaps: pairs of columns whose values may stand in each other's place.
        finer: per coarser column, the records that have each of the finer ones.
        script: per record 0 without a name, 1 for a name without, 2 with Chinese characters.
        across: columns compared only between scripts; ``within``: only inside one.
        name_parts: family and given name, where there are both.
    """

    features: Sequence[Feature]
    swaps: Sequence[tuple[int, int]]
    finer: dict[int, list[BoolArray]]
    script: IntArray
    records: int
    across: frozenset[int]
    within: frozenset[int]
    name_parts: tuple[int, int] | None

    def __call__(self, left: IntArray, right: IntArray) -> Levels:
        """Return the levels of all pairs, shape (pairs, columns)."""
        return pattern_levels(self.patterns(left, right), len(self.features))

    def patterns(self, left: IntArray, right: IntArray) -> PatternKeys:
        """Return the levels of every pair as one integer (:func:`matching.patterns.pattern_keys`), shape (pairs,)."""
        return self._part_by_part(len(left), lambda part: (left[part], right[part]))

    def patterns_of(self, pairs: IntArray) -> PatternKeys:
        """Return :meth:`patterns` of pairs that are integers (:func:`matching.arrays.ends_of`), shape (pairs,)."""
        return self._part_by_part(len(pairs), lambda part: ends_of(pairs[part], self.records))

    def _part_by_part(self, pairs: int, ends: Callable[[slice], tuple[IntArray, IntArray]]) -> PatternKeys:
        """Compare so many pairs, some at a time."""
        found = no_keys(pairs, len(self.features))

        def fill(start: int, together: bool = False) -> None:
            part = slice(start, start + AT_A_TIME)
            found[part] = pattern_keys(self._compare(*ends(part), together))

        starts = range(0, pairs, AT_A_TIME)
        for start in starts[:1]:
            fill(start, pairs > FEW)  # before all others: it makes what is made once per column
        in_parallel(fill, starts[1:])
        return found

    def _compare(self, left: IntArray, right: IntArray, together: bool) -> Levels:
        """Return the levels of some pairs; ``together``: the columns side by side."""
        levels = np.full((len(left), len(self.features)), MISSING, dtype=np.int8, order="F")
        differ = (self.script[left] != self.script[right]) & (self.script[left] > 0) & (self.script[right] > 0)

        def column(i: int) -> None:
            one, use = self.features[i], self._use(i, left, right, differ)
            if use is None:
                levels[:, i] = compare_feature(one, left, right)
            else:
                levels[use, i] = compare_feature(one, left[use], right[use])

        every = range(len(self.features))
        in_parallel(column, every, worth=together, weight=lambda i: len(self.features[i].values))
        for i, j in self.swaps:
            self._crosswise(levels, i, j, left, right)
        if self.name_parts is not None:
            self._divided(levels, *self.name_parts, left, right)
            self._named_mailboxes(levels, *self.name_parts, left, right)
        settle_companies(self.features, levels, left, right)
        return levels

    def _named_mailboxes(self, levels: Levels, i: int, j: int, left: IntArray, right: IntArray) -> None:
        """Let a mailbox that says no more than the name add nothing at another provider: limin@163 and limin@sohu."""
        f, g = self.features[i], self.features[j]
        for k, one in enumerate(self.features):
            if one.kind is not Kind.EMAIL:
                continue
            rows = np.flatnonzero((levels[:, k] == NEAR) & (levels[:, i] >= CLOSE) & (levels[:, j] >= CLOSE))
            a = left[rows]
            known = (one.lone[a] >= 0) & (f.lone[a] >= 0) & (g.lone[a] >= 0)
            rows, a = rows[known], a[known]
            mailbox, place = np.unique(one.lone[a], return_inverse=True)
            said = letters([bare_mailbox(v) for v in one.values[mailbox]])[place]
            name = _spoken_letters(f)[f.lone[a]] + _spoken_letters(g)[g.lone[a]]
            levels[rows[said == name], k] = WEAK

    def _divided(self, levels: Levels, i: int, j: int, left: IntArray, right: IntArray) -> None:
        """Raise the name parts of records that have the same letters but divide them otherwise: 欧阳|锋, 欧|阳锋."""
        low = (levels[:, i] >= 0) & (levels[:, j] >= 0) & ((levels[:, i] < NEAR) | (levels[:, j] < NEAR))
        rows = np.flatnonzero(low)
        f, g = self.features[i], self.features[j]
        a, b = left[rows], right[rows]
        known = (f.lone[a] >= 0) & (g.lone[a] >= 0) & (f.lone[b] >= 0) & (g.lone[b] >= 0)
        rows, a, b = rows[known], a[known], b[known]
        one, two = _letters(f), _letters(g)
        same = rows[one[f.lone[a]] + two[g.lone[a]] == one[f.lone[b]] + two[g.lone[b]]]
        levels[same, i] = NEAR
        levels[same, j] = NEAR

    def _use(self, i: int, left: IntArray, right: IntArray, differ: BoolArray) -> IntArray | None:
        """Return the pairs a column is compared in; ``None`` for all."""
        if i in self.across:
            return np.flatnonzero(differ)
        if i in self.within and differ.any():
            keep = ~differ
        elif i in self.finer:
            keep = np.ones(len(left), dtype=np.bool_)
        else:
            return None
        for known in self.finer.get(i, ()):
            keep = keep & ~(known[left] & known[right])
        return np.flatnonzero(keep)

    def _crosswise(self, levels: Levels, i: int, j: int, left: IntArray, right: IntArray) -> None:
        """Raise the levels of two columns where the values agree crosswise: both NEAR, one of them CLOSE."""
        f, g = self.features[i], self.features[j]
        low = (levels[:, i] < CLOSE) & (levels[:, j] < CLOSE)
        rows = np.flatnonzero(low & ((levels[:, i] == CONFLICT) | (levels[:, j] == CONFLICT)))
        if not len(rows):
            return
        one, one_missing = _alike(f, f.lone[left[rows]], g, g.lone[right[rows]])
        two, two_missing = _alike(g, g.lone[left[rows]], f, f.lone[right[rows]])
        both = one & two
        levels[rows[both], i] = NEAR
        levels[rows[both], j] = NEAR
        half = rows[(one ^ two) & (one_missing | two_missing)]
        levels[half, i] = CLOSE
        levels[half[levels[half, j] >= 0], j] = CLOSE


def comparator(features: Sequence[Feature], records: int, swaps: Sequence[tuple[int, int]]) -> Comparator:
    """Work out which columns of ``records`` records depend on one another.

    Args:
        features: the compared columns.
        records: how many distinct records there are.
        swaps: what :func:`swappable` found in the table the model was learned from.
    """
    position = {f.name: i for i, f in enumerate(features)}
    across = frozenset(i for i, f in enumerate(features) if f.kind is Kind.PINYIN)
    names = [p for i in across for p in features[i].parts]
    finer_known = {}
    for i, one in enumerate(features):
        finer = [position[name] for name in one.unless if name in position]
        if finer:
            finer_known[i] = [features[k].codes >= 0 for k in finer]
    return Comparator(
        features=features,
        swaps=swaps,
        finer=finer_known,
        script=_scripts([features[position[n]] for n in names if n in position], records),
        records=records,
        across=across,
        within=frozenset(position[n] for n in names if n in position),
        name_parts=(position["family_name"], position["given_name"]) if position.keys() >= PERSON_NAME else None,
    )


def swappable(features: Sequence[Feature]) -> list[tuple[int, int]]:
    """Return the pairs of columns that share vocabulary: the same words stand now in one, now in the other."""
    found = []
    for i, j in combinations(range(len(features)), 2):
        f, g = features[i], features[j]
        if _always(f, g):
            found.append((i, j))
            continue
        if not _same_family(f, g) or not f.single or not g.single or min(f.mean_length, g.mean_length) < _least(f, g):
            continue
        common = set(f.values) & set(g.values)
        if len(common) < 3:
            continue
        if min(_held(f, common), _held(g, common)) >= SHARED_VOCABULARY:
            found.append((i, j))
    return found


def _held(f: Feature, words: set[str]) -> float:
    """Return the share of a column's records that hold one of ``words``."""
    return float(f.counts[[v in words for v in f.values]].sum() / max(f.counts.sum(), 1.0))


def _same_family(f: Feature, g: Feature) -> bool:
    """Tell whether two columns hold the same sort of words."""
    names = {Kind.NAME, Kind.GIVEN}
    return f.kind in SWAPPABLE and (f.kind is g.kind or {f.kind, g.kind} <= names)


def _always(f: Feature, g: Feature) -> bool:
    """Tell whether two columns are mistaken for each other in any table; initials are not."""
    both = {f.name, g.name}
    written_out = both == GIVEN_NAMES and min(f.mean_length, g.mean_length) >= _least(f, g)
    return f.single and g.single and (both == PERSON_NAME or written_out)


def letters(values: Sequence[str] | Values) -> KeyArray:
    """Return the sum of the hashed letters of each value: equal where values have the same letters, in any order."""
    text = np.frombuffer("".join(values).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    worth = np.zeros(text.max(initial=0) + 1, dtype=np.uint64)
    for letter in np.flatnonzero(np.bincount(text)).tolist():
        worth[letter] = _worth(chr(letter))
    total = np.zeros(len(text) + 1, dtype=np.uint64)
    np.cumsum(worth[text], out=total[1:])
    ends = np.cumsum([0, *map(len, values)])
    return np.asarray(total[ends[1:]] - total[ends[:-1]])


def _worth(letter: str) -> int:
    """Return the hash of one letter; a blank is none."""
    return 0 if letter == " " else xxhash.xxh3_64_intdigest(letter.encode("utf-8", "surrogatepass"))


def _letters(one: Feature) -> KeyArray:
    """Return the letters of each value."""
    return one.once("letters", lambda: letters(one.values))


def _spoken_letters(one: Feature) -> KeyArray:
    """Return the letters of each value as it is said."""

    def make() -> KeyArray:
        found, chinese = _letters(one).copy(), np.flatnonzero(one.chinese)
        found[chinese] = letters([spoken(v) for v in one.values[chinese]])
        return found

    return one.once("spoken letters", make)


def _least(f: Feature, g: Feature) -> float:
    """Return the shortest mean length of columns that can be mistaken for each other; Chinese names are short."""
    return 0.9 if f.chinese.any() or g.chinese.any() else 3.0


def _alike(f: Feature, a: IntArray, g: Feature, b: IntArray) -> tuple[BoolArray, BoolArray]:
    """Tell where a value of one column is found in another, and where one of the two is missing."""
    missing = (a < 0) | (b < 0)
    known = np.flatnonzero(~missing)
    found = np.zeros(len(a), dtype=np.bool_)
    if len(known):
        scores = spelling_of(f, a[known], b[known], SWAPPED, g)
        found[known] = scores >= SWAPPED
        one, two = surname_spellings(f), surname_spellings(g)
        for i in known[(scores < SWAPPED) & one[a[known]] & two[b[known]]]:
            found[i] = same_surname(f.values[a[i]], g.values[b[i]])
    return found, missing


def _scripts(names: Sequence[Feature], records: int) -> IntArray:
    """Return the script each record writes its name in."""
    script = np.zeros(records, dtype=np.int64)
    for one in names:
        known = one.lone >= 0
        script[known] = np.maximum(script[known], one.chinese[one.lone[known]] + 1)
    return script
