"""What a record costs on Spark, stage by stage: ``python -m benchmarks.spark_costs RECORDS [MASTER]``.

Generated persons go the way of ``cdm match``: a model is learned once in this process, then applied by both runners.
Printed per stage: seconds, processor seconds of all processes (they do not depend on what else the machine does), and
bytes written to shuffles as Spark itself counts them. ``docs/scaling.md`` reckons with these figures.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq

from benchmarks.persons import generate
from cdm.pipeline.match import MatchRequest, run_match

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Costs:
    """Listens to a run and sums up what its stages cost."""

    spark: bool = False
    wall: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    stage: str = "start"
    since: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        self.since = (time.perf_counter(), processor_seconds())

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Take what passed since the last call for the cost of the stage that was under way."""
        now = (time.perf_counter(), processor_seconds())
        self.wall[self.stage] += now[0] - self.since[0]
        self.cpu[self.stage] += now[1] - self.since[1]
        self.stage, self.since = stage.removeprefix("match person: "), now
        if self.spark:
            from pyspark import SparkContext

            context = SparkContext._active_spark_context
            if context is not None:
                context.setJobDescription(self.stage)


def processor_seconds() -> float:
    """Return the processor seconds of this process and all it has started, Java and Python workers among them."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:  # it has just ended
                continue
            parents[int(folder.name)] = int(words[1])
            used[int(folder.name)] = sum(int(w) for w in words[11:15]) / TICK
    return sum(seconds for pid, seconds in used.items() if os.getpid() in _line(pid, parents))


def _line(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid in parents:
        yield pid
        pid = parents[pid]


def shuffled(log: Path) -> dict[str, list[float]]:
    """Return, per stage, bytes written to shuffles, bytes spilled, and task seconds, from Spark's event log."""
    described: dict[int, str] = {}
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for file in sorted(log.rglob("events_*")):  # beside them lie checksums and the application's state
        for line in file.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["Event"] == "SparkListenerJobStart":
                name = event["Properties"].get("spark.job.description", "start")
                described |= {stage: name for stage in event["Stage IDs"] if stage not in described}
            elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                metrics = event["Task Metrics"]
                total = sums[described.get(event["Stage ID"], "start")]
                total[0] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                total[1] += metrics["Disk Bytes Spilled"]
                total[2] += metrics["Executor Run Time"] / 1000
    return sums


def show(title: str, costs: Costs, records: int, sums: dict[str, list[float]]) -> None:
    """Print one table."""
    print(
        f"\n{title}\n"
        "| stage | seconds | processor seconds | µs of processor per record | shuffled B per record | spilled |"
    )
    print("|---|---|---|---|---|---|")
    for stage, wall in [*costs.wall.items(), ("total", sum(costs.wall.values()))]:
        cpu = sum(costs.cpu.values()) if stage == "total" else costs.cpu[stage]
        own = [sum(s[i] for s in sums.values()) for i in range(3)] if stage == "total" else sums.get(stage, [0, 0, 0])
        print(
            f"| {stage} | {wall:.1f} | {cpu:.1f} | {cpu / records * 1e6:.0f} | {own[0] / records:.0f} | {own[1]:.0f} |"
        )


def main() -> None:
    """Measure both runners on the same file under the same model."""
    records = int(sys.argv[1])
    master = sys.argv[2] if len(sys.argv) > 2 else "local[2]"
    with TemporaryDirectory(prefix="cdm-spark-costs-") as name:
        folder = Path(name)
        pq.write_table(generate(records).drop_columns(["id", "person"]), folder / "in.parquet", row_group_size=200_000)
        learned = Costs()
        run_match(MatchRequest(str(folder / "in.parquet"), folder / "a.parquet", save_model=folder / "model"), learned)
        learned("end", 0)
        show("Local, learning", learned, records, {})
        local = Costs()
        run_match(MatchRequest(str(folder / "in.parquet"), folder / "b.parquet", model=folder / "model"), local)
        local("end", 0)
        show("Local, model given", local, records, {})
        (folder / "log").mkdir()
        conf = {"spark.eventLog.enabled": "true", "spark.eventLog.dir": (folder / "log").as_uri()}
        conf["spark.eventLog.compress"] = "false"
        request = MatchRequest(
            str(folder / "in.parquet"),
            folder / "c.parquet",
            model=folder / "model",
            runner="spark",
            master=master,
            conf=conf,
        )
        spark = Costs(spark=True)
        outcome = run_match(request, spark)
        spark("end", 0)
        show(f"Spark, {master}, model given", spark, records, shuffled(folder / "log"))
        same = all(pq.read_table(folder / f"b{p}.parquet") == pq.read_table(folder / f"c{p}.parquet") for p in PARTS)
        print(f"\n{outcome}\nthe same files from both runners: {same}")


PARTS = ("", ".links", ".review")

if __name__ == "__main__":
    main()
