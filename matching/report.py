"""What a matching run did, in figures: what was examined, what was not, what was found, how long each stage took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from schemas.progress import Progress, silent


@dataclass
class MatchReport:
    """Figures of one run.

    Attributes:
        rows, records: rows of the table; records that differ in what is compared.
        columns: compared columns; ``dropped``: columns that cannot tell customers apart.
        pairs: pairs examined, of ``possible``; what is not examined was not found to be different.
        pairs_by_rule: blocking rule → pairs it proposed (rules overlap).
        oversize: blocking rule → (blocks, records) examined by sorted neighbourhood only.
        classes: class of pairs → estimated number of pairs.
        shared_identifiers: column → values that turned out to be placeholders or shared.
        learned: False where the shipped parameters decided (small table).
        held_back: pairs above the merge threshold that go to review for narrow or unstable evidence.
        split_components: components too large to be examined whole.
        links_across: merged links between two sources.
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
    review_threshold: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON-serialisable data."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in self.__dict__.items()}


class Stages:
    """Times the stages of a run and tells a progress listener about them."""

    NAMES = ("profile", "block", "compare", "learn", "score", "cluster")

    def __init__(self, report: MatchReport, progress: Progress = silent) -> None:
        self.report = report
        self.progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        done = self.NAMES.index(name)
        self.progress(name, done, len(self.NAMES))
        begin = time.perf_counter()
        yield
        self.report.seconds[name] = round(time.perf_counter() - begin, 3)
        self.progress(name, done + 1, len(self.NAMES))
