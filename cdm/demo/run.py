"""``cdm demo``: generate the demo company, run the whole job over it, and judge it by its own truth."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from cdm.demo.generate import generate_demo
from cdm.demo.truth import DemoTruth, demo_sources
from cdm.errors import CdmError
from cdm.pipeline.golden import export_golden, parties
from cdm.pipeline.hub import Hub, open_hub, utc_now
from cdm.pipeline.quality_report import write_quality_report
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.report.figures import NextStep, RunSummary, TruthFigures
from schemas.model import Label
from schemas.progress import Progress

HUB, GOLDEN, QUALITY = "hub.db", "golden.xlsx", "quality.html"
CUSTOMERS = {"orders": "erp"}
"""Activities and the source that holds their customers' keys."""


class DemoError(CdmError):
    """The demo cannot be made there."""

    code, status, exit_code = "demo_refused", 409, 2


def run_demo(directory: Path, records: int, seed: int, language: str, progress: Progress) -> RunSummary:
    """Make the demo company in ``directory`` and bring it through the hub.

    A demo made there before is replaced; a folder that holds anything else is left alone.

    Raises:
        DemoError: the folder holds files that are no demo's.
    """
    _clear(directory)
    begin = time.perf_counter()
    progress("generate", 0, records)
    truth = generate_demo(directory, records=records, seed=seed, today=utc_now().date())
    progress("generate", records, records)
    generated = time.perf_counter() - begin
    with open_hub(str(directory / HUB)) as hub:
        for spec in demo_sources(directory):
            request = NewSource(
                spec.name, spec.location, spec.connector, spec.options, trust=spec.trust,
                customers=CUSTOMERS.get(spec.name, ""),
            )  # fmt: skip
            add_source(hub, request)
        summary = run_all(hub, progress)
        begin = time.perf_counter()
        summary = replace(summary, truth=judge(hub, truth))
        export_golden(hub, directory / GOLDEN, "", language)
        write_quality_report(hub, directory / QUALITY, language, truth=summary.truth)
        written = time.perf_counter() - begin
    seconds = {"generate": generated, **summary.seconds, "write": written}
    return replace(summary, seconds=seconds, next_steps=_next(directory))


def judge(hub: Hub, truth: DemoTruth) -> TruthFigures:
    """Compare the golden records with the truth."""
    import numpy as np

    from matching.evaluate import evaluate

    result = evaluate(np.array(golden_of(hub, truth)), np.array([one.truth_id for one in truth.records]))
    return TruthFigures(result.pairwise.precision, result.pairwise.recall, result.true_pairs)


def golden_of(hub: Hub, truth: DemoTruth) -> list[str]:
    """Return the golden id of every record of the truth; a record that reached no golden record stands alone."""
    found: dict[tuple[str, str], str] = {}
    for entity in parties(hub):
        table = hub.store.crosswalk.table(entity.name)
        source, key, golden = (table.column(name).to_pylist() for name in ("source", "key", "golden_id"))
        found |= dict(zip(zip(source, key, strict=True), golden, strict=True))
    return [found.get((one.source, one.key), f"{one.source}/{one.key}") for one in truth.records]


def _clear(directory: Path) -> None:
    if not directory.exists() or not any(directory.iterdir()):
        return
    if not (directory / "truth.csv").exists():
        raise DemoError(f"The folder {directory} holds other files.", remedy="Name an empty or new folder.")
    for name in (HUB, f"{HUB}-wal", f"{HUB}-shm", f"{HUB}.writer", GOLDEN, QUALITY):
        (directory / name).unlink(missing_ok=True)


def _next(directory: Path) -> list[NextStep]:
    hub = directory / HUB
    return [
        NextStep(f".venv/bin/cdm --hub {hub} serve", Label("打开工作台(浏览器)", "open the workbench, in a browser")),
        NextStep(f"open {directory / QUALITY}", Label("质量报告(浏览器打开)", "the quality report, in a browser")),
        NextStep(f"open {directory / GOLDEN}", Label("黄金记录(Excel 打开)", "golden records, in Excel")),
        NextStep(f".venv/bin/cdm --hub {hub} golden list", Label("浏览黄金记录", "browse golden records")),
        NextStep(f".venv/bin/cdm --hub {hub} source preview sales", Label("试导入:原值→标准值", "raw → cleansed")),
        NextStep(
            f".venv/bin/cdm dedupe {directory}/shop_export.csv --out clusters.csv --id user_id",
            Label("给一张表查重", "find duplicates in one table"),
        ),
        NextStep("make test", Label("运行测试", "run the tests")),
    ]
