"""Print the size of files and functions and fail where the house's limits are passed.

Limits: file median ≤ 100 lines, 90th percentile ≤ 300, none over 500; function median ≤ 10, 90th percentile ≤ 30,
none over 60. Tests are counted apart and not limited.
"""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("schemas", "connectors", "quality", "matching", "cdm", "flows")
FILE_LIMITS = (100, 300, 500)
FUNCTION_LIMITS = (10, 30, 60)


def functions(path: Path) -> list[tuple[int, str]]:
    """Return (lines, place) of every function in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    ]


def percentile(sizes: list[int], share: float) -> int:
    """Return the value below which ``share`` of the sizes lie."""
    return sorted(sizes)[min(len(sizes) - 1, int(share * len(sizes)))]


def judge(what: str, sized: list[tuple[int, str]], limits: tuple[int, int, int]) -> bool:
    """Print one line of figures and every piece over the hard limit; return whether all limits hold."""
    sizes = [size for size, _ in sized]
    figures = (int(statistics.median(sizes)), percentile(sizes, 0.9), max(sizes))
    print(f"{what}: {len(sizes)} · median {figures[0]} · 90th {figures[1]} · longest {figures[2]}   limits {limits}")
    for size, place in sorted(sized, reverse=True):
        if size > limits[2]:
            print(f"  too long: {size} lines  {place}")
    return all(figure <= limit for figure, limit in zip(figures, limits, strict=True))


def main() -> int:
    """Measure all rooms."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    files = [(len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(ROOT))) for path in paths]
    good = [
        judge("files", [f for f in files if f[0] > 1], FILE_LIMITS),
        judge("functions", [f for path in paths for f in functions(path)], FUNCTION_LIMITS),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
