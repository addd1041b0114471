"""Why a case is asked about, in words."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.model import Label

WHY: Mapping[str, Label] = {
    "coincidental": Label("内容相同但太常见", "Alike, but so are many"),
    "chained": Label("可能是另一家门店", "Perhaps another shop of a chain"),
    "misnamed": Label("名称完全不同", "The whole name differs"),
    "outvoted": Label("一处一致，一处矛盾", "One thing agrees, one conflicts"),
    "narrow": Label("证据太单一", "Too few kinds of evidence"),
    "unstable": Label("证据不稳定", "Unstable evidence"),
    "kept_apart": Label("整体上不够一致", "Alike, but not as a whole"),
    "uncertain": Label("证据不足以自动判定", "Not enough evidence either way"),
    "identifier_apart": Label("有效证号不同，不能是同一客户", "Conflict: two different valid numbers"),
}
"""Words of :data:`cdm.store.review_cases.REASONS`."""


def why(code: str) -> Label:
    """Return a reason in words; one of another release is returned as it is."""
    return WHY.get(code, Label(code, code))
