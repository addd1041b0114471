"""Columns to documents and back."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdm.store.documents import content_hashes, finding_documents, from_documents, invalid_fields, to_documents
from schemas.model import EntityType, Field, Label
from schemas.types import EntityKind, SemanticType

_LABEL = Label("字段", "field")
ENTITY = EntityType(
    "person",
    _LABEL,
    EntityKind.PARTY,
    {
        "name": Field("name", _LABEL, SemanticType.PERSON_NAME),
        "phone": Field("phone", _LABEL, SemanticType.PHONE, multi=True),
    },
)
TEXTS = st.none() | st.text(max_size=5)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"name": TEXTS, "phone": st.none() | st.lists(st.text(max_size=3), min_size=1, max_size=2), "extra:x": TEXTS}
    ),
    max_size=6,
)
SCHEMA = pa.schema([("name", pa.string()), ("phone", pa.list_(pa.string())), ("extra:x", pa.string())])


@settings(deadline=None)
@given(ROWS)
def test_what_goes_in_comes_out(rows: list[dict[str, object]]) -> None:
    back = from_documents(to_documents(pa.Table.from_pylist(rows, schema=SCHEMA)), ENTITY).to_pylist()
    assert len(back) == len(rows)
    for row, again in zip(rows, back, strict=True):
        assert {n: v for n, v in row.items() if v is not None} == {n: v for n, v in again.items() if v is not None}


@settings(deadline=None)
@given(ROWS, st.permutations(SCHEMA.names))
def test_the_order_of_columns_does_not_matter(rows: list[dict[str, object]], names: list[str]) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    assert to_documents(table).equals(to_documents(table.select(names)))


def test_a_model_field_keeps_its_type_where_every_row_lacks_it_or_the_source_calls_it_otherwise() -> None:
    table = from_documents(pa.array(["{}", '{"phone":["1"]}']), ENTITY)
    assert table.schema.types == [pa.list_(pa.string())]
    assert from_documents(pa.array(["{}", "{}"]), ENTITY).num_rows == 2


def test_findings_stand_with_their_rows() -> None:
    rows = [
        (2, "phone", "short", "error", "1"),
        (0, "name", "folded", "info", "a"),
        (2, "phone", "masked", "warning", "2"),
    ]
    columns = zip(("row", "field", "code", "severity", "value"), zip(*rows, strict=True), strict=True)
    documents = finding_documents(pa.table({name: list(values) for name, values in columns}), 4)
    assert [text.count("code") for text in documents.to_pylist()] == [1, 0, 2, 0]
    assert invalid_fields(documents).to_pylist() == [[], [], ["phone"], []]


def test_the_word_error_in_a_value_is_no_error() -> None:
    text = '[{"code":"x","field":"name","severity":"info","value":"\\"error\\""}]'
    assert invalid_fields(
        pa.array([text, '[{"code":"error","field":"name","severity":"info","value":"error"}]'])
    ).to_pylist() == [[], []]


@pytest.mark.parametrize(
    ("left", "right"), [(("a", None), (None, "a")), (("ab", "c"), ("a", "bc")), (("a", "b"), ("b", "a"))]
)
def test_hashes_tell_columns_apart(left: tuple[str | None, ...], right: tuple[str | None, ...]) -> None:
    columns = [pa.array(column, pa.string()) for column in zip(left, right, strict=True)]
    one, two = content_hashes(*columns)
    assert one != two
    assert len(one) == 32
