"""Give every field its column: best first, each single-valued field once, lines of one text joined."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.mapping.candidates import Candidate, candidates
from connectors.mapping.headers import read_header
from connectors.mapping.profile import ColumnProfile
from schemas.model import EntityType
from schemas.types import SemanticType

ACCEPTED = 0.55
"""Least confidence of a mapped column; below it the column stays an extra attribute."""

DECIDED = 0.9
"""Confidence of a column that the table as a whole decides."""

_LINES = frozenset(
    {SemanticType.ADDRESS, SemanticType.STREET, SemanticType.GIVEN_NAME, SemanticType.FAMILY_NAME, SemanticType.TEXT}
)
_BIRTH_PART = re.compile(
    r"(?:b|birth|dob|dateofbirth|出生|出生日期|生日)?(y|year|yr|年|年份|m|month|mon|月|月份|d|day|日)"
)
_PART = {"y": "y", "年": "y", "m": "m", "月": "m", "d": "d", "日": "d"}
_RANGE = {"y": (1850, 2100), "m": (1, 12), "d": (1, 31)}


@dataclass(frozen=True, slots=True)
class Assignment:
    """Column name → what it becomes, for one entity type, in the order in which columns of one field are joined."""

    entity: EntityType
    chosen: dict[str, Candidate]

    def columns_of(self, field: str) -> list[ColumnProfile]:
        """Columns mapped to ``field``."""
        return [candidate.column for candidate in self.chosen.values() if candidate.field.name == field]

    def confidence(self, *fields: str) -> float:
        """Best confidence among the columns of ``fields``; 0 where there is none."""
        return max((c.confidence for c in self.chosen.values() if c.field.name in fields), default=0.0)


def assign(columns: Sequence[ColumnProfile], entity: EntityType, fixed: Mapping[str, str] | None = None) -> Assignment:
    """Choose the fields of ``columns`` as rows of ``entity``; ``fixed`` (column → field) is decided already."""
    chosen: dict[str, Candidate] = {}
    takers: dict[str, list[Candidate]] = {}
    for column in columns:
        if fixed and column.name in fixed:
            field = entity[fixed[column.name]]
            chosen[column.name] = Candidate(column, field, DECIDED, 1.0, 1.0)
            takers[field.name] = [chosen[column.name]]
    for candidate in candidates(columns, entity):
        if candidate.confidence < ACCEPTED or candidate.column.name in chosen:
            continue
        before = takers.setdefault(candidate.field.name, [])
        if before and not candidate.field.multi and not _is_next_line(candidate, before):
            continue
        chosen[candidate.column.name] = candidate
        before.append(candidate)
    _compose_birth_date(columns, entity, chosen)
    _split_address_lines(entity, chosen)
    order = {column.name: column.position for column in columns}
    ordered = sorted(chosen.items(), key=lambda item: (_date_part_rank(item[1]), order[item[0]]))
    return Assignment(entity, dict(ordered))


def _is_next_line(candidate: Candidate, before: Sequence[Candidate]) -> bool:
    """True for ``AddressLine2`` beside ``AddressLine1``, but not for a second complete address."""
    if candidate.field.type not in _LINES:
        return False
    mine, first = read_header(candidate.column.name), read_header(before[0].column.name)
    if mine.number is None or mine.stem != first.stem:
        return False
    complete = candidate.column.share("address_zh") > 0.4 or candidate.column.share("complete_address") > 0.6
    return not (candidate.field.type is SemanticType.ADDRESS and complete)


def _split_address_lines(entity: EntityType, chosen: dict[str, Candidate]) -> None:
    """Where the house number has its own column, the address line is the street and the next line the building."""
    fields = {candidate.field.name for candidate in chosen.values()}
    if "house_number" not in fields or "street" in fields or "street" not in entity.fields:
        return
    targets = [entity.fields["street"]]
    if "room" in entity.fields and "room" not in fields:
        targets.append(entity.fields["room"])
    lines = [c for c in chosen.values() if c.field.name == "address"]
    for number, line in enumerate(sorted(lines, key=lambda c: c.column.position)):
        field = targets[min(number, len(targets) - 1)]
        chosen[line.column.name] = Candidate(line.column, field, line.confidence, line.header, line.values)


def _compose_birth_date(columns: Sequence[ColumnProfile], entity: EntityType, chosen: dict[str, Candidate]) -> None:
    """Three columns year, month, day become the date of birth, in that order."""
    field = entity.fields.get("birth_date")
    if field is None or any(candidate.field.name == "birth_date" for candidate in chosen.values()):
        return
    parts: dict[str, ColumnProfile] = {}
    for column in columns:
        found = _BIRTH_PART.fullmatch(read_header(column.name).bare)
        if found and column.name not in chosen:
            part = _PART[found.group(1)[0]]
            if _in_range(column, *_RANGE[part]):
                parts.setdefault(part, column)
    if parts.keys() == _RANGE.keys():
        for part in ("y", "m", "d"):
            chosen[parts[part].name] = Candidate(parts[part], field, 0.85, 0.9, 1.0)


def _date_part_rank(candidate: Candidate) -> int:
    """Year before month before day; every other column keeps its place."""
    if candidate.field.name != "birth_date":
        return 0
    found = _BIRTH_PART.fullmatch(read_header(candidate.column.name).bare)
    return 1 + "ymd".index(_PART[found.group(1)[0]]) if found else 0


def _in_range(column: ColumnProfile, low: int, high: int) -> bool:
    numbers = [value.removesuffix(".0") for value in column.values]
    inside = sum(number.isdecimal() and low <= int(number) <= high for number in numbers)
    return bool(numbers) and inside >= 0.95 * len(numbers)
