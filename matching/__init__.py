"""Decide who is who, without configuration.

The story of one run, each step one file; ``engine.py`` is the way in, ``training.py`` goes down this list to the model,
``deciding.py`` on from there::

    columns.py    which fields of the model are compared, and how (kind)
    records.py    a table as distinct records with profiled columns, for learning or as a model sees it
    encode.py     every column as integers over its distinct normalised values     normal.py, sound.py
    distinct.py   rows that say exactly the same are one record, numbered by content
    profile.py    what a column is worth: coverage, chance agreement               statistics.py: common values
    repeats.py    columns that only repeat what others say are left out
    plan.py       the blocking rules of a model
    blocking.py   a bounded number of pairs worth comparing                         keys.py: stable 64-bit keys
    pruning.py    which rules of a plan earn their keep, once a model knows likely matches
    compare/      seven levels of agreement per column, every pair of values compared once
                  together.py: what depends on two columns    screen.py: strangers told apart by their letters alone
    patterns.py   pairs become counts of distinct patterns
    mixture/      chance, related but not the same, the same: learned by EM        shipped.py for small tables
    crowds.py     customers with hundreds of records count as one each when chance is learned
    learn.py      which classes there are, and whether resampling agrees
    model.py      what was learned, a self-contained file: apply(table, model) needs no other table
    calibration.py, precision.py   what log odds mean, and from which ones records merge
    coincidence.py rows that say the same: one customer, or chance?
    score.py      log odds of every pair; what identifiers add and decisions forbid constraints.py
    cluster.py    average linkage inside components, independent of order
    explain/      prior, level and weight of every field, in bits and in words; what holds a cluster
    evaluate/     precision and recall with intervals, threshold sweep, reliability, clerical samples
    supervised/   what stewards' verdicts teach, what to ask them next              correction.py: what labels add
    difference.py which customers merge and split between two clusterings
    interchange.py pairs, features and indexers in recordlinkage's shapes
    lookup/       one row against a few others: the same answer without what only tables need
    spark/        the same run on Apache Spark, for tables one machine cannot hold

Levels say how much two values agree; the mixture learns what that means in this table. The third sort of pairs between
chance and same (households, namesakes, colleagues, branches) is what keeps precision where others lose it.

Nothing here knows a database, a web page or a file format: tables in, clusters out.
"""

from matching.columns import Kind, MatchColumn, columns_of
from matching.engine import apply, blocking_keys, match, train
from matching.evaluate import Evaluation, Figures, evaluate
from matching.explain import ClusterExplanation, Explanation, FieldEvidence, Reason, TreeLink
from matching.model import MatchModelError, Model
from matching.plan import KeyForm, Plan, Rule
from matching.report import MatchReport
from matching.result import MatchResult
from matching.settings import MatchSettings

__all__ = [
    "ClusterExplanation",
    "Evaluation",
    "Explanation",
    "FieldEvidence",
    "Figures",
    "KeyForm",
    "Kind",
    "MatchColumn",
    "MatchModelError",
    "MatchReport",
    "MatchResult",
    "MatchSettings",
    "Model",
    "Plan",
    "Reason",
    "Rule",
    "TreeLink",
    "apply",
    "blocking_keys",
    "columns_of",
    "evaluate",
    "match",
    "train",
]
