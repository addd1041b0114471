"""How much may be wrong before an expectation counts as broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.types import SemanticType


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a company may judge differently; all but ``distinct`` are shares (0–1) that are tolerated.

    ``required_missing``: records without a required field; ``invalid`` and ``doubtful``: filled values with a finding
    of severity error, or of severity error or warning; ``malformed``: values not in standard form or out of range;
    ``shared``: records that share an identifier or key with another; ``fewer_filled``: how far the share of filled
    values may fall below the usual one; ``fewer_rows``: how far the number of records may; ``distinct``: least share of
    different values among all, by semantic type.
    """

    required_missing: float = 0.02
    invalid: float = 0.05
    doubtful: float = 0.25
    malformed: float = 0.10
    shared: float = 0.05
    fewer_filled: float = 0.10
    fewer_rows: float = 0.20
    distinct: Mapping[SemanticType, float] = field(
        default_factory=lambda: {SemanticType.PHONE: 0.5, SemanticType.EMAIL: 0.5, SemanticType.NATIONAL_ID: 0.8}
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """What the last check that passed found: number of records, and the share of records (0–1) that fill each field."""

    rows: int | None = None
    filled: Mapping[str, float] = field(default_factory=dict)
