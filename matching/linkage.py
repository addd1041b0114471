"""Average linkage of the few records of one group: how far apart pairs are, and who comes together when.

Most groups of linked records are tiny, and there are thousands of them in a large table. So those of three are linked
all at once, and small ones by plain Python, by the algorithm that SciPy has for large ones (nearest-neighbour chain,
Müllner 2011) step for step: its own preparations take longer than the linkage itself, and importing it as long as
clustering all groups of a million records.
"""

from __future__ import annotations

import numpy as np

from matching.arrays import FloatArray, IntArray
from matching.score import FORBIDDEN, REQUIRED

CLIP = 10.0
"""Log odds beyond this count as this: one overwhelming pair must not outweigh several against."""
FAR = 1e9
OFFSET = 1e4
FEW = 40
"""Groups of up to so many members are linked here, larger ones by SciPy."""

Join = tuple[int, int, float]
"""Two clusters that come together, numbered as SciPy numbers them, and their distance."""


def distances(odds: FloatArray) -> FloatArray:
    """Return how far apart pairs are, whatever their log odds."""
    distance = OFFSET + CLIP - np.clip(odds, -CLIP, CLIP)
    distance[odds <= FORBIDDEN] = FAR
    distance[odds >= REQUIRED] = 0.0
    return np.asarray(distance)


def triples(distance: FloatArray, limit: float) -> tuple[IntArray, FloatArray]:
    """Return what :func:`linked` does, of groups of three at once: most groups are no larger.

    Args:
        distance: between members 0 and 1, 0 and 2, 1 and 2 of each group, shape (groups, 3).
        limit: distance up to which records merge.

    Returns:
        Shape (groups, 3) both: the first member of each one's cluster, and the log odds at which pairs come together.
    """
    rows, nearest = np.arange(len(distance)), distance.argmin(axis=1)
    near = distance[rows, nearest]
    others = np.array([[1, 2], [0, 2], [0, 1]])[nearest]
    far = (distance[rows, others[:, 0]] + distance[rows, others[:, 1]]) / 2
    heights = np.repeat(far[:, None], 3, axis=1)
    heights[rows, nearest] = near
    paired = np.array([[0, 0, 2], [0, 1, 0], [0, 1, 1]])[nearest]
    flat = np.where((near <= limit)[:, None], paired, np.arange(3))
    flat[far <= limit] = 0
    return flat, OFFSET + CLIP - heights


def linked(distance: FloatArray, count: int, limit: float) -> tuple[IntArray, FloatArray]:
    """Return for every member of one group the first of its cluster, and the log odds at which members come together.

    Args:
        distance: of all pairs of the group's ``count`` members.
        limit: distance up to which records merge.
    """
    flat = list(range(count))
    heights = [[0.0] * count for _ in flat]
    groups = [[member] for member in flat]
    for one, two, height in _joins(distance, count):
        mine, other, odds = groups[one], groups[two], OFFSET + CLIP - height
        for a in mine:
            for b in other:
                heights[a][b] = heights[b][a] = odds
        groups.append(mine + other)
        if height <= limit:
            first = min(flat[mine[0]], flat[other[0]])
            for member in groups[-1]:
                flat[member] = first
    return np.array(flat, dtype=np.int64), np.array(heights)


def _joins(distance: FloatArray, count: int) -> list[Join]:
    """Return the joins of average linkage, the nearest first."""
    if count <= FEW:
        return _numbered(_chained(distance.tolist(), count), count)
    from scipy.cluster.hierarchy import linkage

    return [(int(one), int(two), height) for one, two, height, _ in linkage(distance, method="average").tolist()]


def _chained(distance: list[float], count: int) -> list[Join]:
    """Return the joins of average linkage in the order in which a chain of nearest neighbours finds them.

    A cluster bears the number of the member that joined last; of equally near neighbours the one before in the chain
    counts, then the first.
    """
    apart = _square(distance, count)
    sizes = dict.fromkeys(range(count), 1)
    found: list[Join] = []
    chain: list[int] = []
    while len(sizes) > 1:
        if not chain:
            chain.append(next(iter(sizes)))
        while True:
            row = apart[chain[-1]]
            nearest = chain[-2] if len(chain) > 1 else -1
            least = row[nearest] if len(chain) > 1 else np.inf
            for other in sizes:
                if row[other] < least and other != chain[-1]:
                    least, nearest = row[other], other
            if len(chain) > 1 and nearest == chain[-2]:
                break
            chain.append(nearest)
        x, y = sorted((chain.pop(), chain.pop()))
        found.append((x, y, least))
        _join(apart, sizes, x, y)
    return found


def _join(apart: list[list[float]], sizes: dict[int, int], x: int, y: int) -> None:
    """Let cluster ``y`` take in ``x``; how far it is from another is the mean over all its members."""
    mine, other = sizes.pop(x), sizes[y]
    for one in sizes:
        if one != y:
            apart[one][y] = apart[y][one] = (mine * apart[one][x] + other * apart[one][y]) / (mine + other)
    sizes[y] = mine + other


def _square(distance: list[float], count: int) -> list[list[float]]:
    """Return distances of pairs as rows."""
    apart = [[0.0] * count for _ in range(count)]
    pairs = iter(distance)
    for one in range(count):
        for two in range(one + 1, count):
            apart[one][two] = apart[two][one] = next(pairs)
    return apart


def _numbered(joins: list[Join], count: int) -> list[Join]:
    """Return joins of clusters in the order of their distances, clusters numbered in this order after the members."""
    of = list(range(count))
    found = []
    for number, (x, y, height) in enumerate(sorted(joins, key=lambda join: join[2]), start=count):
        one, two = sorted((_root(of, x), _root(of, y)))
        of += [number]
        of[one] = of[two] = number
        found.append((one, two, height))
    return found


def _root(of: list[int], cluster: int) -> int:
    """Return the cluster a cluster is in by now."""
    while of[cluster] != cluster:
        cluster = of[cluster]
    return cluster
