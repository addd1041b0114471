"""Typed options of a connector: declared once in a dataclass, checked when a source is opened, listed in the docs.

An options class is a frozen dataclass whose fields are made by :func:`option`; its types may be ``str``, ``int``,
``float`` or ``bool``, with ``| None`` for "decided from the data".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_type_hints

from connectors.errors import OptionsInvalid, did_you_mean

TRUE_WORDS = frozenset({"1", "true", "yes", "on", "是"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", "否"})


class OptionsClass(Protocol):
    """A frozen dataclass of options."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


OptionsT = TypeVar("OptionsT", bound=OptionsClass)


@dataclass(frozen=True, slots=True)
class Option:
    """One option as the documentation shows it."""

    name: str
    kind: str
    default: str
    help: str


def option(help_text: str, default: Any = None) -> Any:
    """Declare an option with one line of help; ``None`` means it is decided from the data."""
    return field(default=default, metadata={"help": help_text})


def list_options(options_class: type[OptionsClass]) -> tuple[Option, ...]:
    """Return what the options of a connector are called, take and mean."""
    kinds = _kinds(options_class)
    return tuple(
        Option(
            name=f.name,
            kind=kinds[f.name].__name__,
            default="" if f.default in (None, MISSING) else str(f.default),
            help=str(f.metadata.get("help", "")),
        )
        for f in fields(options_class)
    )


def parse_options(connector: str, options_class: type[OptionsT], given: Mapping[str, str]) -> OptionsT:
    """Turn the texts a user gave into the typed options of ``connector``.

    Raises:
        OptionsInvalid: an option is unknown (the known ones are listed) or its value does not fit.
    """
    kinds = _kinds(options_class)
    values: dict[str, Any] = {}
    for name, text in given.items():
        if name not in kinds:
            raise OptionsInvalid(
                f"The connector '{connector}' has no option '{name}'.", remedy=did_you_mean(name, kinds), option=name
            )
        values[name] = _convert(connector, name, kinds[name], str(text))
    return options_class(**values)


def _kinds(options_class: type[OptionsClass]) -> dict[str, type]:
    hints = get_type_hints(options_class)
    kinds = {}
    for f in fields(options_class):
        args = [a for a in get_args(hints[f.name]) if a is not type(None)]
        kinds[f.name] = args[0] if args else hints[f.name]
    return kinds


def _convert(connector: str, name: str, kind: type, text: str) -> Any:
    word = text.strip().casefold()
    if kind is bool and word in TRUE_WORDS | FALSE_WORDS:
        return word in TRUE_WORDS
    if kind is not bool:
        try:
            return kind(text)
        except ValueError:
            pass
    wanted = {bool: "true or false", int: "a whole number", float: "a number"}.get(kind, "text")
    raise OptionsInvalid(
        f"Option '{name}' of the connector '{connector}' is '{text}'.",
        remedy=f"Give {wanted}.",
        option=name,
        value=text,
    )
