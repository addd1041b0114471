"""What is expected of records, in the words a data steward reads."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from schemas.model import Label


class Kind(StrEnum):
    """What an expectation is about; its value is stored with every result."""

    ROWS = "rows"
    """There are not far fewer records than usual."""
    KEY = "key"
    """No two rows of the source have the same key."""
    PRESENT = "present"
    """The field is filled: completeness."""
    VALID = "valid"
    """The values have no finding of severity error: validity."""
    SOUND = "sound"
    """The values have no finding of severity error or warning."""
    FORMAT = "format"
    """The values have the standard form of their semantic type."""
    ALLOWED = "allowed"
    """The values are among those the model allows."""
    PATTERN = "pattern"
    """The values follow the model's own pattern."""
    RANGE = "range"
    """Dates and numbers lie where they can lie."""
    UNIQUE = "unique"
    """No two records have the same identifier."""
    DISTINCT = "distinct"
    """Enough different values among all: uniqueness."""


class Gravity(StrEnum):
    """What a broken expectation means: ``critical`` stops a run, ``warning`` is for a steward, ``info`` is a figure."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


LABELS: Mapping[Kind, Label] = {
    Kind.ROWS: Label("记录数没有骤减", "not far fewer records than usual"),
    Kind.KEY: Label("主键不重复", "keys do not repeat"),
    Kind.PRESENT: Label("已填写", "filled"),
    Kind.VALID: Label("有效", "valid"),
    Kind.SOUND: Label("有效且无疑问", "valid beyond doubt"),
    Kind.FORMAT: Label("符合标准格式", "in standard form"),
    Kind.ALLOWED: Label("在允许的取值内", "one of the allowed values"),
    Kind.PATTERN: Label("符合模型规定的格式", "follows the model's pattern"),
    Kind.RANGE: Label("在合理范围内", "within plausible bounds"),
    Kind.UNIQUE: Label("证件或编号不重复", "identifier not shared"),
    Kind.DISTINCT: Label("不同取值足够多", "enough different values"),
}
