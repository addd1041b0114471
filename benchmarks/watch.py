"""How much memory and processor time a job takes together with the processes it starts, and a database server's."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
EVERY = 0.2


def family(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents = {int(entry.name): _parent(entry) for entry in PROC.iterdir() if entry.name.isdigit()}
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def _parent(entry: Path) -> int:
    fields = _stat(entry)
    return int(fields[1]) if fields else 0


def _stat(entry: Path) -> list[str]:
    """Return the fields of ``/proc/PID/stat`` behind the name; none where the process has ended."""
    try:
        return (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def processor(root: int) -> float:
    """Return the processor seconds that a process, its descendants and those of them that ended have used."""
    every = [_stat(PROC / str(process)) for process in family(root)]
    return sum(sum(map(int, fields[11:15])) for fields in every if fields) / TICK


def memory(roots: list[int]) -> float:
    """Return the MB that some processes and their descendants hold now.

    Memory of their own is added up; shared memory, which all of a server's processes map, is counted once per root.
    """
    return sum(_held(root) for root in roots) / 1024


def _held(root: int) -> int:
    own, shared = 0, [0]
    for process in family(root):
        try:
            lines = (PROC / str(process) / "status").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        sizes = {line.split()[0]: int(line.split()[1]) for line in lines if line.startswith("Rss")}
        own += sizes.get("RssAnon:", 0)
        shared.append(sizes.get("RssFile:", 0) + sizes.get("RssShmem:", 0))
    return own + max(shared)


@contextmanager
def most_memory(roots: list[int]) -> Iterator[list[float]]:
    """Look again and again while the block runs; the list's only number is the most MB that were seen."""
    seen, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(EVERY):
            seen[0] = max(seen[0], memory(roots))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
