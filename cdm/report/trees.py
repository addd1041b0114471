"""The links that hold a cluster together, drawn as a tree in inline SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cdm.report.charts import svg, text

if TYPE_CHECKING:
    from markupsafe import Markup

    from cdm.report.explanation import ClusterView

WIDTH, ROW, STEP = 400, 30, 22
MOST = 40
"""Records that are drawn; the list below shows all."""


def tree(view: ClusterView) -> Markup:
    """Draw a cluster's records as a tree: each hangs on the one it is linked to, the link's bits on the line.

    Args:
        view: the cluster.
    """
    names = [f"{ref.source} · {ref.key}" for ref, _ in view.rows]
    place = {(ref.source, ref.key): at for at, (ref, _) in enumerate(view.rows)}
    edges: dict[int, list[tuple[int, int]]] = {at: [] for at in range(len(names))}
    for number, link in enumerate(view.links):
        a, b = (place[one.source, one.key] for one in (link.left, link.right))
        edges[a].append((b, number))
        edges[b].append((a, number))
    order = _order(edges)[:MOST]
    row = {node: at for at, (node, _, _, _) in enumerate(order)}
    body = []
    for node, parent, number, depth in order:
        x, y = 16 + depth * STEP, ROW * row[node] + 18
        if parent >= 0:
            css = "link weak" if number == len(view.links) - 1 else "link"
            up, px = ROW * row[parent] + 18, 16 + (depth - 1) * STEP
            body.append(f'<path d="M{px} {up + 7} V{y} H{x - 7}" class="{css}"/>')
        body.append(f'<circle cx="{x}" cy="{y}" r="6" class="node"/>')
        said = names[node] if parent < 0 else f"{names[node]}   {view.links[number].weight:+.1f}"
        body.append(text(x + 14, y + 4, said, "value", "start"))
    return svg("".join(body), WIDTH, ROW * len(order) + 6, "Links")


def _order(edges: Mapping[int, Sequence[tuple[int, int]]]) -> list[tuple[int, int, int, int]]:
    """Return (node, parent, link, depth) from the best connected record on, children below their parent."""
    root = max(edges, key=lambda node: (len(edges[node]), -node))
    found, waiting = [], [(root, -1, -1, 0)]
    while waiting:
        node, parent, number, depth = waiting.pop()
        found.append((node, parent, number, depth))
        children = [(child, link) for child, link in edges[node] if child != parent]
        waiting += [(child, node, link, depth + 1) for child, link in sorted(children, key=lambda one: -one[1])]
    return found
