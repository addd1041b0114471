"""Reasons in words: codes in explanations, sentences in ``reasons.yaml``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from schemas.model import Label

if TYPE_CHECKING:
    from matching.explain.pair import Explanation

Name = Callable[[str], Label]
"""What a field is called."""
Show = Callable[[str, str], str]
"""Field and value → the value as it may be shown."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against a pair, or that decided about it.

    Attributes:
        code: as listed in ``reasons.yaml``.
        fields: what it is about.
        left, right: values of the two records, where the reason names them.
        kind: kind of pair, where the reason names one.
    """

    code: str
    fields: tuple[str, ...] = ()
    left: str | None = None
    right: str | None = None
    kind: Label | None = None

    def text(self, name: Name, show: Show) -> Label:
        """Return the reason as one sentence.

        Args:
            name: what a field is called.
            show: masks values.
        """
        field = self.fields[0] if self.fields else ""
        values = {side: show(field, value or "") for side, value in (("left", self.left), ("right", self.right))}
        joint = _words()["joint"]
        said = {
            language: template.format(
                fields=joint[language].join(name(one).text(language) for one in self.fields),
                kind=self.kind.text(language) if self.kind else "",
                **values,
            )
            for language, template in _words()["reasons"][self.code].items()
        }
        return Label(**said)

    def to_dict(self) -> dict[str, Any]:
        """Return the reason as JSON-serialisable data."""
        kind = None if self.kind is None else {"zh": self.kind.zh, "en": self.kind.en}
        return {"code": self.code, "fields": list(self.fields), "left": self.left, "right": self.right, "kind": kind}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Reason:
        """Build a reason from ``to_dict``'s data."""
        kind = Label(**raw["kind"]) if raw.get("kind") else None
        return Reason(str(raw["code"]), tuple(raw["fields"]), raw.get("left"), raw.get("right"), kind)


def sentences(explanation: Explanation, name: Name, show: Show) -> Iterator[Label]:
    """Yield an explanation in plain sentences, the verdict first.

    Args:
        explanation: of a pair.
        name: what a field is called.
        show: masks values.
    """
    templates = _words()["verdicts"][explanation.verdict]
    probability = percent(explanation.probability)
    yield Label(**{language: said.format(probability=probability) for language, said in templates.items()})
    for reason in explanation.reasons:
        yield reason.text(name, show)


def percent(probability: float) -> str:
    """Return a probability in per cent, never rounded to certainty."""
    if 0 < probability < 0.0001:
        return "< 0.01 %"
    if 0.9999 < probability < 1:
        return "> 99.99 %"
    return f"{probability * 100:.2f} %"


@cache
def _words() -> dict[str, Any]:
    """Load the templates once."""
    found: dict[str, Any] = yaml.safe_load(files("matching.explain").joinpath("reasons.yaml").read_text("utf-8"))
    return found
