"""Batches: distinct values, several columns per field, derived fields, record completion, constraints, findings."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.cleanse.column import ColumnContext, day_comes_first, infer_contexts
from quality.cleanse.engine import cleanse_batch, standardise
from schemas.loader import builtin_model
from schemas.model import EntityType, Field, Label
from schemas.types import EntityKind, SemanticType

TODAY = date(2026, 1, 15)
PERSON, ORGANIZATION = builtin_model()["person"], builtin_model()["organization"]
TRANSACTION = builtin_model()["transaction"]


def run(columns, fields, entity=PERSON, **options):
    raw = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return cleanse_batch(raw, fields, entity, today=TODAY, **options)


def codes(batch, field=None):
    return [(f["row"], f["code"]) for f in batch.findings.to_pylist() if field in {None, f["field"]}]


def column(batch, name):
    return batch.table.column(name).to_pylist()


def test_one_row_per_record_and_fields_in_the_order_of_the_model():
    batch = run({"b": ["a@qq.com", None], "a": ["张三", "李四"]}, {"email": ["b"], "full_name": ["a"]})
    names = batch.table.column_names
    assert names.index("full_name") < names.index("email")
    assert batch.table.num_rows == 2
    assert column(batch, "email") == [["a@qq.com"], None]
    assert batch.findings.schema.names == ["row", "field", "code", "severity", "value"]
    assert batch.findings.schema.field("row").type == pa.int32()


def test_a_field_without_any_value_has_no_column():
    batch = run({"a": ["张三"], "p": ["无"]}, {"full_name": ["a"], "phone": ["p"]})
    assert "phone" not in batch.table.column_names
    assert codes(batch, "phone") == [(0, "placeholder")]


def test_columns_that_the_page_lacks_are_empty():
    assert column(run({"a": ["张三"]}, {"full_name": ["a"], "phone": ["gone"]}), "full_name") == ["张三"]


def test_a_table_without_mapped_columns_keeps_its_rows():
    batch = run({"a": ["x", "y"]}, {})
    assert batch.findings.num_rows == 2  # full_name is required
    assert batch.table.num_columns == 0


def test_no_rows():
    batch = run({"a": [], "p": []}, {"full_name": ["a"], "phone": ["p"]})
    assert batch.findings.num_rows == 0


def test_several_columns_of_a_multi_valued_field_are_collected_once_each_in_order():
    batch = run(
        {
            "n": ["张三", "李四", "王五"],
            "p": ["13951234876", None, "无"],
            "q": ["13851234877/13951234876", "010-62331234", None],
        },
        {"full_name": ["n"], "phone": ["p", "q"]},
    )
    assert column(batch, "phone") == [["+8613951234876", "+8613851234877"], ["+861062331234"], None]


def test_address_lines_are_joined_and_say_nothing_twice():
    batch = run(
        {"n": ["Jon Yang"] * 3, "l1": ["3761 N. 14th St"] * 3, "l2": ["Apt 4", "n/a", "3761 N. 14th St"]},
        {"full_name": ["n"], "address": ["l1", "l2"]},
        default_country="US",
    )
    first, second, third = column(batch, "address")
    assert "Apt 4" in first
    assert second == third == "3761 N. 14th St"


def test_the_first_filled_column_counts_for_single_values_and_the_other_is_reported():
    batch = run(
        {"n": ["张三", "李四"], "d": ["1990-01-02", None], "e": ["1991-01-02", "1992-01-02"]},
        {"full_name": ["n"], "birth_date": ["d", "e"]},
    )
    assert column(batch, "birth_date") == ["1990-01-02", "1992-01-02"]
    assert codes(batch, "birth_date") == [(0, "value_not_used")]


def test_findings_name_every_row_of_a_repeated_value_and_keep_its_text():
    batch = run({"n": ["张三"] * 3, "p": ["1.38E+10", "13951234876", "1.38E+10"]}, {"full_name": ["n"], "phone": ["p"]})
    found = [f for f in batch.findings.to_pylist() if f["field"] == "phone"]
    assert [(f["row"], f["code"], f["severity"], f["value"]) for f in found] == [
        (0, "phone_lost_digits", "error", "1.38E+10"),
        (2, "phone_lost_digits", "error", "1.38E+10"),
    ]


def test_values_are_read_by_the_country_of_their_record():
    batch = run(
        {
            "n": ["A B", "C D", "E F"],
            "c": ["Germany", "US", None],
            "p": ["030 26550280", "(617) 384-7579", "010-62331234"],
        },
        {"full_name": ["n"], "phone": ["p"], "country": ["c"]},
    )
    assert column(batch, "phone") == [["+493026550280"], ["+16173847579"], ["+861062331234"]]
    assert column(batch, "country") == ["DE", "US", None]


def test_an_identity_number_tells_birth_date_and_gender_where_they_are_missing():
    batch = run(
        {"n": ["张三", "李四"], "i": ["11010519491231002x"] * 2, "d": [None, "1950-01-01"]},
        {"full_name": ["n"], "national_id": ["i"], "birth_date": ["d"]},
    )
    assert column(batch, "birth_date") == ["1949-12-31", "1950-01-01"]
    assert column(batch, "gender") == ["female", "female"]


def test_a_full_name_is_made_from_its_parts_and_divided_into_them():
    batch = run(
        {"f": ["张", "Yang", None], "g": ["晓明", "Jon", None], "m": [None, "V", None], "n": [None, None, "李四先生"]},
        {"family_name": ["f"], "given_name": ["g"], "middle_name": ["m"], "full_name": ["n"]},
    )
    assert column(batch, "full_name") == ["张晓明", "Jon V Yang", "李四"]
    assert column(batch, "family_name") == ["张", "Yang", "李"]
    assert column(batch, "given_name") == ["晓明", "Jon", "四"]
    assert column(batch, "name_pinyin")[0] == "zhang xiaoming"
    assert column(batch, "gender") == [None, None, "male"]
    assert (2, "gender_from_title") in codes(batch, "gender")


@pytest.mark.parametrize(
    ("family", "given", "expected"),
    [
        ("晓明", "王", ("王", "晓明", ["name_parts_swapped"])),
        ("王", "晓明", ("王", "晓明", [])),
        ("王", "王", ("王", "王", [])),
        ("高", "阳", ("高", "阳", [])),
        ("张", "张伟", ("张", "伟", ["name_part_repeated"])),
        ("Xiaoming", "Wang", ("Xiaoming", "Wang", [])),
        ("张伟", None, ("张", "伟", [])),
    ],
)
def test_swapped_name_parts_are_put_right_only_where_it_is_certain(family, given, expected):
    batch = run({"f": [family], "g": [given]}, {"family_name": ["f"], "given_name": ["g"]})
    found = [code for _, code in codes(batch, "given_name") if code.startswith("name_part")]
    assert (*(column(batch, n)[0] for n in ("family_name", "given_name")), found) == expected


def test_an_address_line_is_made_from_its_parts():
    batch = run(
        {
            "n": ["张三", "Jon Yang"],
            "p": ["江苏", "CA"],
            "c": ["苏州", "Los Angeles"],
            "s": ["人民路", "N. 14th St"],
            "h": ["88", "3761"],
        },
        {"full_name": ["n"], "province": ["p"], "city": ["c"], "street": ["s"], "house_number": ["h"]},
    )
    assert column(batch, "address") == ["江苏省苏州市人民路88号", "3761 N. 14th St, Los Angeles, CA"]


def test_a_street_with_its_house_number_is_divided():
    batch = run(
        {"n": ["张三", "Jon Yang"], "c": ["CN", "US"], "s": ["人民路88号", "3761 N. 14th St"]},
        {"full_name": ["n"], "country": ["c"], "street": ["s"]},
    )
    assert column(batch, "street") == ["人民路", "N. 14th St"]
    assert [text.rstrip("号") for text in column(batch, "house_number")] == ["88", "3761"]


def test_the_country_follows_from_a_telephone_number_only_where_the_number_names_it():
    batch = run(
        {
            "n": ["A B", "C D", "E F"],
            "p": ["+49 030 26550280", "13951234876", "+1 212 555 0147"],
            "c": [None, None, "DE"],
        },
        {"full_name": ["n"], "phone": ["p"], "country": ["c"]},
    )
    assert column(batch, "country") == ["DE", None, "DE"]
    assert codes(batch, "country") == [(0, "country_from_phone")]


def test_required_allowed_and_pattern():
    label = Label("x", "x")
    fields = [
        Field("name", label, SemanticType.TEXT, required=True),
        Field("level", label, SemanticType.CATEGORY, allowed=("A", "B")),
        Field("code", label, SemanticType.IDENTIFIER, pattern="^C\\d{3}$"),
        Field("gender", label, SemanticType.GENDER, allowed=("male", "female")),
    ]
    entity = EntityType("thing", label, EntityKind.PARTY, {f.name: f for f in fields})
    batch = run(
        {"n": ["x", None, "无"], "l": ["a", "C", None], "c": ["C001", "X1", None], "g": ["M", "mann?", "F"]},
        {"name": ["n"], "level": ["l"], "code": ["c"], "gender": ["g"]},
        entity,
    )
    assert column(batch, "level") == ["A", "C", None]
    assert codes(batch) == [
        (1, "gender_unrecognised"),
        (1, "required_missing"),
        (1, "not_allowed"),
        (1, "pattern_mismatch"),
        (2, "placeholder"),
        (2, "required_missing"),
    ]


def test_nobody_is_born_tomorrow():
    batch = run({"n": ["张三"], "d": ["2026-01-16"]}, {"full_name": ["n"], "birth_date": ["d"]})
    assert codes(batch, "birth_date") == [(0, "date_in_future"), (0, "birth_date_implausible")]


def test_a_number_that_many_different_customers_share_is_pointed_out():
    rows = 60
    names = [f"Person{chr(97 + i % 26)}{chr(97 + i // 26)} Smith" for i in range(rows)]
    phones = ["13951234876"] * 30 + [f"138512{i:05d}" for i in range(30)]
    batch = run({"n": names, "p": phones}, {"full_name": ["n"], "phone": ["p"]})
    frequent = [row for row, code in codes(batch, "phone") if code == "suspicious_frequent"]
    assert frequent == list(range(30))
    same_name = run({"n": ["张三"] * rows, "p": phones}, {"full_name": ["n"], "phone": ["p"]})
    assert "suspicious_frequent" not in {code for _, code in codes(same_name)}


def test_an_amount_fills_the_currency_or_points_out_a_foreign_one():
    batch = run(
        {"k": ["C1", "C2"], "t": ["2025-01-02 10:00"] * 2, "a": ["$90,000 ", "100"]},
        {"party_key": ["k"], "occurred_at": ["t"], "amount": ["a"]},
        TRANSACTION,
    )
    assert column(batch, "amount") == ["90000", "100"]
    assert column(batch, "currency") == ["USD", None]
    assert column(batch, "occurred_at") == ["2025-01-02T10:00:00"] * 2
    capital = run({"n": ["A公司"], "c": ["100万美元"]}, {"name": ["n"], "registered_capital": ["c"]}, ORGANIZATION)
    assert (0, "money_foreign_currency") in codes(capital, "registered_capital")


def test_organization_parts_and_contact_are_derived():
    batch = run({"n": ["北京华为技术有限公司(李总)"]}, {"name": ["n"]}, ORGANIZATION)
    assert column(batch, "name_brand") == ["华为"]
    assert len(column(batch, "contact_name")[0]) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["04/08/1966", "13/08/1966", "01/02/1970"], True),
        (["04/08/1966", "08/13/1966", "01/02/1970"], False),
        (["04/08/1966", "01/02/1970"], None),
        (["13/08/1966", "08/13/1966"], None),
        (["90-1-22", "91-3-13"], None),
        (["1990-01-13"], None),
        ([], None),
    ],
)
def test_a_column_shows_its_order_of_day_and_month(values, expected):
    assert day_comes_first(pa.array(values, pa.string())) is expected


def test_the_order_of_the_column_decides_ambiguous_dates():
    fields = {"full_name": ["n"], "birth_date": ["d"]}
    batch = run({"n": ["a b", "c d"], "d": ["04/08/1966", "13/08/1966"]}, fields)
    assert column(batch, "birth_date") == ["1966-08-04", "1966-08-13"]
    given_context = run({"n": ["a b"], "d": ["04/08/1966"]}, fields, contexts={"d": ColumnContext(day_first=False)})
    assert column(given_context, "birth_date") == ["1966-04-08"]
    assert codes(given_context, "birth_date") == []


def test_telephone_numbers_of_another_country_are_recognised_by_the_column():
    numbers = [f"{area} {n}" for area in ("02", "03", "07", "08") for n in ("9876 5432", "6123 4567", "5555 1234")]
    raw = pa.table({"p": numbers})
    assert infer_contexts(raw, {"phone": ["p"]}, PERSON)["p"].country == "AU"
    chinese = pa.table({"p": ["010-62331234", "13951234876", "0512-65201234", "021-61230987", "13851234877"]})
    assert infer_contexts(chinese, {"phone": ["p"]}, PERSON)["p"].country is None


def test_postcodes_that_lost_their_zero():
    batch = run(
        {"n": ["张三", "李四", "王五"], "z": ["50000", "215000", "100081"]}, {"full_name": ["n"], "postcode": ["z"]}
    )
    assert column(batch, "postcode") == ["050000", "215000", "100081"]


def test_standardise_one_column():
    times = pa.chunked_array([["2025/1/2 13:45", None], ["  ", "x"]], pa.string())
    assert standardise(times, SemanticType.DATETIME).to_pylist() == ["2025-01-02T13:45:00", None, None, "x"]
    assert standardise(pa.chunked_array([], pa.string()), SemanticType.DATE).to_pylist() == []


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.sampled_from(["张三", "李四先生", "Jon Yang", "无", None]),
            "p": st.sampled_from(["13951234876", "010-62331234/13851234877", "1.38E+10", "138****0000", None]),
            "d": st.sampled_from(["1990-01-02", "19900102", "x", None]),
            "c": st.sampled_from(["CN", "US", "Atlantis", None]),
        }
    ),
    min_size=1,
    max_size=12,
)
FIELDS = {"full_name": ["n"], "phone": ["p"], "birth_date": ["d"], "country": ["c"]}


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_a_batch_says_what_its_rows_say_alone(rows):
    whole = run({key: [row[key] for row in rows] for key in "npdc"}, FIELDS)
    for at, row in enumerate(rows):
        alone = run({key: [row[key]] for key in "npdc"}, FIELDS)
        for name in whole.table.column_names:
            single = column(alone, name)[0] if name in alone.table.column_names else None
            assert column(whole, name)[at] == single
        assert [c for r, c in codes(whole) if r == at] == [c for _, c in codes(alone)]
