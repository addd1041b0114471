"""The seam every cleanser implements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from schemas.types import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A reason code: what was found, how bad it is, and how to say it."""

    name: str
    severity: Severity
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Cleansed:
    """What became of one value.

    ``standard`` is the standard form: a tuple of texts (empty where the value is a placeholder or says nothing; several
    where one cell holds several values). An invalid value keeps its tidied text and carries a code of severity
    ``error``, so that nothing vanishes. ``parts`` fills derived fields (``Field.derived``): part name → text.
    """

    standard: tuple[str, ...]
    parts: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[Code, ...] = ()


class Cleanser(Protocol):
    """Standardise one raw value of one semantic type; pure, idempotent on its own standard form.

    ``country`` is the ISO 3166 alpha-2 code of the record, or of the hub where the record has none.
    """

    def __call__(self, value: str, country: str) -> Cleansed: ...


@dataclass(frozen=True, slots=True)
class CleansedBatch:
    """A cleansed batch, rows aligned with the input.

    ``table``: one column per model field that has a value — ``string``, or ``list<string>`` for multi-valued fields.
    ``findings``: row (int32), field, code, severity, value (the original text).
    """

    table: pa.Table
    findings: pa.Table
