"""Runs of jobs in lists: what each was, how it ended, what it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cdm.ui.charts import meter
from cdm.ui.elements import chip, tag
from cdm.ui.figures import duration, number, percent, span, when

if TYPE_CHECKING:
    from cdm.service.overview_shapes import RunProgress, RunView
    from cdm.ui.words import Words

RUNNING = "running"
STATUS = {"finished": "good", RUNNING: "info", "failed": "error", "held": "warning", "rejected": "error"}
"""Status of a run → how its chip looks."""
DONE = ("inserted", "updated", "deleted", "quarantined", "created", "changed", "merged", "moved", "retired", "revived")
"""Figures of a run that tell what it did, in the order they are shown."""


def done(stats: Mapping[str, Any]) -> dict[str, int]:
    """Return what a run did: figure → number, added up over entity types; what it did not do is left out."""
    sums = dict.fromkeys(DONE, 0)
    for name, value in _figures(stats):
        if name in sums:
            sums[name] += value
    return {name: value for name, value in sums.items() if value}


def _figures(stats: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the figures of a run; of what it did to golden records the churn alone, which says it in ids."""
    for name, value in stats.items():
        if isinstance(value, dict):
            yield from _figures({k: v for k, v in value.items() if name != "changed" or k in ("created", "changed")})
        elif isinstance(value, int):
            yield name, value


def run_name(one: RunView, words: Words) -> str:
    """Return what a run was: the job, and the source it read."""
    said = words.of("runs.kinds", one.kind)
    return f"{said} · {one.source}" if one.source else said


def status_chip(status: str, words: Words) -> None:
    """Show how a run stands."""
    chip(words.of("runs.status", status), STATUS.get(status, ""))


def figures_line(one: RunView, words: Words) -> str:
    """Return in one line what a run did."""
    said = [f"{words.of('runs.done', name)} {number(value)}" for name, value in done(one.stats).items()]
    return " · ".join(said) or words("runs.nothing")


def stage_name(stage: str, words: Words) -> str:
    """Return what a stage is called: ``go live erp``, ``match person: compare`` by what is done in it."""
    whole, _, part = stage.partition(": ")
    verb = next((one for one in ("go live", "ingest", "cleanse", "match", "merge") if whole.startswith(one)), whole)
    return words.of("runs.stages", part or verb)


def progress_line(one: RunProgress, words: Words) -> None:
    """Show how far a run has come, how fast it is, and how long that takes where it can be told."""
    known = bool(one.total) and one.done <= (one.total or 0)
    share = one.done / one.total if known and one.total else None
    rate = one.done / one.seconds if one.seconds >= 1 and one.done else None
    said = [stage_name(one.stage, words)]
    if share is not None:
        told = {"done": number(one.done), "total": number(one.total), "share": percent(share)}
        said.append(words("runs.progress.of", **told))
    elif one.done:
        said.append(number(one.done))
    if rate is not None:
        said.append(words("runs.progress.rate", rate=number(rate)))
        if share is not None and one.total and one.done < one.total:
            said.append(words("runs.progress.left", time=span((one.total - one.done) / rate, words)))
    with tag("div", css="run-progress", data_progress=True):
        if share is not None:
            meter(share)
        tag("div", " · ".join(said), "soft small")


def run_line(one: RunView, words: Words) -> None:
    """Show a run in a short list."""
    with tag("li", css="run-line"):
        with tag("div", css="line"):
            tag("a", run_name(one, words), "strong link-quiet", href=f"/runs#run-{one.id}")
            with tag("span", css="end"):
                status_chip(one.status, words)
        with tag("div", css="line close soft small"):
            when(one.finished_at or one.started_at, words)
            tag("span", "·")
            tag("span", duration(one.started_at, one.finished_at, words))
        if one.status != RUNNING:  # what it will have done is not known yet
            said = one.error or figures_line(one, words)
            tag("div", said, "small wrap-any" + (" bad-text" if one.error else " soft"))
