"""What an alert says: which run of which hub, and which limit or error; never a customer's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from schemas.model import Label


class Event(StrEnum):
    """What happened."""

    FAILED = "failed"
    HELD = "held"


TITLES = {
    Event.FAILED: Label("客户主数据：流程失败", "Customer master data: a run failed"),
    Event.HELD: Label("客户主数据：数据已暂停生效", "Customer master data: a run is held"),
}
WORDS = {
    "hub": Label("主数据库", "hub"),
    "flow": Label("流程", "flow"),
    "error": Label("错误", "error"),
    "todo": Label(
        "处理：cdm runs --held，然后 cdm runs release 或 cdm runs reject",
        "see cdm runs --held, then release or reject it",
    ),
}


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert."""

    event: Event
    at: str
    """ISO 8601, UTC."""
    hub: str
    """Its address without any password."""
    flow_run: str
    """Name of the flow run in Prefect."""
    lines: Sequence[str] = ()
    """What is held and why."""
    error: str = ""
    """Code of the error, where there is one."""

    def text(self, language: str) -> str:
        """Return the alert for people."""
        said = {"hub": self.hub, "flow": self.flow_run, "error": self.error}
        known = [f"{WORDS[name].text(language)}: {value}" for name, value in said.items() if value]
        last = [WORDS["todo"].text(language)] if self.event is Event.HELD else []
        return "\n".join([TITLES[self.event].text(language), *known, *self.lines, *last])

    def as_json(self, language: str) -> dict[str, Any]:
        """Return the alert for programs, with the text people read."""
        return {**asdict(self), "lines": list(self.lines), "text": self.text(language)}
