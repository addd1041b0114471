"""What a company may weigh differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DIMENSIONS = ("completeness", "validity", "uniqueness", "consistency", "timeliness")
"""The dimensions, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """How scores are computed.

    ``weights``: share of each dimension in the total; ``half_life_days``: age of the last update at which timeliness is
    50; ``warning``: how much of a value's validity a warning costs.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "completeness": 0.30,
            "validity": 0.30,
            "uniqueness": 0.15,
            "consistency": 0.15,
            "timeliness": 0.10,
        }
    )
    half_life_days: float = 365.0
    warning: float = 0.5
