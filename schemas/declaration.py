"""One entity type as one YAML file declares it: checked key by key, not yet merged with other files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, TypeVar

from schemas.errors import ModelError
from schemas.model import Derivation, Label
from schemas.types import EntityKind, MatchRole, Privacy, SemanticType, Survivorship
from schemas.yaml_document import Document

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
RESERVED = frozenset({"mixed", "auto"})
LANGUAGES = ("zh", "en", "other")

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """The attributes one file gives a field (``schemas.model.Field`` names), and where they stand."""

    attributes: Mapping[str, object]
    more_synonyms: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class EntityDeclaration:
    """What one file says about one entity type; ``label`` and ``kind`` may be left to the file it extends."""

    name: str
    label: Label | None
    kind: EntityKind | None
    fields: Mapping[str, FieldDeclaration]
    place: str


def suggest(wrong: str, known: Iterable[str]) -> str:
    """Say what may have been meant, or what there is."""
    known = list(known)
    near = difflib.get_close_matches(wrong, known, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Use one of: {', '.join(known)}."


def declare(document: Document) -> EntityDeclaration:
    """Check the YAML of one entity type.

    Args:
        document: the file's content.

    Returns:
        The declaration, every value of its right type.

    Raises:
        ModelError: for an unknown key, a wrong type or an unknown word, naming file, line, field and remedy.
    """
    return _Reader(document).entity()


class _Reader:
    """Reads one document; every refusal names the place."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._readers: dict[str, Callable[[object, tuple[str, ...]], object]] = {
            "label": self._label,
            "type": lambda value, at: self._word(value, SemanticType, at),
            "multi": self._flag,
            "required": self._flag,
            "allowed": self._texts,
            "pattern": self._pattern,
            "privacy": lambda value, at: self._word(value, Privacy, at),
            "synonyms": self._synonyms,
            "survivorship": lambda value, at: self._word(value, Survivorship, at),
            "match": lambda value, at: self._word(value, MatchRole, at),
            "weight": self._weight,
            "derived": self._derivation,
        }

    def entity(self) -> EntityDeclaration:
        data = self._mapping(self._document.data, ())
        self._known(data, ("entity", "label", "kind", "fields"), ())
        if "entity" not in data:
            self._refuse((), "the file does not say which entity type it describes", "Begin it with 'entity: <name>'.")
        name = self._name(data["entity"], ("entity",))
        if name in RESERVED:
            self._refuse(("entity",), f"'{name}' is a reserved word", "Choose another name for the entity type.")
        fields = self._mapping(data.get("fields") or {}, ("fields",))
        return EntityDeclaration(
            name,
            self._label(data["label"], ("label",)) if "label" in data else None,
            self._word(data["kind"], EntityKind, ("kind",)) if "kind" in data else None,
            {self._name(key, ("fields", key)): self._field(key, value) for key, value in fields.items()},
            self._document.place("entity"),
        )

    def _field(self, name: str, value: object) -> FieldDeclaration:
        at = ("fields", name)
        data = self._mapping(value, at)
        self._known(data, (*self._readers, "more_synonyms"), at)
        more = self._synonyms(data["more_synonyms"], (*at, "more_synonyms")) if "more_synonyms" in data else ()
        attributes = {key: self._readers[key](data[key], (*at, key)) for key in data if key != "more_synonyms"}
        return FieldDeclaration(attributes, more, self._document.place(*at))

    def _refuse(self, at: tuple[str, ...], what: str, remedy: str) -> NoReturn:
        field = at[1] if len(at) > 1 and at[0] == "fields" else None
        subject = f"field '{field}': " if field else ""
        raise ModelError(
            f"{self._document.place(*at)}: {subject}{what}.", remedy=remedy, file=str(self._document.path), field=field
        )

    def _known(self, data: Mapping[str, object], keys: Iterable[str], at: tuple[str, ...]) -> None:
        keys = list(keys)
        for key in data:
            if key not in keys:
                self._refuse((*at, key), f"there is no key '{key}'", suggest(key, keys))

    def _mapping(self, value: object, at: tuple[str, ...]) -> Mapping[str, object]:
        if not isinstance(value, dict):
            found = f"expected 'key: value' lines, found {value!r}"
            self._refuse(at, found, "See docs/reference/model.md for the layout.")
        for key in value:
            if not isinstance(key, str):
                self._refuse(at, f"the key {key!r} is not a text", "Put it in quotes.")
        return value

    def _name(self, value: object, at: tuple[str, ...]) -> str:
        if not isinstance(value, str) or not NAME.fullmatch(value):
            self._refuse(
                at, f"{value!r} is not a name", "Use lower-case letters, digits and '_', a letter first, at most 63."
            )
        return value

    def _text(self, value: object, at: tuple[str, ...]) -> str:
        if not isinstance(value, str) or not value.strip():
            self._refuse(at, f"expected a text, found {value!r}", "Write a text; put numbers and yes/no in quotes.")
        return value.strip()

    def _texts(self, value: object, at: tuple[str, ...]) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._refuse(at, f"expected a list of texts, found {value!r}", "Write it as [one, two].")
        return tuple(self._text(item, at) for item in value)

    def _flag(self, value: object, at: tuple[str, ...]) -> bool:
        if not isinstance(value, bool):
            self._refuse(at, f"expected true or false, found {value!r}", "Write true or false.")
        return value

    def _weight(self, value: object, at: tuple[str, ...]) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
            self._refuse(at, f"expected a weight from 0 to 1000, found {value!r}", "Write a number, e.g. weight: 1.5.")
        return float(value)

    def _word(self, value: object, words: type[E], at: tuple[str, ...]) -> E:
        known = [word.value for word in words]
        if not isinstance(value, str) or value not in known:
            self._refuse(at, f"'{value}' is not a known {at[-1]}", suggest(str(value), known))
        return words(value)

    def _label(self, value: object, at: tuple[str, ...]) -> Label:
        data = self._mapping(value, at)
        self._known(data, ("zh", "en"), at)
        for language in ("zh", "en"):
            if language not in data:
                self._refuse(at, f"the label lacks '{language}'", "Write label: {zh: 中文, en: English}.")
        return Label(self._text(data["zh"], at), self._text(data["en"], at))

    def _pattern(self, value: object, at: tuple[str, ...]) -> str:
        text = self._text(value, at)
        try:
            re.compile(text)
        except re.error as broken:
            self._refuse(at, f"'{text}' is not a regular expression ({broken})", "Mend it, or leave 'pattern' out.")
        return text

    def _synonyms(self, value: object, at: tuple[str, ...]) -> tuple[str, ...]:
        if isinstance(value, list):
            return self._texts(value, at)
        data = self._mapping(value, at)
        self._known(data, LANGUAGES, at)
        return tuple(text for key, texts in data.items() for text in self._texts(texts, (*at, key)))

    def _derivation(self, value: object, at: tuple[str, ...]) -> Derivation:
        field, dot, part = self._text(value, at).partition(".")
        if not dot or not NAME.fullmatch(field) or not NAME.fullmatch(part):
            self._refuse(at, f"'{value}' is not of the form field.part", "Write e.g. derived: full_name.family.")
        return Derivation(field, part)
