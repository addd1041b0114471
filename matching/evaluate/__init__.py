"""How good a clustering is: against the truth, against labelled pairs, or estimated from a sample a clerk judged.

    clusters.py     pairwise and B-cubed precision, recall, F1 and exact clusters, where the truth is known
    estimate.py     every figure with its 95 % interval, and how that is reckoned
    pairs.py        the same where only some pairs are labelled same or different
    examined.py     what blocking let through, and what a steward who answers every question would still find
    sweep.py        the figures at every merge threshold, from pairs scored once
    reliability.py  whether a probability of 0.9 comes true nine times in ten
    mistakes.py     the wrong merges and the misses that were made with most confidence
    sample.py       no truth at all: which pairs to show a clerk, and what the verdicts say of all pairs

Pure functions on arrays; nothing here knows how the clusters came about.
"""

from matching.evaluate.clusters import Evaluation, Figures, evaluate
from matching.evaluate.estimate import Estimate, wilson
from matching.evaluate.examined import Examined, after_review, examined
from matching.evaluate.mistakes import false_merges, misses
from matching.evaluate.pairs import PairEvaluation, evaluate_pairs
from matching.evaluate.reliability import Band, reliability
from matching.evaluate.sample import Stratum, draw, estimate_share, strata_of
from matching.evaluate.sweep import THRESHOLDS, SweepPoint, sweep

__all__ = [
    "THRESHOLDS",
    "Band",
    "Estimate",
    "Evaluation",
    "Examined",
    "Figures",
    "PairEvaluation",
    "Stratum",
    "SweepPoint",
    "after_review",
    "draw",
    "estimate_share",
    "evaluate",
    "evaluate_pairs",
    "examined",
    "false_merges",
    "misses",
    "reliability",
    "strata_of",
    "sweep",
    "wilson",
]
