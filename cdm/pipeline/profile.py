"""The 360° figures of a customer: what the activities of all its source records come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from cdm.store.activities import ActivityFacts
from schemas.model import EntityType, Model
from schemas.types import SemanticType

UNSAID = "?"
"""Currency of amounts whose currency is not said."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """Amounts in one currency."""

    currency: str
    count: int
    total: Decimal
    average: Decimal


@dataclass(frozen=True, slots=True)
class ActivitySummary:
    """The figures of one kind of activity of one customer."""

    entity: str
    """``transaction``, ``interaction``, ``behaviour`` …"""
    count: int
    first: str | None
    """When the first one was; ISO 8601, as precise as the source says."""
    last: str | None
    recency_days: int | None
    """Days since the last one; below zero where it lies ahead."""
    turnover: Sequence[Turnover]
    """By currency, where the activities carry amounts."""
    channels: Mapping[str, int]
    """Channel → number, the most used first."""


def summarize_activities(facts: Sequence[ActivityFacts], model: Model, today: date) -> list[ActivitySummary]:
    """Sum up the activities of one customer.

    Args:
        facts: all its activities.
        model: says which field holds an amount.
        today: the day recency is counted from.

    Returns:
        One summary per kind of activity that occurs, in the order of the model.
    """
    kinds: dict[str, list[ActivityFacts]] = {}
    for one in facts:
        kinds.setdefault(one.entity, []).append(one)
    return [_summary(entity, kinds[name], today) for name, entity in model.entities.items() if name in kinds]


def _summary(entity: EntityType, facts: Sequence[ActivityFacts], today: date) -> ActivitySummary:
    times = sorted(one.occurred_at for one in facts if one.occurred_at)
    channels = Counter(str(one.fields["channel"]) for one in facts if one.fields.get("channel"))
    return ActivitySummary(
        entity=entity.name,
        count=len(facts),
        first=times[0] if times else None,
        last=times[-1] if times else None,
        recency_days=_days(times[-1], today) if times else None,
        turnover=_turnover(entity, facts),
        channels=dict(sorted(channels.items(), key=lambda item: (-item[1], item[0]))),
    )


def _turnover(entity: EntityType, facts: Sequence[ActivityFacts]) -> list[Turnover]:
    money = next((field.name for field in entity.fields.values() if field.type is SemanticType.MONEY), None)
    amounts: dict[str, list[Decimal]] = {}
    for one in facts:
        amount = _decimal(one.fields.get(money)) if money else None
        if amount is not None:
            amounts.setdefault(str(one.fields.get("currency") or UNSAID), []).append(amount)
    return [
        Turnover(currency, len(own), sum(own, Decimal(0)), (sum(own, Decimal(0)) / len(own)).quantize(Decimal("0.01")))
        for currency, own in sorted(amounts.items())
    ]


def _decimal(value: object) -> Decimal | None:
    """Return an amount; ``None`` where there is none, or it is not a number (kept as it was found at source)."""
    try:
        amount = Decimal(str(value)) if value else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() else None


def _days(time: str, today: date) -> int | None:
    try:
        return (today - date.fromisoformat(time[:10])).days
    except ValueError:
        return None
