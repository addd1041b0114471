"""Which value survives: cases and laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cdm.store import RecordBatch
from cdm.store.documents import load
from cdm.store.provenance import entries_of
from cdm.store.records import INDEX
from cdm.survivorship import REASONS, Merged, consolidate, describe
from schemas.model import Derivation, EntityType, Field, Label
from schemas.types import EntityKind, SemanticType, Survivorship

CASES = yaml.safe_load((Path(__file__).parents[2] / "cases" / "survivorship.yaml").read_text(encoding="utf-8"))
LABEL = Label("字段", "field")


def person(policy: str = "most_trusted") -> EntityType:
    """A small person type; ``policy`` is that of its remark."""

    def part(name: str, kind: SemanticType, root: str, part: str) -> Field:
        return Field(name, LABEL, kind, derived=Derivation(root, part))

    fields = [
        Field("full_name", LABEL, SemanticType.PERSON_NAME),
        part("family_name", SemanticType.FAMILY_NAME, "full_name", "family"),
        part("given_name", SemanticType.GIVEN_NAME, "full_name", "given"),
        part("middle_name", SemanticType.GIVEN_NAME, "full_name", "middle"),
        part("salutation", SemanticType.CATEGORY, "full_name", "title"),
        Field("phone", LABEL, SemanticType.PHONE, multi=True, survivorship=Survivorship.UNION),
        Field("email", LABEL, SemanticType.EMAIL, multi=True),
        Field("address", LABEL, SemanticType.ADDRESS),
        part("city", SemanticType.CITY, "address", "city"),
        part("street", SemanticType.STREET, "address", "street"),
        part("house_number", SemanticType.HOUSE_NUMBER, "address", "house_number"),
        Field("country", LABEL, SemanticType.COUNTRY),
        Field("remark", LABEL, SemanticType.TEXT, survivorship=Survivorship(policy)),
    ]
    return EntityType("person", LABEL, EntityKind.PARTY, {f.name: f for f in fields})


def batch(rows: Sequence[Mapping[str, Any]], entity: EntityType) -> RecordBatch:
    own = {"trust", "updated", "invalid", "id"}
    names = sorted({name for row in rows for name in row} - own)
    index = [
        {
            "record_id": row.get("id", n),
            "source": f"s{row.get('id', n)}",
            "key": "k",
            "origin": "o",
            "version": 1,
            "trust": row.get("trust", 50),
            "updated_at": row.get("updated"),
            "changed_at": "2026",
            "findings": "[]",
            "invalid": row.get("invalid", []),
        }
        for n, row in enumerate(rows, start=1)
    ]
    multi = {f.name for f in entity.fields.values() if f.multi}
    types = {name: pa.list_(pa.string()) if name in multi else pa.string() for name in names}
    fields = pa.table({n: pa.array([row.get(n) for row in rows], t) for n, t in types.items()})
    return RecordBatch(pa.Table.from_pylist(index, schema=INDEX), fields)


def merge(rows: Sequence[Mapping[str, Any]], golden: Sequence[str], entity: EntityType) -> Merged:
    return consolidate(batch(rows, entity), pa.array(golden, pa.string()), entity)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_right_value_survives_for_the_right_reason(case: dict[str, Any]) -> None:
    entity = person(case.get("policy", "most_trusted"))
    rows = [*case["records"], {"id": 99, "full_name": "somebody else"}]
    merged = merge(rows, ["g"] * (len(rows) - 1) + ["h"], entity)
    values = {name: merged.fields[name][0].as_py() for name in merged.fields.column_names}
    document = load(merged.provenance[0].as_py())
    for field, expected in case["golden"].items():
        if expected is None:
            assert values.get(field) is None
            continue
        reasons = {entry[2] for entry in entries_of(document, field)}
        assert (values[field], reasons) == (expected[0], {expected[1]}), field
    assert merged.members.tolist() == [len(rows) - 1, 1]


VALUES = st.sampled_from(["a", "b", "bb", "ccc"])
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "trust": st.sampled_from([10, 50, 90]),
        "updated": st.sampled_from(["2024-01-01", "2025-01-01"]),
        "invalid": st.lists(st.sampled_from(["full_name", "given_name", "phone", "remark"]), max_size=2, unique=True),
        "full_name": VALUES,
        "family_name": VALUES,
        "given_name": VALUES,
        "phone": st.lists(VALUES, min_size=1, max_size=2, unique=True),
        "email": st.lists(VALUES, min_size=1, max_size=2, unique=True),
        "address": VALUES,
        "city": VALUES,
        "country": VALUES,
        "remark": VALUES,
    },
)
TABLES = st.lists(st.tuples(ROWS, st.sampled_from(["g", "h", "i"])), min_size=1, max_size=8)
POLICIES = st.sampled_from([p.value for p in Survivorship])


def numbered(table: list[tuple[dict[str, Any], str]]) -> tuple[list[dict[str, Any]], list[str]]:
    return [{**row, "id": n} for n, (row, _) in enumerate(table, start=1)], [golden for _, golden in table]


@given(TABLES, POLICIES, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_records_does_not_matter(table: Any, policy: str, random: Any) -> None:
    rows, golden = numbered(table)
    order = list(range(len(rows)))
    random.shuffle(order)
    one = merge(rows, golden, person(policy))
    two = merge([rows[i] for i in order], [golden[i] for i in order], person(policy))
    assert one.golden_ids.to_pylist() == two.golden_ids.to_pylist()
    assert one.rows().to_pylist() == two.rows().to_pylist()


@given(TABLES, POLICIES)
@settings(max_examples=150, deadline=None)
def test_every_golden_value_is_some_records_value_and_none_is_lost_without_a_rival(table: Any, policy: str) -> None:
    rows, golden = numbered(table)
    merged = merge(rows, golden, person(policy))
    for place, identity in enumerate(merged.golden_ids.to_pylist()):
        mine = {row["id"]: row for row, g in zip(rows, golden, strict=True) if g == identity}
        document = load(merged.provenance[place].as_py())
        for field in merged.fields.column_names:
            value, entries = merged.fields[field][place].as_py(), entries_of(document, field)
            if value is None:
                assert field in {"full_name", "family_name", "given_name", "address", "city"} or not any(
                    field in row for row in mine.values()
                )
                continue
            held = value if len(entries) > 1 else [value]
            for one, entry in zip(held, entries, strict=True):
                source = mine[entry[0]][field]
                assert one == source or one in source or one[0] in source
                assert entry[2] in REASONS


@given(TABLES)
@settings(max_examples=100, deadline=None)
def test_parts_of_a_name_come_from_one_record(table: Any) -> None:
    rows, golden = numbered(table)
    merged = merge(rows, golden, person())
    names = [n for n in ("full_name", "family_name", "given_name") if n in merged.fields.column_names]
    for place, identity in enumerate(merged.golden_ids.to_pylist()):
        values = {n: merged.fields[n][place].as_py() for n in names}
        mine = [row for row, g in zip(rows, golden, strict=True) if g == identity]
        assert not names or any({n: row.get(n) for n in names} == values for row in mine)


def test_no_records_make_no_golden_records() -> None:
    entity = person()
    merged = consolidate(RecordBatch(INDEX.empty_table(), pa.table({})), pa.array([], pa.string()), entity)
    assert merged.rows().num_rows == 0


def test_a_record_without_any_value_is_a_golden_record_all_the_same() -> None:
    merged = merge([{}, {}], ["g", "h"], person())
    assert merged.rows()["fields"].to_pylist() == ["{}", "{}"]


def test_reasons_are_told_in_both_languages() -> None:
    assert describe("most_trusted", "zh") == "来源最可信"
    assert describe("most_trusted", "en") == "from the most trusted source"
    assert describe("of a later release", "en") == "of a later release"
