"""Decide who is who, without configuration.

The story of one run, each step one file::

    columns.py    which fields of the model are compared, and how (kind)
    encode.py     every column as integers over its distinct normalised values     normal.py, sound.py
    distinct.py   rows that say exactly the same are one record, numbered by content
    profile.py    what a column is worth: coverage, chance agreement, common and rare values
    repeats.py    columns that only repeat what others say are left out
    blocking.py   a bounded number of pairs worth comparing                         keys.py
    compare/      seven levels of agreement per column, every pair of values compared once
    patterns.py   pairs become counts of distinct patterns
    mixture/      chance, related but not the same, the same: learned by EM        shipped.py for small tables
    learn.py      which classes there are, and whether resampling agrees            model.py is the result, a file
    score.py      log odds of every pair; what identifiers add and decisions forbid constraints.py
    cluster.py    average linkage inside components, independent of order
    explain.py    prior, level and weight of every field, in bits, for any pair
    evaluate/     precision and recall with intervals, threshold sweep, reliability, clerical samples

Levels say how much two values agree; the mixture learns what that means in this table. The third sort of pairs between
chance and same (households, namesakes, colleagues, branches) is what keeps precision where others lose it.

Nothing here knows a database, a web page or a file format: tables in, clusters out.
"""

from matching.columns import Kind, MatchColumn, columns_of
from matching.engine import match
from matching.evaluate import Evaluation, Figures, evaluate
from matching.explain import Explanation, FieldEvidence
from matching.model import MatchModelError, Model
from matching.report import MatchReport
from matching.result import MatchResult
from matching.settings import MatchSettings

__all__ = [
    "Evaluation",
    "Explanation",
    "FieldEvidence",
    "Figures",
    "Kind",
    "MatchColumn",
    "MatchModelError",
    "MatchReport",
    "MatchResult",
    "MatchSettings",
    "Model",
    "columns_of",
    "evaluate",
    "match",
]
