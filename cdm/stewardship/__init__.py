"""What data stewards do: decide who is who, state values, take it back.

Every step works on one component of records that hang together, in one short transaction (:mod:`cdm.store.settlement`).
A decision binds every later run; no run, model or rule discards one.
"""

from __future__ import annotations

from cdm.stewardship.edits import Edit, edit
from cdm.stewardship.steps import Outcome, merge, separate, split, undo

__all__ = ["Edit", "Outcome", "edit", "merge", "separate", "split", "undo"]
