"""What log odds are worth: learn ``matching/calibration.yaml`` from sets with known truth, and test it on each in turn.

``python -m benchmarks.calibrate [--write] [SET …]``: every set goes the whole way a user's file goes; then each is
judged by the calibration that the *others* give. Printed per set: expected calibration error of pairs (mean distance
between said and observed, pairs below .05 left out), before and after; and for merges the precision expected at the
default threshold, the one observed, and the threshold.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from benchmarks.dedupe_accuracy import run
from benchmarks.labelled import SETS, available, load
from matching.arrays import BoolArray, FloatArray, IntArray
from matching.calibration import BENDS, Calibration, identity, shipped_joins
from matching.cluster import Scored, cluster
from matching.patterns import patterns
from matching.precision import EVEN, Precision
from matching.result import MatchResult
from matching.settings import MatchSettings

UNUSUAL = frozenset({"patent", "pseudo_employer"})
"""One company in hundreds of spellings: no table of customers looks like that, and its pairs would drown the others."""
MOST = 300.0
"""Pairs a set may contribute between two bends: a set of 100,000 records is one table, not a hundred."""
EDGES = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
FILE = Path(__file__).resolve().parents[1] / "matching" / "calibration.yaml"


@dataclass(frozen=True, eq=False)
class Seen:
    """Log odds, how many pairs had them, and how many of these were right."""

    odds: FloatArray
    pairs: FloatArray
    right: FloatArray

    def weights(self) -> FloatArray:
        """Return per entry the share of its pairs that counts."""
        segment = np.digitize(self.odds, BENDS)
        held = np.bincount(segment, self.pairs, minlength=len(BENDS) + 1)
        return np.asarray((np.minimum(held, MOST) / np.maximum(held, 1e-9))[segment])


def pairs_of(result: MatchResult, truth: IntArray) -> Seen:
    """Return the candidate pairs of one table by their pattern; of the fits, the one that thinks least of it counts."""
    scorer, found = result._scorer, result.compared()
    assert scorer is not None
    same = _same(result, truth, found.left, found.right)
    seen = patterns(scorer.comparator(found.left, found.right))
    model = scorer.model
    raw = np.min([one.score(seen.levels) for one in (model, *model.doubters)], axis=0)
    right = np.bincount(seen.inverse, same, minlength=len(raw)).astype(float)
    return Seen(raw, seen.counts, right)


def joins_of(result: MatchResult, truth: IntArray) -> Seen:
    """Return the pairs that clustering brings together at even odds or better."""
    scorer, found = result._scorer, result.compared()
    assert scorer is not None
    odds = scorer(found.left, found.right)
    joins = cluster(Scored(found.left, found.right, odds, found.records), scorer, EVEN, scorer.settings).joins
    keep = joins.odds > BENDS[0]
    left, right = joins.left[keep], joins.right[keep]
    return Seen(joins.odds[keep], np.ones(len(left)), _same(result, truth, left, right).astype(float))


def _same(result: MatchResult, truth: IntArray, left: IntArray, right: IntArray) -> BoolArray:
    """Tell which pairs of distinct records are one customer."""
    label = truth[result._distinct.first]
    return np.asarray(label[left] == label[right])


def fitted(sets: Iterable[Seen]) -> Calibration:
    """Learn one line from several sets."""
    several = list(sets)
    odds = np.concatenate([s.odds for s in several])
    right = np.concatenate([s.right * s.weights() for s in several])
    wrong = np.concatenate([(s.pairs - s.right) * s.weights() for s in several])
    labels = np.repeat([1.0, 0.0], len(odds))
    return Calibration.fit(np.tile(odds, 2), labels, np.concatenate([right, wrong]), identity())


def error(seen: Seen, line: Calibration) -> float:
    """Return the expected calibration error over bins of probability."""
    said = 1 / (1 + np.exp(-np.clip(line(seen.odds), -700, 700)))
    place = np.digitize(said, EDGES)
    far = np.abs(np.bincount(place, seen.pairs * said, len(EDGES) + 1) - np.bincount(place, seen.right, len(EDGES) + 1))
    return float(far[1:].sum() / max(seen.pairs[place > 0].sum(), 1.0))


def told(joins: Seen, line: Calibration) -> str:
    """Return expected and observed precision of merges at the default threshold."""
    precision = Precision.expected(joins.odds, line=line)
    cut = precision.threshold(MatchSettings().merge)
    merged = joins.odds >= cut
    observed = joins.right[merged].sum() / max(joins.pairs[merged].sum(), 1.0)
    expected = f"expected {precision.at(cut):.3f}  observed {observed:.3f}"
    return f"merges {int(joins.pairs[merged].sum()):6d}  {expected}  from {cut:.2f}"


def measured(names: Iterable[str]) -> tuple[dict[str, Seen], dict[str, Seen]]:
    """Run the sets; return their pairs and their joins. Tables too small to be learned from are left out."""
    pairs: dict[str, Seen] = {}
    joins: dict[str, Seen] = {}
    for name in names:
        if not available(name):
            continue
        data = load(name)
        for k, part in enumerate(run(data)[1]):
            truth = np.asarray(data.truth)[part.records.rows]
            if part.result.report.learned and part.result.model.columns:
                pairs[f"{name}{'' if not k else f' {k + 1}'}"] = pairs_of(part.result, truth)
                joins[f"{name}{'' if not k else f' {k + 1}'}"] = joins_of(part.result, truth)
    return pairs, joins


def written(lines: Mapping[str, Calibration]) -> str:
    """Return the file's text."""
    plain = {
        name: {"level": round(one.level, 3), "slopes": [round(float(s), 3) for s in one.slopes]}
        for name, one in lines.items()
    }
    head = "# What log odds were worth on labelled tables: made by `python -m benchmarks.calibrate --write`.\n"
    return head + yaml.safe_dump(plain, sort_keys=False, default_flow_style=None, width=120)


def main() -> None:
    """Print one line per set, and write the calibration of all if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=[name for name in SETS if name not in UNUSUAL])
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    chosen = parser.parse_args()
    pairs, joins = measured(chosen.sets)
    for name, seen in pairs.items():
        line = fitted(other for n, other in pairs.items() if n != name)
        merges = fitted(other for n, other in joins.items() if n != name) if len(joins) > 1 else shipped_joins()
        print(
            f"{name:20s} error {error(seen, identity()):.3f} → {error(seen, line):.3f}   {told(joins[name], merges)}",
            flush=True,
        )
    if chosen.write:
        FILE.write_text(written({"pairs": fitted(pairs.values()), "joins": fitted(joins.values())}), encoding="utf-8")


if __name__ == "__main__":
    main()
