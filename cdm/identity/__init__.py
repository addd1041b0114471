"""Golden ids that stay: which cluster of source records keeps, gets back or newly receives which id.

A cluster of a new run inherits the id of the golden record with which it shares most source records (ties: the one
whose records have been together longest, then the older id). Ids whose records went elsewhere retire and redirect;
a part that is split off again gets its former id back; no id is ever given out twice. :func:`assign` is a pure function
on arrays and knows no database.
"""

from __future__ import annotations

from cdm.identity.assign import Assignment, Churn, assign
from cdm.identity.uuid7 import Mint, mint_at

__all__ = ["Assignment", "Churn", "Mint", "assign", "mint_at"]
