"""The figures reports are made of: plain data, filled by the pipeline, shown here.

Values are given as they are; whoever shows them masks personal data by ``type`` and ``privacy``
(:mod:`cdm.report.mask`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schemas.model import Label
from schemas.types import Privacy, SemanticType, Severity


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A source record: the source's name and the record's key in it."""

    source: str
    key: str


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What one source brought; ``records`` is what the hub keeps of it now, the others are counts of this run."""

    name: str
    connector: str
    records: int
    added: int = 0
    changed: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """Scores of one source, of one entity type or of all golden records.

    ``dimensions``: completeness, validity, uniqueness, consistency, timeliness → 0–100; None where not measurable.
    """

    subject: Label
    dimensions: Mapping[str, float | None]
    overall: float | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One value with what is needed to show it without telling too much."""

    value: str
    type: SemanticType = SemanticType.TEXT
    privacy: Privacy = Privacy.PERSONAL


@dataclass(frozen=True, slots=True)
class FindingFigures:
    """How often cleansing found one thing in one field (``field`` None: over all fields), with raw examples."""

    code: str
    severity: Severity
    text: Label
    count: int
    field: Label | None = None
    examples: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """How complete one field is: share (0–1) of records with a value, by source name, and of golden records."""

    entity: Label
    field: Label
    filled: Mapping[str, float | None]
    golden: float | None = None


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field of a compared pair: both values, how alike they are and what that weighs (bits, log2 of the odds)."""

    field: Label
    left: Shown
    right: Shown
    level: Label
    weight: float


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Two records that may be one customer.

    ``probability`` 0–1; ``prior`` is the weight before any field was compared, so that ``prior`` + the fields' weights
    is the pair's total weight in bits. ``ruled`` says what a rule or a steward's decision made of it all the same.
    """

    left: RecordRef
    right: RecordRef
    probability: float
    prior: float
    fields: Sequence[ComparedField]
    ruled: Label | None = None


@dataclass(frozen=True, slots=True)
class GoldenValue:
    """One value of a golden record and where it comes from."""

    field: Label
    value: Shown
    source: RecordRef
    reason: Label
    when: str = ""


@dataclass(frozen=True, slots=True)
class GoldenFigures:
    """One golden record as an example."""

    golden_id: str
    entity: Label
    records: Sequence[RecordRef]
    values: Sequence[GoldenValue]
    quality: float | None = None


@dataclass(frozen=True, slots=True)
class ClusterFigures:
    """Records found to be one customer, side by side: one row of values per record, one value per column."""

    golden_id: str
    columns: Sequence[Label]
    rows: Sequence[tuple[RecordRef, Sequence[Shown]]]


@dataclass(frozen=True, slots=True)
class TruthFigures:
    """Pairwise precision and recall (0–1) where the truth is known."""

    precision: float
    recall: float
    true_pairs: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class NextStep:
    """A command or a file to look at next, and what for."""

    command: str
    purpose: Label


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one run did.

    ``golden`` counts golden records by entity label; ``merged`` counts source records that joined another one
    automatically (party records minus golden records); ``review`` the pairs waiting for a steward; ``activities``
    records attached to golden records by entity label (transactions, …); ``quality`` the overall score of the golden
    records (0–100); ``seconds`` by stage in order.
    """

    sources: Sequence[SourceFigures]
    golden: Sequence[tuple[Label, int]]
    merged: int
    review: int
    quarantined: int = 0
    findings: Sequence[FindingFigures] = ()
    scores: Sequence[ScoreFigures] = ()
    quality: float | None = None
    activities: Sequence[tuple[Label, int]] = ()
    truth: TruthFigures | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    next_steps: Sequence[NextStep] = ()
    notes: Sequence[Label] = ()
    """What the user should know besides the figures."""
    held: Sequence[Label] = ()
    """Runs that did not pass their checks and wait for a steward, and why."""

    @property
    def golden_count(self) -> int:
        """Golden records of all entity types."""
        return sum(count for _, count in self.golden)

    @property
    def record_count(self) -> int:
        """Source records of all sources."""
        return sum(source.records for source in self.sources)


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Everything the data-quality page shows.

    ``cluster_sizes``: source records per golden record → how many golden records. ``candidates`` and
    ``golden_examples`` are a choice, not all of them.
    """

    generated_at: datetime
    summary: RunSummary
    fields: Sequence[FieldFigures] = ()
    cluster_sizes: Mapping[int, int] = field(default_factory=dict)
    candidates: Sequence[PairFigures] = ()
    golden_examples: Sequence[GoldenFigures] = ()


@dataclass(frozen=True, slots=True)
class LevelWeight:
    """One comparison level of a field: its weight in bits, and how often it occurs among matches and among others."""

    level: Label
    weight: float
    m: float
    u: float


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """What the model learned about one field."""

    entity: Label
    field: Label
    levels: Sequence[LevelWeight]


@dataclass(frozen=True, slots=True)
class DedupeReport:
    """Everything the deduplication page shows.

    ``distribution``: (lower bound of probability, upper bound, number of compared pairs) in rising order.
    ``merge_at`` and ``review_at`` are the two thresholds (probability, 0–1).
    """

    generated_at: datetime
    sources: Sequence[SourceFigures]
    customers: int
    merged_pairs: int
    review_pairs: int
    merge_at: float
    review_at: float
    cluster_sizes: Mapping[int, int]
    distribution: Sequence[tuple[float, float, int]] = ()
    weights: Sequence[FieldWeights] = ()
    clusters: Sequence[ClusterFigures] = ()
    review: Sequence[PairFigures] = ()
    seconds: float | None = None
