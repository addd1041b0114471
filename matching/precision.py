"""How precise automatic merges are: which odds must be asked for so that .98 of the pairs merged are right.

Pairs that stand out need no high threshold, pairs that shade off into strangers do; so each table has its own. It
follows from the odds at which clustering joins the table's records, calibrated on labelled tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.arrays import FloatArray
from matching.calibration import Calibration, shipped_joins

EVEN = 0.0
"""Log odds below which a pair is more likely two customers than one; no demand for precision merges it."""
CAUTIOUS = 1.0
"""The same where the shipped parameters decide: what was learned elsewhere may fit this table badly."""
STRICTEST = 12.0
"""Highest log odds from which pairs merge where no lower ones are precise enough."""
GRID = 241
USUAL_PAIRS, USUAL_SHARE = 50.0, 0.995
"""Pairs above even odds a table is credited with beforehand, and the share of them that is right."""


@dataclass(frozen=True, eq=False)
class Precision:
    """Which share of the pairs that merge is to be right, by the log odds from which they merge.

    Attributes:
        odds: log odds (nats) from which groups of records merge, rising.
        share: expected share of right pairs among all that merge then.
    """

    odds: FloatArray
    share: FloatArray

    @staticmethod
    def expected(joined: FloatArray, least: float = EVEN, line: Calibration | None = None) -> Precision:
        """Work it out for a table.

        A few pairs say little about a table; ``USUAL_PAIRS`` as sure as pairs usually are count with them.

        Args:
            joined: log odds at which clustering brings pairs of its records together, shape (pairs,).
            least: log odds below which nothing is precise enough.
            line: what such odds are worth; what they were on labelled tables where it is ``None``.
        """
        grid = np.linspace(EVEN, STRICTEST, GRID)
        odds = np.sort(joined[joined >= EVEN])[::-1]
        chance = 1 / (1 + np.exp(-np.clip((line or shipped_joins())(odds), -700, 700)))
        right = np.concatenate(([0.0], np.cumsum(chance)))
        above = np.searchsorted(-odds, -grid, side="right")
        share = (right[above] + USUAL_PAIRS * USUAL_SHARE) / (above + USUAL_PAIRS)
        return Precision(grid, np.where(grid < least, 0.0, share))

    @staticmethod
    def unknown() -> Precision:
        """Return what is expected where nothing was seen."""
        return Precision.expected(np.empty(0), CAUTIOUS)

    def threshold(self, wanted: float) -> float:
        """Return the lowest log odds above which at least ``wanted`` of the pairs are right; never below even odds.

        Where nothing is precise enough it is the strictest there is.
        """
        enough = np.flatnonzero(self.share >= wanted)
        return float(self.odds[enough[0]]) if len(enough) else float(self.odds[-1])

    def at(self, odds: float) -> float:
        """Return the share of right pairs expected where records merge from these log odds."""
        return float(np.interp(odds, self.odds, self.share))

    def to_dict(self) -> dict[str, Any]:
        """Return the shares as JSON-serialisable data; the thresholds are always the same."""
        return {"share": self.share.tolist()}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Precision:
        """Build it from ``to_dict``'s data."""
        share = np.array(raw["share"], dtype=float)
        return Precision(np.linspace(EVEN, STRICTEST, len(share)), share)
