"""The shipped parameters: what is known about customer fields before any data is seen (``defaults.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from matching.columns import Kind
from schemas.model import Label

NO_EVIDENCE = frozenset({"weak"})
"""Categories: two customers agree on them every other time."""
WEAK_GROUPS = NO_EVIDENCE | frozenset({"place"})
"""Places besides: shared by thousands."""


@dataclass(frozen=True, slots=True)
class FieldPrior:
    """Prior of one field: level probabilities of true matches, chance agreement, group of evidence."""

    group: str
    partial: tuple[float, float, float, float]
    chance: float
    alone: bool = False
    """Equality is enough to merge in a table that has nothing else to compare."""
    whole: bool = False
    """The field holds a whole name, worth asking about by itself."""
    partial_chance: tuple[float, float, float] | None = None
    """As in :class:`Defaults`, where the field is unlike others of its kind."""


@dataclass(frozen=True, slots=True)
class RelatedPrior:
    """A kind of pair that is related but not the same."""

    name: str
    label: Label
    agree: Mapping[str, float]
    differ: frozenset[str]
    rate: float


@dataclass(frozen=True, slots=True)
class Defaults:
    """Everything in ``defaults.yaml``."""

    kinds: Mapping[str, FieldPrior]
    partial_chance: Mapping[str, tuple[float, float, float]]
    """Per kind: probabilities of weak, close and near between different customers."""
    fields: Mapping[str, FieldPrior]
    related: tuple[RelatedPrior, ...] = field(default_factory=tuple)


@cache
def defaults() -> Defaults:
    """Load the shipped parameters once."""
    raw: dict[str, Any] = yaml.safe_load(files("matching").joinpath("defaults.yaml").read_text(encoding="utf-8"))
    related = tuple(
        RelatedPrior(
            name, Label(**entry["label"]), dict(entry["agree"]), frozenset(entry["differ"]), float(entry["rate"])
        )
        for name, entry in raw["related"].items()
    )
    partial = {}
    for kind, entry in raw["kinds"].items():
        partial[kind] = _three(entry["chance"])
    return Defaults(_priors(raw["kinds"]), partial, _priors(raw["fields"]), related)


def _priors(section: Mapping[str, Any]) -> dict[str, FieldPrior]:
    """Read one section of field priors."""
    priors = {}
    for name, entry in section.items():
        conflict, weak, close, near = (float(x) for x in entry["m"])
        priors[name] = FieldPrior(
            group=str(entry["group"]),
            partial=(conflict, weak, close, near),
            chance=float(entry["u"]),
            alone=bool(entry.get("alone", False)),
            whole=bool(entry.get("whole", False)),
            partial_chance=_three(entry["chance"]) if "chance" in entry else None,
        )
    return priors


def _three(raw: Any) -> tuple[float, float, float]:
    """Read three probabilities."""
    weak, close, near = (float(x) for x in raw)
    return weak, close, near


CLASS_LABELS = {
    "chance": Label("偶然相似", "chance"),
    "related": Label("相关而非同一", "related, not the same"),
    "variant": Label("写法不同的同一客户", "one customer written differently"),
    "same": Label("同一客户", "the same customer"),
}


def class_label(name: str) -> Label:
    """Return what a class of pairs is called: chance, household, namesake …"""
    kinds = {kind.name: kind.label for kind in defaults().related}
    return kinds.get(name) or CLASS_LABELS.get(name) or Label(name, name)


def prior(name: str, kind: Kind) -> FieldPrior:
    """Return the prior of a field of the model, or of its kind where the field is not listed."""
    shipped = defaults()
    return shipped.fields.get(name) or shipped.kinds[kind.value]


def chance(name: str, kind: Kind) -> float:
    """Return the shipped probability that two different customers agree on the field."""
    return prior(name, kind).chance


def partial_chance(name: str, kind: Kind) -> tuple[float, float, float]:
    """Return the shipped probabilities that two different customers agree weakly, closely and nearly."""
    return prior(name, kind).partial_chance or defaults().partial_chance[kind.value]


def group(name: str, kind: Kind) -> str:
    """Return the group of evidence a field belongs to; fields without a group of their own stand alone."""
    found = prior(name, kind).group
    return f"other:{name}" if found == "other" else found
