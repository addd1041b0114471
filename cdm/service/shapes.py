"""What the service answers with: frozen values that the API serialises and the pages show, already masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from schemas.model import Label


class Shape(BaseModel):
    """A value of the service."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Shape):
    """A text in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, label: Label) -> Words:
        """Return a label of the model."""
        return cls(zh=label.zh, en=label.en)

    def text(self, language: str) -> str:
        """Return the text in a language."""
        return self.zh if language == "zh" else self.en


Value = str | list[str] | None
"""One value, the values of a field of several, or nothing that may be shown."""


class RecordRef(Shape):
    """A source record: the source's name and the record's key in it."""

    source: str
    key: str


class Fields(Shape):
    """Values by field, as they may be seen."""

    fields: dict[str, Value] = Field(description="Field → value, or values; null where it is hidden.")
    masked: dict[str, str] = Field(
        default_factory=dict, description="Fields not shown in clear: `partly` (138****0000) or `hidden`."
    )


class FoundFinding(Shape):
    """What cleansing found in a value; ``value`` is null where it is hidden."""

    field: str
    code: str
    severity: str
    value: str | None


class RecordView(Fields):
    """A source record, raw and standardised."""

    id: int
    source: str
    key: str
    version: int
    entity: str
    origin: str
    raw: Mapping[str, str | None]
    findings: Sequence[FoundFinding]
    updated_at: str | None
    changed_at: str
    deleted_at: str | None


class Problem(Shape):
    """An error (RFC 9457); ``code`` is stable, ``remedy`` says what to do."""

    type: str = Field(description="URI of the kind of problem: `urn:cdm:problem:` and the code.")
    title: str
    status: int
    detail: str
    code: str
    remedy: str = ""
    retryable: bool = False
    values: Mapping[str, Any] = Field(default_factory=dict, description="The values that explain the error.")
    instance: str = Field(default="", description="The path that was asked for.")
