"""Golden records as they are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from cdm.service.shapes import Fields, RecordView, Shape, Value, Words


class GoldenItem(Fields):
    """One golden record in a list."""

    id: str
    entity: str
    name: str
    version: int
    records: int = Field(description="Number of its source records.")
    quality: float | None = Field(description="Quality score, 0–100.")
    changed_at: str


class GoldenPage(Shape):
    """One page; ``next`` is where the next one begins, null at the end."""

    items: Sequence[GoldenItem]
    next: str | None


class GoldenHit(Fields):
    """A golden record that some words name; ``share`` tells how much of what it was found by was typed, 0–1."""

    id: str
    entity: str
    name: str
    share: float


class ValueOrigin(Shape):
    """Where a golden value comes from and why it won."""

    source: str
    key: str
    place: str
    updated_at: str | None
    why: str = Field(description="Reason code.")
    reason: Words
    records: int = Field(description="Source records that have a value of the field.")
    differing: int = Field(description="Other values, which lost.")
    stated_by: str = Field(description="The steward who stated the value, where no source says it.")
    stated_at: str
    stated_reason: str
    statement: int | None = Field(description="Number of the statement, by which it is undone.")


class GoldenView(Fields):
    """A golden record with its source records and where each value comes from."""

    asked: str = Field(description="The id that was asked for; a retired one leads to its successor.")
    id: str
    entity: str
    label: Words
    name: str
    version: int
    records: Sequence[RecordView]
    provenance: Mapping[str, Sequence[ValueOrigin]]
    score: Mapping[str, Any] | None
    quality: float | None
    changed_at: str
    retired_at: str | None


class FieldDifference(Shape):
    """A value before and after."""

    before: Value
    after: Value


class DifferenceView(Shape):
    """What differs between two versions."""

    id: str
    before: int
    after: int
    fields: Mapping[str, FieldDifference]
    masked: Mapping[str, str]
    came: Sequence[str]
    left: Sequence[str]


class VersionView(Shape):
    """One version and what brought it about."""

    version: int
    at: str
    run_id: int
    what: str
    who: str
    why: str
    decision_id: int | None
    changed: Sequence[str]
    came: Sequence[str]
    left: Sequence[str]
    related: Sequence[str]


class StayView(Shape):
    """How long a source record belonged to a golden record."""

    golden_id: str
    since_run_id: int
    since: str
    until_run_id: int | None
    until: str | None


class HistoryView(Shape):
    """The past of a golden record, or of a source record (then with the golden records it belonged to)."""

    id: str
    versions: Sequence[VersionView]
    stays: Sequence[StayView]


class OriginView(Shape):
    """One origin of a golden value, back to row and column of the source."""

    value: Value
    source: str
    key: str
    version: int
    place: str
    columns: Mapping[str, str | None]
    derived_from: str
    cleansed: Value
    findings: Sequence[str]
    why: str
    reason: Words
    records: int
    differing: int
    stated_by: str
    stated_at: str
    stated_reason: str


class RivalView(Shape):
    """What another source record says."""

    source: str
    key: str
    place: str
    value: Value


class LineageView(Shape):
    """Where a golden value comes from, and what else was said."""

    golden_id: str
    entity: str
    field: str
    value: Value
    masked: Mapping[str, str]
    origins: Sequence[OriginView]
    others: Sequence[RivalView]


class TurnoverView(Shape):
    """Amounts in one currency, as decimal texts."""

    currency: str
    count: int
    total: str
    average: str


class ActivityFigures(Shape):
    """The figures of one kind of activity."""

    entity: str
    count: int
    first: str | None
    last: str | None
    recency_days: int | None
    turnover: Sequence[TurnoverView]
    channels: Mapping[str, int]


class Timeline(Shape):
    """What a customer did, the latest first, and the figures of all of it."""

    golden_id: str
    activities: Sequence[RecordView]
    figures: Sequence[ActivityFigures]


class Lookup(Shape):
    """The golden id of a source record."""

    source: str
    key: str
    golden_id: str
    version: int | None = Field(description="Present version of the golden record; null for another moment.")


class Revealed(Shape):
    """A value shown in clear for once."""

    golden_id: str
    field: str
    value: str | list[str]
