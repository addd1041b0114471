"""What data stewards do: decide who is who, take it back, and see what it led to.

Every step works on one component of records that hang together, in one short transaction (:mod:`cdm.store.settlement`).
A decision binds every later run; no run, model or rule discards one.
"""

from __future__ import annotations

from cdm.stewardship.steps import Outcome, merge, separate, split, undo

__all__ = ["Outcome", "merge", "separate", "split", "undo"]
