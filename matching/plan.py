"""Which blocking rules are followed: chosen once, when a model is learned, and part of it ever after.

Records that share no key of the plan are never compared and never influence each other. A caller who knows better, or
wants to compare engines on the same candidates, brings a plan of his own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VALUE = "="
"""The form of a key that is the value itself."""
WORD = "word"
PROOF = "identifier"
"""The form of a key that is a verified identifier."""


@dataclass(frozen=True, slots=True, order=True)
class KeyForm:
    """What two records must share: a column, as it stands or in a coarser form (``matching.keys.COARSER``)."""

    column: str
    form: str = VALUE

    @property
    def name(self) -> str:
        """Column and form, e.g. ``family_name:sound``."""
        return self.column if self.form == VALUE else f"{self.column}:{self.form}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One blocking rule: records that share all its keys are candidates.

    Attributes:
        keys: what must be shared.
        largest: blocks of more records are not examined whole …
        neighbours: … but each record with so many that stand next to it in the order of their other values.
    """

    keys: tuple[KeyForm, ...]
    largest: int = 100
    neighbours: int = 5

    @property
    def name(self) -> str:
        """What is shared, e.g. ``surname + postcode``."""
        return " + ".join(key.name for key in self.keys) + (" (neighbours)" if self.largest <= 1 else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as JSON-serialisable data."""
        keys = [[key.column, key.form] for key in self.keys]
        return {"keys": keys, "largest": self.largest, "neighbours": self.neighbours}


@dataclass(frozen=True, slots=True)
class Plan:
    """The blocking rules of a model.

    Attributes:
        rules: a pair is a candidate where any of them proposes it.
        exhaustive: in tables of up to this many distinct records every pair is examined instead.
    """

    rules: tuple[Rule, ...]
    exhaustive: int = 0

    @staticmethod
    def of(*rules: Sequence[str | tuple[str, str]], largest: int = 1_000_000) -> Plan:
        """Build a plan by hand.

        Args:
            rules: each the columns, or (column, form), that must be shared: ``Plan.of(["email"], ["name", "city"])``.
            largest: blocks of more records are examined by sorted neighbourhood.
        """
        return Plan(
            tuple(Rule(tuple(KeyForm(k) if isinstance(k, str) else KeyForm(*k) for k in r), largest) for r in rules)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as JSON-serialisable data."""
        return {"rules": [rule.to_dict() for rule in self.rules], "exhaustive": self.exhaustive}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Plan:
        """Build a plan from ``to_dict``'s data."""
        rules = (
            Rule(tuple(KeyForm(*key) for key in r["keys"]), int(r["largest"]), int(r["neighbours"]))
            for r in raw["rules"]
        )
        return Plan(tuple(rules), int(raw["exhaustive"]))
