"""A mapping survives its file exactly, and a wrong one is refused with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import MappingError
from schemas.loader import builtin_model
from schemas.mapping import MIXED, ColumnMapping, Mapping, PartyReference, Route
from schemas.mapping_check import validate
from schemas.mapping_file import dump_mapping, parse_mapping, read_mapping, write_mapping

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
COLUMN = st.builds(
    ColumnMapping,
    TEXT,
    st.dictionaries(st.sampled_from(["person", "organization", "pet"]), TEXT, max_size=2),
    st.floats(0, 1),
    TEXT,
)
MAPPING = st.builds(
    Mapping,
    st.sampled_from(["person", "organization", MIXED]),
    st.lists(COLUMN, max_size=5, unique_by=lambda c: c.column).map(tuple),
    st.none() | TEXT,
    st.none() | TEXT,
    st.none() | st.builds(Route, TEXT, st.dictionaries(TEXT, TEXT, max_size=3)),
    st.none() | st.builds(PartyReference, TEXT, TEXT),
)


@given(MAPPING)
def test_written_and_read_back_it_is_the_same(mapping: Mapping) -> None:
    assert parse_mapping(dump_mapping(mapping)) == mapping


def test_the_file_explains_itself_in_both_languages_and_is_edited_by_one_word(tmp_path: Path) -> None:
    path = tmp_path / "客户.yaml"
    write_mapping(
        path, Mapping("person", (ColumnMapping("手机", {}, 0.0), ColumnMapping("姓名", {"person": "full_name"})))
    )
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# 列映射")
    assert "# Column mapping" in text
    assert "姓名:\n    to: full_name" in text
    path.write_text(text.replace("to: null", "to: phone"), encoding="utf-8")
    assert read_mapping(path).fields_of("person") == {"phone": ["手机"], "full_name": ["姓名"]}


def test_a_handwritten_file_may_be_short() -> None:
    mapping = parse_mapping("entity: organization\nkey: no\ncolumns:\n  no:\n  name: name\n".replace("no", "'no'"))
    assert mapping.columns == (ColumnMapping("no", {}), ColumnMapping("name", {"organization": "name"}))
    assert mapping.unmapped("organization") == ["no"]


@pytest.mark.parametrize(
    ("text", "says", "remedy"),
    [
        ("columns: {}", "'entity' is missing", "Write a text"),
        ("entity: person\ncolums: {}", "line 2: there is no key 'colums'", "'columns'"),
        ("entity: person\ncolumns: {a: {too: b}}", "there is no key 'too'", "'to'"),
        ("entity: person\ncolumns: {1: b}", "the name 1 is not a text", "quotes"),
        ("entity: person\ncolumns: {a: {to: 1}}", "expected 'name: value' lines, found 1", "proposed"),
        ("entity: person\ncolumns: {a: {to: b, confidence: 2}}", "expected 0 to 1", "Leave"),
        ("entity: person\ncolumns: {a: {to: b, reason: 2}}", "expected a text, found 2", "quotes"),
        ("entity: person\nkey: 1", "'key' expected a text", "quotes"),
        ("entity: mixed\nroute: {values: {}}", "'route.column' is missing", "Write"),
        ("entity: x\nparty: {column: a}", "'party.source' is missing", "Write"),
        ("- a", "expected 'name: value' lines", "proposed"),
        ("a: [", "not well-formed YAML", "brackets"),
    ],
)
def test_a_wrong_file_is_refused(text: str, says: str, remedy: str) -> None:
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, Path("shop.yaml"))
    assert says in caught.value.message
    assert remedy in caught.value.remedy
    assert "shop.yaml" in caught.value.message


def test_a_missing_file_and_an_unwritable_place(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        read_mapping(tmp_path / "nothing.yaml")
    with pytest.raises(MappingError, match="cannot be written"):
        write_mapping(tmp_path / "no" / "where.yaml", Mapping("person", ()))


def person(*pairs: tuple[str, str], entity: str = "person", **more: object) -> Mapping:
    return Mapping(entity, tuple(ColumnMapping(c, {"person": f}) for c, f in pairs), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mapping", "says", "remedy"),
    [
        (person(entity="persn"), "no entity type 'persn'", "Did you mean 'person'"),
        (person(("nmae", "full_name")), "column 'nmae'", "Did you mean 'name'"),
        (person(("name", "fullname")), "'person' has no such field", "Did you mean 'full_name'"),
        (person(("name", "full_name"), ("name", "phone")), "names the column 'name' twice", "once"),
        (person(("name", "gender"), ("phone", "gender")), "all mapped to 'gender', which takes one", "null"),
        (person(key="id"), "(key), which the source does not have", "name"),
        (person(updated_at="id"), "(updated_at)", "name"),
        (person(route=Route("name", {})), "all its rows are 'person'", "entity: mixed"),
        (person(entity=MIXED, route=Route("name", {"x": "pet"})), "sends 'x' in column 'name' to 'pet'", "Use one of"),
        (person(party=PartyReference("name", "erp")), "not an activity", "Leave 'party' out"),
        (person(("name", "x"), entity="organization"), "which this table does not hold", "organization"),
    ],
)
def test_a_mapping_that_cannot_be_applied_is_refused(mapping: Mapping, says: str, remedy: str) -> None:
    with pytest.raises(MappingError) as caught:
        validate(mapping, builtin_model(), ["name", "phone", "phone 2"])
    assert says in caught.value.message
    assert remedy in caught.value.remedy


def test_several_columns_may_be_joined_or_collected() -> None:
    joined = (("name", "address"), ("phone", "address"))
    validate(person(*joined), builtin_model(), ["name", "phone", "new column"])
    validate(person(("name", "phone"), ("phone", "phone")), builtin_model(), ["name", "phone"])
    validate(person(*joined, entity=MIXED, route=Route("name", {"x": "person"})), builtin_model(), ["name", "phone"])
