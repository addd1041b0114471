"""The expectations that follow from the model: what is required, allowed, of which form, unique.

Every expectation carries ``meta``: the field and the :class:`Kind` it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import TYPE_CHECKING, Any

from quality.expectations.batch import DOUBTFUL, KEY, VALID, Batch, Frame, number_of, verdict_of
from quality.expectations.bounds import Bounds, Usual
from quality.expectations.formats import formats
from quality.expectations.kinds import Gravity, Kind
from schemas.model import Field
from schemas.types import MatchRole, SemanticType

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

_NAMES_NOBODY = frozenset({SemanticType.CATEGORY, SemanticType.GENDER})


def expectations_of(batch: Batch, frame: Frame, bounds: Bounds, usual: Usual) -> list[Expectation]:
    """Return what is expected of one frame of a batch.

    Args:
        batch: the records.
        frame: one of its frames.
        bounds: how much may be wrong.
        usual: what the last check that passed found.
    """
    return list(_expected(batch, frame, bounds, usual))


def _expected(batch: Batch, frame: Frame, bounds: Bounds, usual: Usual) -> Iterator[Expectation]:
    if frame.of_keys:
        yield _made("ColumnValuesToBeUnique", "", Kind.KEY, Gravity.WARNING, column=KEY, mostly=1 - bounds.shared)
    elif frame.values_of is not None:
        yield from _of_values(batch, frame, frame.values_of, bounds)
    else:
        yield _of_count(bounds, usual)
        for field in frame.fields:
            yield from _of_field(field, bounds, usual)
            if not field.multi:
                yield from _of_values(batch, frame, field, bounds)


def _of_count(bounds: Bounds, usual: Usual) -> Expectation:
    least = ceil((usual.rows or 0) * (1 - bounds.fewer_rows))
    return _made("TableRowCountToBeBetween", "", Kind.ROWS, Gravity.CRITICAL, min_value=least)


def _of_field(field: Field, bounds: Bounds, usual: Usual) -> Iterator[Expectation]:
    """Yield completeness and validity, as they are scored."""
    before = usual.filled.get(field.name)
    least = 0.0 if before is None else max(0.0, before - bounds.fewer_filled)
    if field.required:
        least = max(least, 1 - bounds.required_missing)
    verdict = verdict_of(field.name)
    # Lists are not in the frame of rows; a verdict is there wherever a value is.
    values = verdict if field.multi else field.name
    yield _made("ColumnValuesToNotBeNull", field.name, Kind.PRESENT, Gravity.CRITICAL, column=values, mostly=least)
    yield _made(
        "ColumnValuesToBeInSet",
        field.name,
        Kind.VALID,
        Gravity.WARNING,
        column=verdict,
        value_set=[VALID, DOUBTFUL],
        mostly=1 - bounds.invalid,
    )
    yield _made(
        "ColumnValuesToBeInSet",
        field.name,
        Kind.SOUND,
        Gravity.INFO,
        column=verdict,
        value_set=[VALID],
        mostly=1 - bounds.doubtful,
    )


def _of_values(batch: Batch, frame: Frame, field: Field, bounds: Bounds) -> Iterator[Expectation]:
    """Yield what is expected of single values."""
    mostly = {"column": field.name, "mostly": 1 - bounds.malformed}
    form = formats().get(field.type)
    if form is not None:
        yield _made(
            "ColumnValuesToMatchRegex", field.name, Kind.FORMAT, Gravity.WARNING, regex=_whole(form.pattern), **mostly
        )
    if form is not None and form.least is not None:
        column = number_of(field.name)
        limits = {"min_value": form.least, "max_value": form.most}
        yield _made(
            "ColumnValuesToBeBetween", field.name, Kind.RANGE, Gravity.WARNING, **{**mostly, "column": column}, **limits
        )
    if field.allowed:
        allowed = list(field.allowed)
        yield _made("ColumnValuesToBeInSet", field.name, Kind.ALLOWED, Gravity.WARNING, value_set=allowed, **mostly)
    if field.pattern:
        yield _made(
            "ColumnValuesToMatchRegex", field.name, Kind.PATTERN, Gravity.WARNING, regex=field.pattern, **mostly
        )
    if frame.data[field.name].notna().any():
        yield from _of_uniqueness(batch, field, bounds)


def _of_uniqueness(batch: Batch, field: Field, bounds: Bounds) -> Iterator[Expectation]:
    if field.match is MatchRole.IDENTIFIER:
        shared = 0.0 if batch.golden else bounds.shared
        yield _made(
            "ColumnValuesToBeUnique", field.name, Kind.UNIQUE, Gravity.WARNING, column=field.name, mostly=1 - shared
        )
    if field.weight > 0 and field.type not in _NAMES_NOBODY:
        yield _made(
            "ColumnProportionOfUniqueValuesToBeBetween",
            field.name,
            Kind.DISTINCT,
            Gravity.INFO,
            column=field.name,
            min_value=bounds.distinct.get(field.type, 0.0),
        )


def _whole(pattern: str) -> str:
    """Return a pattern that the whole text must match."""
    return rf"\A(?:{pattern})\Z"


def _made(name: str, field: str, kind: Kind, gravity: Gravity, **arguments: Any) -> Expectation:
    import great_expectations.expectations as known

    meta: Mapping[str, str] = {"field": field, "kind": kind.value}
    expectation: Expectation = getattr(known, f"Expect{name}")(meta=dict(meta), severity=gravity.value, **arguments)
    return expectation
