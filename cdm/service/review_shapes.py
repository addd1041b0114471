"""The review as it is answered: the queue, a case, what merging would give, what came of a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from cdm.service.shapes import RecordRef, Shape, Words
from cdm.stewardship.review import Choice
from cdm.store.review_queue import Order
from schemas.types import SemanticType


class QueueQuery(Shape):
    """Which cases are listed, and in which order; what is left out does not matter."""

    entity: str = Field("", pattern=r"^[a-z_]{0,60}$", description="Only this entity type.", examples=["person"])
    source: str = Field("", pattern=r"^[\w.-]{0,60}$", description="Only with a record of this source.")
    reason: str = Field("", pattern=r"^[a-z_]{0,30}$", description="Only asked about for this reason.")
    likely_from: float = Field(0.0, ge=0, le=1, description="Highest probability in the case at least this.")
    likely_to: float = Field(1.0, ge=0, le=1, description="Highest probability in the case at most this.")
    score_to: float | None = Field(None, ge=0, le=100, description="Lowest quality score in it at most this.")
    days: int | None = Field(None, ge=0, le=36_500, description="It has waited so many days or longer.")
    deferred: bool = Field(False, description="Those put off instead of those to be done now.")
    order: Order = Field(Order.PRIORITY, description="`priority`: those whose answer settles most.")


class CaseHead(Shape):
    """What the queue and the case itself say of it."""

    id: int = Field(description="Of its oldest source record; any other in it leads to it as well.")
    entity: str
    label: Words
    probability: float = Field(description="The highest in it, 0–1; 0 where identifiers contradict every pair.")
    reason: str
    why: Words
    since: str
    deferred_until: str | None
    deferred_by: str | None
    deferred_reason: str | None


class QueueItem(CaseHead):
    """One case in the queue."""

    names: Sequence[str] = Field(description="Names of its golden records, at most four.")
    golden: int = Field(description="Number of its golden records.")
    records: int = Field(description="Number of their source records.")
    pairs: int = Field(description="Candidate pairs that hold it together.")
    priority: float
    score: float | None = Field(description="The lowest quality score in it, 0–100.")


class QueuePage(Shape):
    """One page; ``next`` is what the next one comes after, null at the end."""

    items: Sequence[QueueItem]
    next: int | None


class ProgressView(Shape):
    """How far the work has come today."""

    left: int
    deferred: int
    mine: int = Field(description="Decided or put off by whoever asks since midnight UTC.")
    everybody: int


class Option(Shape):
    """One thing the queue may be narrowed to."""

    name: str
    label: Words


class QueueFilters(Shape):
    """What the queue may be narrowed to."""

    entities: Sequence[Option]
    sources: Sequence[Option]
    reasons: Sequence[Option]


class CaseRecordView(Shape):
    """Where and when a source record of the case was written."""

    id: int
    source: str
    key: str
    place: str
    updated_at: str | None = Field(description="By the source's own account.")
    changed_at: str = Field(description="When the hub saw it change.")


class CaseGoldenView(Shape):
    """One golden record of the case."""

    id: str
    version: int
    name: str
    quality: float | None
    records: Sequence[CaseRecordView]


class StandardValue(Shape):
    """A standardised value and which source records say so."""

    text: str
    records: Sequence[RecordRef]
    golden: bool = Field(description="Whether it is a golden value.")


class RawValue(Shape):
    """What stands in a source's column; null where it is hidden."""

    column: str
    text: str | None
    record: RecordRef


class CaseCell(Shape):
    """What one golden record says in one field."""

    standard: Sequence[StandardValue]
    raw: Sequence[RawValue]


class CaseRow(Shape):
    """One field of all golden records of the case."""

    field: str
    label: Words
    part: bool = Field(description="It only repeats a part of another field.")
    weighs: bool = Field(description="Whether matching compares it; else it differs without meaning anything.")
    kind: SemanticType = Field(description="What its values are.")
    state: str = Field(
        description="`same`, `differs`, `clashes` where an identifier differs that a customer has for life, "
        "or `silent` where fewer than two have a value."
    )
    masked: str = Field(description="`partly`, `hidden`, or empty where shown in clear.")
    cells: Sequence[CaseCell]


class PairStep(Shape):
    """One step of the waterfall."""

    label: Words
    left: str
    right: str
    level: Words
    weight: float = Field(description="Bits.")


class PairView(Shape):
    """A candidate pair and how its probability comes about: ``prior`` + the steps' weights is the total, in bits."""

    one: str = Field(description="Golden id of the left record.")
    other: str
    left: RecordRef
    right: RecordRef
    probability: float
    prior: float
    steps: Sequence[PairStep]
    sentences: Sequence[Words]


class CaseView(CaseHead):
    """One case side by side."""

    golden: Sequence[CaseGoldenView]
    left_out: int = Field(description="Golden records of the case that are not shown: the weakest of more than eight.")
    rows: Sequence[CaseRow]
    pairs: Sequence[PairView]
    seen: int = Field(description="Send it back with the decision: newer decisions of others are noticed by it.")


class OutlookValue(Shape):
    """A value of the golden record that merging would give, and why it would win."""

    text: str
    source: str
    key: str
    reason: Words


class OutlookRow(Shape):
    """One field of it."""

    field: str
    label: Words
    part: bool
    masked: str
    values: Sequence[OutlookValue]
    records: int = Field(description="Source records that have a value of the field.")
    differing: int = Field(description="Other values, which would lose.")


class Against(Shape):
    """An earlier decision that would have to be withdrawn first."""

    number: int
    kind: str
    by: str
    at: str
    reason: str


class OutlookView(Shape):
    """The golden record that merging would give; nothing was written."""

    golden_id: str
    retired: Sequence[str]
    records: int
    quality: float | None
    rows: Sequence[OutlookRow]
    against: Sequence[Against]


class RulingView(Shape):
    """What a steward says of a case."""

    choice: Choice = Field(description="`same`: merge; `different`: not the same; `later`: put off.")
    golden_ids: Sequence[str] = Field(
        min_length=1, max_length=64, description="Which golden records it is about; others stay undecided."
    )
    expected: Mapping[str, int] = Field(description="Golden id → version, as the case showed them.")
    seen: int = Field(0, ge=0, description="As the case showed it.")
    reason: str = Field("", max_length=500, description="Why; kept with the decision.", examples=["电话核实"])
    until: datetime | None = Field(None, description="Until when it is put off, with a time zone.")


class RuledView(Shape):
    """What came of it."""

    number: int = Field(description="By which it is taken back.")
    choice: Choice
    golden_ids: Sequence[str] = Field(description="Where the source records are now.")
    left: bool = Field(description="Whether something of the case is left to decide.")


class HappeningView(Shape):
    """One thing that happened to a case meanwhile."""

    golden_id: str
    what: str
    who: str
    at: str
    why: str
    decision_id: int | None
    now: Sequence[str]


class DoingView(Shape):
    """One thing whoever asks did."""

    number: int
    choice: str
    case_id: int
    at: str
    reason: str
    until: str
    taken_back: bool
