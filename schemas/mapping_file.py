"""Write a mapping as a YAML file a data steward can edit, and read it back exactly."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn, TypeGuard

import yaml

from schemas.declaration import suggest
from schemas.errors import MappingError
from schemas.mapping import ColumnMapping, Mapping, PartyReference, Route
from schemas.yaml_document import Document, parse_document, read_document

HEADER = """\
# 列映射：源表的每一列对应客户信息模型的哪个字段。改“to”一行即可；“to: null”表示该列作为附加属性原样保留。
# 个人与企业混合的表（entity: mixed）可写 to: {person: full_name, organization: name}。
# confidence 与 reason 是自动识别的把握和理由，仅供参考。
# Column mapping: which field of the customer model each source column becomes. Edit the 'to' lines; 'to: null' keeps
# the column as an extra attribute. In a table of persons and organizations (entity: mixed) write
# to: {person: full_name, organization: name}. 'confidence' and 'reason' say how sure the proposal was and why.
"""

_KEYS = ("entity", "key", "updated_at", "same_as", "route", "party", "columns")


def dump_mapping(mapping: Mapping) -> str:
    """Return ``mapping`` as commented YAML; :func:`parse_mapping` gives the equal mapping back."""
    data: dict[str, object] = {"entity": mapping.entity, "key": mapping.key, "updated_at": mapping.updated_at}
    if mapping.same_as is not None:
        data["same_as"] = mapping.same_as
    if mapping.route is not None:
        data["route"] = {"column": mapping.route.column, "values": dict(mapping.route.values)}
    if mapping.party is not None:
        data["party"] = {"column": mapping.party.column, "source": mapping.party.source}
    data["columns"] = {column.column: _column_data(column, mapping.entity) for column in mapping.columns}
    return HEADER + yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def write_mapping(path: Path, mapping: Mapping) -> None:
    """Write ``mapping`` to ``path``, replacing what is there.

    Raises:
        MappingError: where the file cannot be written.
    """
    try:
        path.write_text(dump_mapping(mapping), encoding="utf-8")
    except OSError as failed:
        raise MappingError(
            f"{path} cannot be written ({failed.strerror}).",
            remedy="Check that the directory exists and that you may write to it.",
            file=str(path),
        ) from failed


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        MappingError: for a missing or ill-formed file, naming line and remedy. Whether its columns and fields exist is
            the business of :func:`schemas.mapping_check.validate`.
    """
    return _Reader(read_document(path, MappingError)).mapping()


def parse_mapping(text: str, path: Path = Path("mapping.yaml")) -> Mapping:
    """Read a mapping from text; see :func:`read_mapping`. ``path`` is only named in messages."""
    return _Reader(parse_document(text, path, MappingError)).mapping()


class _Dumper(yaml.SafeDumper):
    """Writes texts with characters that YAML takes for line breaks in quotes, escaped, so that they survive."""


def _text_node(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if any(char in text for char in "\r\x85\u2028\u2029\ufeff") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)


def _column_data(column: ColumnMapping, entity: str) -> dict[str, object]:
    targets = dict(column.targets)
    to = None if not targets else targets[entity] if list(targets) == [entity] else targets
    data: dict[str, object] = {"to": to, "confidence": column.confidence}
    if column.reason:
        data["reason"] = column.reason
    return data


class _Reader:
    """Reads one document; every refusal names the place."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def mapping(self) -> Mapping:
        data = self._mapping(self._document.data, ())
        self._known(data, _KEYS, ())
        entity = self._text(data.get("entity"), ("entity",))
        columns = self._mapping(data.get("columns") or {}, ("columns",))
        return Mapping(
            entity,
            tuple(self._column(name, value, entity) for name, value in columns.items()),
            key=self._optional(data, "key"),
            updated_at=self._optional(data, "updated_at"),
            same_as=self._optional(data, "same_as"),
            route=self._route(data["route"]) if data.get("route") is not None else None,
            party=self._party(data["party"]) if data.get("party") is not None else None,
        )

    def _column(self, name: str, value: object, entity: str) -> ColumnMapping:
        at = ("columns", name)
        if value is None or isinstance(value, str):
            return ColumnMapping(name, self._targets(value, entity, at))
        data = self._mapping(value, at)
        self._known(data, ("to", "confidence", "reason"), at)
        confidence = data.get("confidence", 1.0)
        if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
            self._refuse((*at, "confidence"), f"expected 0 to 1, found {confidence!r}", "Leave 'confidence' out.")
        reason = data.get("reason", "")
        if not isinstance(reason, str):
            self._refuse((*at, "reason"), f"expected a text, found {reason!r}", "Put it in quotes, or leave it out.")
        return ColumnMapping(name, self._targets(data.get("to"), entity, (*at, "to")), float(confidence), reason)

    def _targets(self, value: object, entity: str, at: tuple[str, ...]) -> dict[str, str]:
        if value is None:
            return {}
        if isinstance(value, str):
            return {entity: self._text(value, at)}
        return {key: self._text(field, (*at, key)) for key, field in self._mapping(value, at).items()}

    def _route(self, value: object) -> Route:
        data = self._mapping(value, ("route",))
        self._known(data, ("column", "values"), ("route",))
        values = self._mapping(data.get("values") or {}, ("route", "values"))
        column = self._text(data.get("column"), ("route", "column"))
        return Route(column, {key: self._text(entity, ("route", "values", key)) for key, entity in values.items()})

    def _party(self, value: object) -> PartyReference:
        data = self._mapping(value, ("party",))
        self._known(data, ("column", "source"), ("party",))
        return PartyReference(
            self._text(data.get("column"), ("party", "column")), self._text(data.get("source"), ("party", "source"))
        )

    def _optional(self, data: dict[str, object], key: str) -> str | None:
        value = data.get(key)
        return None if value is None else self._text(value, (key,))

    def _text(self, value: object, at: tuple[str, ...]) -> str:
        if not isinstance(value, str):
            what = "is missing" if value is None else f"expected a text, found {value!r}"
            self._refuse(at, f"'{'.'.join(at)}' {what}", "Write a text; put numbers, dates and yes/no in quotes.")
        return value

    def _mapping(self, value: object, at: tuple[str, ...]) -> dict[str, object]:
        if not isinstance(value, dict):
            self._refuse(at, f"expected 'name: value' lines, found {value!r}", "Compare with a proposed mapping file.")
        if not _texts(value):
            wrong = next(key for key in value if not isinstance(key, str))
            self._refuse(at, f"the name {wrong!r} is not a text", "Put it in quotes.")
        return value

    def _known(self, data: dict[str, object], keys: tuple[str, ...], at: tuple[str, ...]) -> None:
        for key in data:
            if key not in keys:
                self._refuse((*at, key), f"there is no key '{key}'", suggest(key, keys))

    def _refuse(self, at: tuple[str, ...], what: str, remedy: str) -> NoReturn:
        raise MappingError(f"{self._document.place(*at)}: {what}.", remedy=remedy, file=str(self._document.path))


def _texts(data: dict[object, object]) -> TypeGuard[dict[str, object]]:
    return all(isinstance(key, str) for key in data)
