"""Which source value becomes the golden value, and why (取值规则).

:func:`consolidate` takes the records of one entity type with the golden record each belongs to, and returns golden
records whose every value names the record it came from and the rule that made it win. Valid values beat invalid ones;
after that the field's policy decides (most trusted, most recent, most frequent, longest, union); what is still equal is
decided by the other criteria in a fixed order, so that the outcome depends on nothing but the records. The parts of a
name or an address survive together, from one record. What a steward stated outranks all of it. The function is pure
and works column by column.
"""

from __future__ import annotations

from cdm.survivorship.consolidate import Merged, consolidate
from cdm.survivorship.reasons import REASONS, describe
from cdm.survivorship.stated import Stated, heard

__all__ = ["REASONS", "Merged", "Stated", "consolidate", "describe", "heard"]
