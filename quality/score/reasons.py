"""Why a record lost points: short texts like ``missing:phone`` that are put into words for the reader."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.errors import ModelError
from schemas.model import EntityType, Label

_KINDS: Mapping[str, Label] = {
    "missing": Label("缺少{0}", "{0} is missing"),
    "invalid": Label("{0}无效", "{0} is not valid"),
    "doubtful": Label("{0}存疑", "{0} is doubtful"),
    "duplicate": Label("共有 {0} 条记录是同一客户", "{0} records are the same customer"),
    "inconsistent": Label("{0}与{1}不一致", "{0} and {1} contradict each other"),
    "sources_disagree": Label("各来源内容不一致，一致率 {0}%", "Sources agree on {0} % only"),
    "stale": Label("已 {0} 天没有更新", "Not updated for {0} days"),
}


class Reasons:
    """Reasons of a batch while they are collected."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._texts: dict[str, int] = {}
        self._found: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []

    def add(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64], kind: str, *about: str) -> None:
        """Add one reason to some rows, given as a mask or as positions."""
        at = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)
        if len(at):
            code = self._texts.setdefault(":".join((kind, *about)), len(self._texts))
            self._found.append((at, np.full(len(at), code, dtype=np.int64)))

    def add_each(self, rows: npt.NDArray[np.bool_], kind: str, numbers: npt.NDArray[np.int64]) -> None:
        """Add a reason with a number of its own to each of some rows."""
        for number in np.unique(numbers[rows]):
            self.add(rows & (numbers == number), kind, str(number))

    def lists(self) -> pa.Array:
        """Return the reasons of each row as ``list<string>``; empty where there are none."""
        if not self._found:
            return pa.array([[]] * self._rows, pa.list_(pa.string()))
        rows = np.concatenate([at for at, _ in self._found])
        order = np.argsort(rows, kind="stable")
        codes = np.concatenate([codes for _, codes in self._found])[order]
        offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=self._rows))]).astype(np.int32)
        texts = pa.array(list(self._texts), pa.string()).take(pa.array(codes))
        return pa.ListArray.from_arrays(pa.array(offsets), texts)


def describe_reason(reason: str, entity: EntityType, language: str) -> str:
    """Put a reason into words.

    Args:
        reason: as :func:`quality.score.score_records` gives it, e.g. ``missing:phone``.
        entity: the entity type, for the labels of its fields.
        language: ``zh`` or ``en``.

    Returns:
        One phrase; the reason itself where its kind is not known.
    """
    kind, *about = reason.split(":")
    template = _KINDS.get(kind)
    if template is None:
        return reason
    return template.text(language).format(*(_named(text, entity, language) for text in about))


def _named(text: str, entity: EntityType, language: str) -> str:
    try:
        return entity[text].label.text(language)
    except ModelError:
        return text
