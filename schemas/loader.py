"""Load the customer information model: the built-in files, then a company's own that extend or override them.

A file describes one entity type. A file for a new name adds an entity type; a file for a name that exists is merged
into it field by field and, within a field, attribute by attribute (``more_synonyms`` adds to the header synonyms,
``synonyms`` replaces them). The result is checked as a whole: a model that loads is a model that works.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from schemas.declaration import EntityDeclaration, FieldDeclaration, declare, suggest
from schemas.errors import ModelError
from schemas.header import squash
from schemas.model import Derivation, EntityType, Field, Label, Model
from schemas.parts import PARTS
from schemas.types import EntityKind, MatchRole, Survivorship
from schemas.yaml_document import read_document

BUILTIN = Path(__file__).parent / "model"
"""The directory of the built-in model."""


@cache
def builtin_model() -> Model:
    """Return the model that comes with the hub."""
    return load_model()


def load_model(*directories: Path) -> Model:
    """Load the built-in model and what ``directories`` add to it, in that order.

    Args:
        directories: directories of ``*.yaml`` files, later ones winning over earlier ones.

    Returns:
        The checked model; entity types in the order of the built-in one, own ones after it by file name.

    Raises:
        ModelError: for anything wrong, naming file, line, field and remedy.
    """
    drafts = {name: _Draft(name) for name in ("person", "organization")}
    for directory in (BUILTIN, *directories):
        for file in _files(directory):
            declaration = declare(read_document(file, ModelError))
            drafts.setdefault(declaration.name, _Draft(declaration.name)).add(declaration)
    return Model({name: draft.build() for name, draft in drafts.items()})


def _files(directory: Path) -> Sequence[Path]:
    if not directory.is_dir():
        raise ModelError(
            f"The model directory {directory} does not exist.",
            remedy="Create it with one YAML file per entity type, or correct the setting.",
            file=str(directory),
        )
    files = sorted(p for p in directory.iterdir() if p.suffix in {".yaml", ".yml"} and p.is_file())
    if not files:
        raise ModelError(
            f"The model directory {directory} holds no .yaml file.",
            remedy="Put one YAML file per entity type into it, or correct the setting.",
            file=str(directory),
        )
    return files


def _headers(field: FieldDeclaration) -> set[str]:
    """Return the headers one file says for a field."""
    own: Any = field.attributes.get("synonyms", ())
    return {squash(synonym) for synonym in (*own, *field.more_synonyms)}


class _Draft:
    """One entity type while the files that speak of it are merged."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._label: Label | None = None
        self._kind: EntityKind | None = None
        self._attributes: dict[str, dict[str, Any]] = {}
        self._places: dict[str, str] = {}
        self._place = ""

    def add(self, declaration: EntityDeclaration) -> None:
        """Merge what one more file says."""
        self._label = declaration.label or self._label
        self._kind = declaration.kind or self._kind
        self._place = declaration.place
        for name, field in declaration.fields.items():
            self._add_field(name, field)
        self._take_over(declaration)

    def _take_over(self, declaration: EntityDeclaration) -> None:
        """Give a header to the field of the later file: a company's own model knows its own headers best."""
        said = {name: _headers(field) for name, field in declaration.fields.items()}
        for name, attributes in self._attributes.items():
            others = set().union(*(headers for owner, headers in said.items() if owner != name)) - said.get(name, set())
            if others and "synonyms" in attributes:
                attributes["synonyms"] = tuple(s for s in attributes["synonyms"] if squash(s) not in others)

    def _add_field(self, name: str, field: FieldDeclaration) -> None:
        attributes = self._attributes.setdefault(name, {})
        attributes.update(field.attributes)
        if field.more_synonyms:
            attributes["synonyms"] = (*attributes.get("synonyms", ()), *field.more_synonyms)
        self._places.pop(name, None)  # so that the fields touched last stand last
        self._places[name] = field.place

    def build(self) -> EntityType:
        """Check the whole and make it."""
        if self._label is None or self._kind is None:
            missing = "label" if self._label is None else "kind"
            self._refuse(self._place, None, f"the new entity type '{self.name}' lacks '{missing}'", f"Add '{missing}'.")
        if not self._attributes:
            self._refuse(self._place, None, f"the entity type '{self.name}' has no fields", "Add 'fields'.")
        fields = {name: self._field(name, attributes) for name, attributes in self._attributes.items()}
        for field in fields.values():
            self._check(field, fields)
        self._check_synonyms(fields)
        return EntityType(self.name, self._label, self._kind, fields)

    def _field(self, name: str, attributes: dict[str, Any]) -> Field:
        for needed in ("label", "type"):
            if needed not in attributes:
                known = suggest(name, [n for n in self._attributes if n != name])
                hint = f" {known}" if known.startswith("Did") else ""
                self._refuse(
                    self._places[name], name, f"the new field lacks '{needed}'", f"Add it, or correct the name.{hint}"
                )
        return Field(name=name, **attributes)

    def _check(self, field: Field, fields: dict[str, Field]) -> None:
        place = self._places[field.name]
        if field.survivorship is Survivorship.UNION and not field.multi:
            self._refuse(place, field.name, "survivorship 'union' needs a multi-valued field", "Add 'multi: true'.")
        if field.match is not MatchRole.NONE and self._kind is not EntityKind.PARTY:
            self._refuse(
                place, field.name, f"only parties are matched, '{self.name}' is none", "Leave 'match' out here."
            )
        if field.derived is not None:
            self._check_derivation(place, field, field.derived, fields)

    def _check_derivation(self, place: str, field: Field, derived: Derivation, fields: dict[str, Field]) -> None:
        origin = fields.get(derived.field)
        if origin is None or origin is field or origin.derived is not None:
            self._refuse(
                place,
                field.name,
                f"derived from '{derived.field}', which is not a field of '{self.name}' that stands by itself",
                suggest(derived.field, [f.name for f in fields.values() if f.type in PARTS and f.derived is None]),
            )
        parts = PARTS.get(origin.type, frozenset())
        if derived.part not in parts:
            self._refuse(
                place,
                field.name,
                f"a value of type '{origin.type.value}' has no part '{derived.part}'",
                suggest(derived.part, sorted(parts))
                if parts
                else "Derive it from a name, an address or a national id.",
            )

    def _check_synonyms(self, fields: dict[str, Field]) -> None:
        owner: dict[str, str] = {}
        for field in fields.values():
            for synonym in field.synonyms:
                key = squash(synonym)
                if key in owner:
                    # The file that came last is the one to mend, though its field may stand first.
                    last, other = sorted((field.name, owner[key]), key=list(self._places).index, reverse=True)
                    self._refuse(
                        self._places[last],
                        last,
                        f"the header '{synonym}' already names the field '{other}'",
                        "Keep it in one of the two fields, once.",
                    )
                owner[key] = field.name

    def _refuse(self, place: str, field: str | None, what: str, remedy: str) -> NoReturn:
        subject = f"field '{field}': " if field else ""
        raise ModelError(f"{place}: {subject}{what}.", remedy=remedy, entity=self.name, field=field)
