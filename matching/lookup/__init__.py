"""One row against a few others, as :func:`matching.apply` sees them, without what only tables need.

``rows.py`` reads rows as records, ``keys.py`` makes the blocking keys of one, ``scoring.py`` remembers what patterns of
levels are worth, ``lookup.py`` puts them together. Levels, odds and explanations are the engine's own, to the last bit;
what is left out is the columnar way there, whose hundreds of array operations cost more than a few rows are worth.
"""

from __future__ import annotations

from matching.lookup.lookup import Compared, Lookup
from matching.lookup.rows import Row

__all__ = ["Compared", "Lookup", "Row"]
