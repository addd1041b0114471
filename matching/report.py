"""What a matching run did, in figures: what was examined, what was not, what was found, how long each stage took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from matching.model import expected_counts
from schemas.progress import Progress, silent

if TYPE_CHECKING:
    from matching.blocking import Blocks
    from matching.cluster import Clustering
    from matching.records import Records
    from matching.result import MatchResult
    from matching.score import Scorer
    from matching.settings import MatchSettings


@dataclass
class MatchReport:
    """Figures of one run.

    Attributes:
        rows, records: rows of the table; records that differ in what is compared.
        columns: compared columns; ``dropped``: columns that cannot tell customers apart.
        pairs: pairs examined, of ``possible``; what is not examined was not found to be different.
        pairs_by_rule: blocking rule → pairs it proposed (rules overlap).
        oversize: blocking rule → (blocks, records) examined by sorted neighbourhood only; ``unexamined``: pairs of
            these blocks the rule left out. Not examined is not found to be different.
        classes: class of pairs → estimated number of pairs.
        shared_identifiers: column → values that turned out to be placeholders or shared.
        learned: False where the shipped parameters decided (small table).
        held_back: pairs above the merge threshold that go to review for narrow or unstable evidence.
        split_components: components too large to be examined whole.
        links_across: merged links between two sources.
        merge_threshold: probability from which records merged here, on average over the pairs a join brings together.
        expected_precision: share of merged pairs that is expected to be right.
        review_threshold: probability from which a steward is asked.
        seconds: stage → wall-clock seconds.
    """

    rows: int = 0
    records: int = 0
    columns: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    pairs: int = 0
    possible: int = 0
    pairs_by_rule: dict[str, int] = field(default_factory=dict)
    oversize: dict[str, tuple[int, int]] = field(default_factory=dict)
    unexamined: dict[str, int] = field(default_factory=dict)
    classes: dict[str, float] = field(default_factory=dict)
    shared_identifiers: dict[str, list[str]] = field(default_factory=dict)
    learned: bool = False
    held_back: int = 0
    split_components: int = 0
    clusters: int = 0
    merged_rows: int = 0
    review: int = 0
    links_across: int | None = None
    merge_threshold: float = 0.0
    expected_precision: float = 0.0
    review_threshold: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON-serialisable data."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in self.__dict__.items()}


class Stages:
    """Times the stages of a run and tells a progress listener about them."""

    NAMES = ("profile", "block", "compare", "learn", "score", "cluster")

    def __init__(self, progress: Progress = silent) -> None:
        self.report = MatchReport()
        self.progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        done = self.NAMES.index(name)
        self.progress(name, done, len(self.NAMES))
        begin = time.perf_counter()
        yield
        before = self.report.seconds.get(name, 0.0)
        self.report.seconds[name] = round(before + time.perf_counter() - begin, 3)
        self.progress(name, done + 1, len(self.NAMES))


def tell_pairs(report: MatchReport, rows: int, records: Records, blocks: Blocks, settings: MatchSettings) -> None:
    """Report what was read and examined."""
    count = len(records)
    report.rows, report.records = rows, count
    report.columns = tuple(f.name for f in records.features)
    report.dropped = tuple(c.name for c in records.dropped)
    report.pairs, report.possible = len(blocks.pairs), count * (count - 1) // 2
    report.pairs_by_rule, report.oversize, report.unexamined = blocks.rules, blocks.oversize, blocks.unexamined
    report.review_threshold = settings.review


def tell_model(report: MatchReport, scorer: Scorer, found: Clustering) -> None:
    """Report what the model estimates, and what was held back."""
    report.learned = not scorer.small
    report.merge_threshold = float(1 / (1 + np.exp(-scorer.cut)))
    report.expected_precision = round(scorer.model.precision.at(scorer.cut), 4)
    report.classes = {}
    for name, count in expected_counts(scorer.model):
        report.classes[name] = report.classes.get(name, 0.0) + round(count, 1)
    report.shared_identifiers = {name: list(values) for name, values in scorer.model.shared.items()}
    report.split_components = found.split
    report.held_back = int(np.isclose(found.odds, scorer.held).sum())


def tell_result(report: MatchReport, result: MatchResult, source: pa.Array | None) -> None:
    """Report what was found."""
    sizes = np.unique(result.clusters, return_counts=True)[1]
    report.clusters, report.merged_rows = len(sizes), int(sizes[sizes > 1].sum())
    report.review = result.review.num_rows
    if source is not None:
        report.links_across = _across(result, source)


def _across(result: MatchResult, source: pa.Array) -> int:
    """Count links inside clusters whose ends come from two sources."""
    codes = source.dictionary_encode()
    if isinstance(codes, pa.ChunkedArray):
        codes = codes.combine_chunks()
    origin = codes.indices.to_numpy(zero_copy_only=False)
    left, right = result.links["left"].to_numpy(), result.links["right"].to_numpy()
    together = result.clusters[left] == result.clusters[right]
    return int((together & (origin[left] != origin[right])).sum())
