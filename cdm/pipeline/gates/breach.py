"""One limit that a run exceeded, in figures and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from schemas.model import Label


class Gate(StrEnum):
    """What is judged."""

    ROW_DROP = "row_drop"
    NULL_JUMP = "null_jump"
    QUARANTINE_JUMP = "quarantine_jump"
    CHURN = "churn"


WORDS: Mapping[Gate, Label] = {
    Gate.ROW_DROP: Label(
        "来源 {subject} 缺少 {figure} 的已有记录（{count:,} 条），上限 {limit}",
        "source {subject} lacks {figure} of the records it had ({count:,}); the limit is {limit}",
    ),
    Gate.NULL_JUMP: Label(
        "{subject} 为空的比例上升 {figure}，上限 {limit}",
        "{subject} is empty in {figure} more of the rows than before; the limit is {limit}",
    ),
    Gate.QUARANTINE_JUMP: Label(
        "来源 {subject} 无法读取的行的比例上升 {figure}（共 {count:,} 行），上限 {limit}",
        "source {subject} has {figure} more rows that cannot be read than before ({count:,} in all); "
        "the limit is {limit}",
    ),
    Gate.CHURN: Label(
        "{subject} 的黄金记录有 {figure} 将被合并、拆分或停用（{count:,} 条），上限 {limit}",
        "{figure} of the golden records of {subject} would merge, split or retire ({count:,}); the limit is {limit}",
    ),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """One limit that was exceeded; holds no personal data."""

    gate: Gate
    subject: str
    """The source, ``source.entity.field`` or the entity type."""
    figure: float
    """A share, 0 to 1."""
    limit: float
    count: int = 0
    """How many records, rows or golden records the share stands for."""

    def text(self, language: str) -> str:
        """Return it in words."""
        shares = {"figure": f"{self.figure:.1%}", "limit": f"{self.limit:.1%}"}
        return WORDS[self.gate].text(language).format(subject=self.subject, count=self.count, **shares)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept with the run."""
        return asdict(self)


def told(breaches: Iterable[Breach], language: str) -> str:
    """Return several breaches in one line."""
    return ("；" if language == "zh" else "; ").join(one.text(language) for one in breaches)


def breaches_of(stats: Mapping[str, Any]) -> Sequence[Breach]:
    """Return why a run was held, from the figures that are kept with it; empty where it was not."""
    return [Breach(**{**one, "gate": Gate(one["gate"])}) for one in stats.get("held") or ()]
