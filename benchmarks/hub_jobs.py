"""What the hub is measured by, each in a process of its own: ``python -m benchmarks.hub_jobs JOB DATA HUB_URL``.

Prints one line of JSON: per stage wall seconds and processor seconds of the process and its workers; what came of it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SENDING = 1_000
"""Records that are sent at once."""
Stages = dict[str, list[float]]


def spent() -> float:
    """Return the processor seconds this process and its ended workers have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


@contextmanager
def stage(stages: Stages, name: str) -> Iterator[None]:
    """Take the time of one stage."""
    begin = time.perf_counter(), spent()
    yield
    stages[name] = [time.perf_counter() - begin[0], spent() - begin[1]]


def whole(data: Path, hub_url: str) -> dict[str, Any]:
    """Make a hub of a Parquet file: read, map, cleanse, store, match, merge, score, sum up."""
    from cdm.pipeline.hub import open_hub
    from cdm.pipeline.ingest import ingest_source
    from cdm.pipeline.run import consolidate_all
    from cdm.pipeline.sources import NewSource, add_source
    from cdm.pipeline.summary import summarize_run

    stages: Stages = {}
    with open_hub(hub_url) as hub:
        with stage(stages, "ingest"):
            add_source(hub, NewSource("crm", str(data), options={"key": "id"}))
            ingested = ingest_source(hub, "crm")
        with stage(stages, "match and merge"):
            done = consolidate_all(hub)
        with stage(stages, "sum up"):
            summary = summarize_run(hub, [ingested], done, {})
    figures = {"records": summary.record_count, "golden": summary.golden_count, "review": summary.review}
    return {"stages": stages, **figures}


def delta(data: Path, hub_url: str) -> dict[str, Any]:
    """Send the hub records that are new or changed, and let it match and merge them."""
    import pyarrow.parquet as pq

    from cdm.pipeline.hub import open_hub
    from cdm.pipeline.push import Pushing
    from cdm.pipeline.run import consolidate_all
    from cdm.pipeline.summary import summarize_run

    rows = pq.read_table(data).to_pylist()
    stages: Stages = {}
    with open_hub(hub_url) as hub:
        with stage(stages, "send"):
            pushing = Pushing(hub)
            for start in range(0, len(rows), SENDING):
                pushing("crm", rows[start : start + SENDING], "benchmark")
        with stage(stages, "match and merge"):
            done = consolidate_all(hub)
        with stage(stages, "sum up"):
            summary = summarize_run(hub, [], done, {})
    modes = [one.stats()["mode"] for one in done]
    return {"stages": stages, "records": len(rows), "golden": summary.golden_count, "mode": modes}


JOBS: dict[str, Callable[[Path, str], dict[str, Any]]] = {"whole": whole, "delta": delta}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])))
