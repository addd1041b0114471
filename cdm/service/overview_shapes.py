"""The state of the hub as it is answered: figures, scores, runs, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from cdm.service.shapes import Shape, Words


class RunProgress(Shape):
    """How far a run that is going on has come; it tells every few seconds."""

    stage: str
    done: int
    total: int | None = Field(description="Null where it is not known.")
    seconds: float = Field(description="Since the stage began.")


class RunView(Shape):
    """One run of a job."""

    id: int
    kind: str
    source: str | None
    started_at: str
    finished_at: str | None
    status: str
    stats: Mapping[str, Any] = Field(description="The figures of the run.")
    error: str | None = Field(default=None, description="Why it failed.")
    held: Words | None = Field(default=None, description="Why it was held: which limits it exceeded.")
    progress: RunProgress | None = Field(default=None, description="Where it has come to; null unless it is going on.")


class SourceView(Shape):
    """One source and what the hub holds of it."""

    name: str
    connector: str
    trust: int
    entity: str = Field(description="Entity type of its rows, or `mixed`.")
    records: int
    deleted: int
    quarantined: int
    last_read: RunView | None


class EntityFigures(Shape):
    """Figures of one party type."""

    entity: str
    label: Words
    records: int = Field(description="Source records in golden records.")
    golden: int
    duplicates: int = Field(description="Source records beyond the first of each golden record.")
    candidates: int = Field(description="Pairs waiting for a steward.")


class ScoreView(Shape):
    """Scores of one source, or of golden records: dimension → 0–100, null where it could not be judged."""

    subject: str = Field(description="Name of the source; empty for golden records.")
    entity: str
    records: int
    dimensions: Mapping[str, float | None]
    total: float | None


class Scores(Shape):
    """All scores as one run found them."""

    run_id: int
    at: str
    scores: Sequence[ScoreView]


class Dashboard(Shape):
    """The hub on one page."""

    at: str
    sources: Sequence[SourceView]
    entities: Sequence[EntityFigures]
    activities: Mapping[str, int] = Field(description="Activity type → number with a known customer.")
    records: int
    golden: int
    duplicates: int
    candidates: int
    quarantined: int
    pending: int = Field(description="Source records that wait to be matched.")
    scores: Scores | None = Field(description="As the last run found them; null before the first.")
    trend: Sequence[Scores] = Field(description="The same of the runs before, the oldest first.")
    runs: Sequence[RunView]


class FieldModel(Shape):
    """One field of the customer information model, and how much of its values is seen."""

    name: str
    label: Words
    type: str
    multi: bool
    privacy: str
    sight: str = Field(description="`clear`, `partly` or `hidden`.")


class EntityModel(Shape):
    """One entity type of the model."""

    name: str
    label: Words
    kind: str
    fields: Sequence[FieldModel]


class Me(Shape):
    """Who asks and what they may do."""

    name: str
    role: str
    rights: Sequence[str]
    must_change_password: bool


class Health(Shape):
    """That the hub answers."""

    status: str = Field(examples=["ok"])
    version: str


class AuditView(Shape):
    """One entry of the audit trail; ``hash`` chains it to the one before."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    hash: str
