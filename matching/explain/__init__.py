"""Why two records were merged, or not, and what holds a cluster together.

pair.py      from the prior through every field to the probability, in bits
reasons.py   the same in words, Chinese and English (reasons.yaml)
apart.py     what other records of two clusters say against a pair between them
cluster.py   the strongest links that hold a cluster together, and the weakest of them
"""

from matching.explain.cluster import ClusterExplanation, TreeLink, explain_cluster
from matching.explain.pair import BITS, Explanation, FieldEvidence, explain_pair, explain_pairs
from matching.explain.reasons import Reason, sentences

__all__ = [
    "BITS",
    "ClusterExplanation",
    "Explanation",
    "FieldEvidence",
    "Reason",
    "TreeLink",
    "explain_cluster",
    "explain_pair",
    "explain_pairs",
    "sentences",
]
