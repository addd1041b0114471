"""Which identifiers prove something: only those whose check digit could be verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from schemas.types import Severity

UNPROVEN = frozenset(
    {
        "id_masked",
        "id_other_document",
        "id_unchecked",
        "id_without_check_digit",
        "tax_id_is_resident_id",
        "tax_id_old_form",
        "tax_id_unchecked",
        "suspicious_frequent",
    }
)
"""Findings after which an identifier is evidence like any other value, but no proof that two records are one customer,
nor that they are two: one person may have a resident id here and a passport there, one company an old and a new tax
number, and a number without check digit may be mistyped."""


def proven_values(values: pa.Array, field: str, findings: pa.Table) -> pa.Array:
    """Return only those values of an identifier that prove who is who.

    Args:
        values: one column of a cleansed batch, text.
        field: its field.
        findings: findings of the same rows.

    Returns:
        The same column, null where the value has an error or could not be verified.
    """
    own = findings.filter(pc.equal(findings.column("field"), field))
    doubted = pc.or_(
        pc.equal(own.column("severity"), Severity.ERROR.value),
        pc.is_in(own.column("code"), pa.array(sorted(UNPROVEN))),
    )
    rows = pc.unique(own.column("row").filter(doubted))
    proven = pc.invert(pc.is_in(pa.array(range(len(values)), pa.int32()), rows))
    return pc.if_else(proven, values, pa.scalar(None, values.type))


def is_proven(field: str, findings: Iterable[Mapping[str, object]]) -> bool:
    """Tell whether an identifier of one record proves who is who, as :func:`proven_values` does for a column.

    Args:
        field: the identifier.
        findings: the findings of the record.
    """
    return not any(
        one["field"] == field and (one["severity"] == Severity.ERROR.value or one["code"] in UNPROVEN)
        for one in findings
    )
