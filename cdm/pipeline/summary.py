"""What a run did, in the figures its reader wants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cdm.pipeline.active_model import WORDS, Why
from cdm.pipeline.assess import Assessment, assess
from cdm.pipeline.consolidate import Consolidated
from cdm.pipeline.gates import breaches_of, told
from cdm.pipeline.golden import parties
from cdm.pipeline.hub import Hub
from cdm.pipeline.increment import Increment
from cdm.pipeline.ingest import CHANGES, WHOLE, IngestCounts
from cdm.pipeline.score_lines import Line, keep_scores, overall, score_figures, score_lines, standing
from cdm.report.figures import FindingFigures, NextStep, RunSummary, SourceFigures
from cdm.store.runs import HELD, Run
from schemas.model import Label

NEXT = (
    NextStep("golden list", Label("浏览黄金记录", "browse golden records")),
    NextStep("golden export golden.xlsx", Label("导出黄金记录", "export golden records")),
    NextStep("report quality.html", Label("数据质量报告", "data-quality report")),
    NextStep("quarantine list", Label("查看隔离的行", "rows that could not be read")),
)


def summarize_run(
    hub: Hub,
    ingested: Sequence[IngestCounts],
    consolidated: Sequence[Consolidated | Increment],
    seconds: Mapping[str, float],
) -> RunSummary:
    """Return the summary of a run: its own counts and the state of the hub after it, whose scores are kept."""
    whole = [one for one in consolidated if isinstance(one, Consolidated)]
    kept = standing(hub) if len(whole) < len(consolidated) else None
    notes = [_learned(one) for one in whole if one.learned is not None and one.records]
    if kept is not None:
        summary = _with_scores(hub, _counted(hub, ingested), kept.scores)
        notes.append(_as_of(kept.at))
    else:
        assessments = [one.assessment for one in whole if one.records]
        if len(whole) < len(consolidated):
            assessments = assess(hub)
        keep_scores(hub, assessments)
        summary = summarize_state(hub, assessments, ingested)
    return replace(summary, seconds=dict(seconds), next_steps=NEXT, notes=notes)


def _as_of(time: str) -> Label:
    """Say that scores were not worked out anew."""
    at = time[:16].replace("T", " ")
    return Label(
        f"质量评分截至 {at} UTC：此后变化的记录很少，未重新计算；cdm report 会全部重新计算",
        f"quality scores as of {at} UTC: few records have changed since; cdm report works them out anew",
    )


def _learned(one: Consolidated) -> Label:
    """Say that a matching model was learned, why, and what it changed."""
    assert one.learned is not None
    entity, why, version = one.assessment.entity.label, WORDS[one.learned], one.model
    said = Label(
        f"{entity.zh}：已学习匹配模型 {version}（{why.zh}）",
        f"{entity.en}: learned matching model {version} ({why.en})",
    )
    if one.learned is Why.FIRST:
        return said
    moved = one.churn.moved
    return Label(
        f"{said.zh}；{moved:,} 条记录换了黄金记录", f"{said.en}; {moved:,} records changed their golden record"
    )


def summarize_state(hub: Hub, assessments: Sequence[Assessment], ingested: Sequence[IngestCounts] = ()) -> RunSummary:
    """Return the summary of the hub as it is; counts of new and changed rows come from ``ingested``, or from the last
    reading of each source."""
    findings = merge_findings([finding for one in assessments for finding in one.findings])
    return replace(_with_scores(hub, _counted(hub, ingested), score_lines(assessments)), findings=findings)


def _with_scores(hub: Hub, summary: RunSummary, lines: Sequence[Line]) -> RunSummary:
    return replace(summary, scores=score_figures(hub.model, lines), quality=overall(lines))


def _counted(hub: Hub, ingested: Sequence[IngestCounts]) -> RunSummary:
    """Return what can be told of the hub without reading its records."""
    quarantine, counted = hub.store.quarantine.count(), hub.store.records.count()
    records, golden = Counter[str](), hub.store.golden.count()
    for (_, entity), (count, _) in counted.items():
        records[entity] += count
    shown = [one for one in parties(hub) if records[one.name]]
    live = [golden.get(one.name, (0, 0))[0] for one in shown]
    return RunSummary(
        sources=_sources(hub, ingested, counted, quarantine),
        golden=[(one.label, count) for one, count in zip(shown, live, strict=True)],
        merged=sum(records[one.name] for one in shown) - sum(live),
        review=sum(hub.store.candidates.count().values()),
        quarantined=sum(sum(codes.values()) for codes in quarantine.values()),
        held=[_held(one) for one in held_runs(hub)],
        activities=[(hub.model[e].label, linked) for e, (linked, _) in hub.store.activities.count().items()],
    )


def held_runs(hub: Hub) -> list[Run]:
    """Return the runs that are held, the newest first; :func:`cdm.pipeline.gates.breaches_of` tells why."""
    return hub.store.runs.list(1000, status=HELD)


def _held(run: Run) -> Label:
    """Say that a run is held, and why."""
    breaches = breaches_of(run.stats)
    return Label(
        f"运行 {run.id} 已暂停生效，旧数据继续提供：{told(breaches, 'zh')}。放行：cdm runs release {run.id}",
        f"run {run.id} is held and the old state stays served: {told(breaches, 'en')}. "
        f"Let it through with cdm runs release {run.id}",
    )


def _sources(
    hub: Hub,
    ingested: Sequence[IngestCounts],
    counted: Mapping[tuple[str, str], tuple[int, int]],
    quarantine: Mapping[str, Mapping[str, int]],
) -> list[SourceFigures]:
    live: Counter[str] = Counter()
    for (source, _), (count, _) in counted.items():
        live[source] += count
    counts = {one.source: (one.rows.inserted, one.rows.updated) for one in ingested}
    return [
        SourceFigures(
            name=spec.name,
            connector=spec.connector,
            records=live[spec.name],
            added=(found := counts.get(spec.name) or _last_counts(hub, spec.name))[0],
            changed=found[1],
            quarantined=sum(quarantine.get(spec.name, {}).values()),
        )
        for spec in hub.sources()
    ]


def _last_counts(hub: Hub, source: str) -> tuple[int, int]:
    readings = [run for kind in (WHOLE, CHANGES) for run in hub.store.runs.list(1, kind=kind, source_name=source)]
    stats = max(readings, key=lambda run: run.id).stats if readings else {}
    return stats.get("inserted", 0), stats.get("updated", 0)


def merge_findings(findings: Sequence[FindingFigures]) -> list[FindingFigures]:
    """Add up the same finding in the same field of several entity types, most frequent first."""
    merged: dict[tuple[str, Label | None], FindingFigures] = {}
    for finding in findings:
        known = merged.get((finding.code, finding.field))
        if known is not None:
            finding = replace(known, count=known.count + finding.count)  # noqa: PLW2901
        merged[finding.code, finding.field] = finding
    return sorted(merged.values(), key=lambda f: (-f.count, f.code))
