"""Check digits of personal and tax numbers outside China, by python-stdnum."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

from quality.cleanse.reference_data import reference

Kind = Literal["personal", "tax"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A number after its country's check: compact form, whether it is valid, and what it says about a person."""

    text: str
    valid: bool
    birth_date: str = ""
    gender: str = ""


@cache
def _tables() -> dict[str, Any]:
    data: dict[str, Any] = reference("numbering")
    return data


@cache
def _module(kind: Kind, country: str) -> ModuleType | None:
    name = _tables()[kind].get(country)
    return import_module(f"stdnum.{name}") if name else None


def is_eu_prefix(text: str) -> bool:
    """Tell whether a text begins with a member state's prefix of VAT numbers (GR writes EL, Northern Ireland XI)."""
    return text[:2] in _tables()["european_union"]


def check(kind: Kind, text: str, country: str) -> Checked | None:
    """Check a number by the rules of its country.

    Args:
        kind: ``personal`` or ``tax``.
        text: the number, without white space.
        country: ISO alpha-2 code of the issuing country.

    Returns:
        The compact form and what it says, or ``None`` where no check is known for the country.
    """
    module = _module(kind, country)
    if module is None or not text.isascii():
        return None
    from stdnum.exceptions import ValidationError

    try:
        compact = str(module.validate(text))
    except ValidationError:
        return Checked(text, valid=False)
    return Checked(compact, True, _said(module, "get_birth_date", compact), _said(module, "get_gender", compact))


def check_eu_vat(text: str) -> Checked | None:
    """Check a VAT number that carries its country prefix; ``None`` where the prefix is not of the European Union."""
    if not is_eu_prefix(text) or not text.isascii():
        return None
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError

    try:
        return Checked(str(vat.validate(text)), valid=True)
    except ValidationError:
        return Checked(text, valid=False)


def _said(module: ModuleType, function: str, number: str) -> str:
    """Return what a number says about a person; nothing where it says nothing."""
    ask = getattr(module, function, None)
    if ask is None:
        return ""
    from stdnum.exceptions import ValidationError

    try:
        answer = ask(number)
    except ValidationError:
        return ""
    text = "" if answer is None else str(answer)
    return {"M": "male", "F": "female"}.get(text, text)
