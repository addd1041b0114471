"""Names and addresses: cases a data steward can read (tests/cases/*.yaml), laws for every text, and real data."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quality.cleanse.address import clean_address
from quality.cleanse.organization_name import clean_organization_name
from quality.cleanse.person_name import clean_family_name, clean_given_name, clean_person_name
from quality.cleanse.place_names import clean_city, clean_district, clean_province
from quality.cleanse.street import clean_street

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases"
SHARED = Path(os.environ.get("CDM_SHARED_DATA", ROOT.parent / "shared" / "data"))
CLEANSERS = {"person_name": clean_person_name, "organization_name": clean_organization_name, "address": clean_address}
EVERY = [
    *CLEANSERS.values(),
    clean_given_name,
    clean_family_name,
    clean_street,
    clean_city,
    clean_district,
    clean_province,
]


def _rows(name):
    return [case for group in yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8")).values() for case in group]


def _cases():
    for name in CLEANSERS:
        for case in _rows(name):
            yield pytest.param(name, case, id=f"{name}-{case['in'][:30]!r}-{case.get('country', 'CN')}")


@pytest.mark.parametrize(("name", "case"), _cases())
def test_case(name, case):
    case = dict(case)
    country = case.pop("country", "CN")
    cleanse = CLEANSERS[name]
    result = cleanse(case.pop("in"), country)
    expected_codes, out = case.pop("codes", []), case.pop("out")
    if "nation" in case:
        case["country"] = case.pop("nation")
    assert result.standard == ((out,) if out else ())
    assert dict(result.parts) == case
    assert [code.name for code in result.codes] == expected_codes
    for form in result.standard:
        assert cleanse(form, country).standard == (form,)


@pytest.mark.parametrize(("name", "least"), [("person_name", 150), ("organization_name", 130), ("address", 100)])
def test_there_are_enough_cases(name, least):
    rows = _rows(name)
    assert len(rows) >= least
    assert len({(r["in"], r.get("country")) for r in rows}) == len(rows)


PIECES = """
张 三 李 欧阳 小 老 先生 总 经理 北京 上海市 江苏 苏州 朝阳区 浦东 市 区 路 号 88 3号楼 1201
有限公司 有限责任公司 股份公司 集团 科技 技术 分公司 上海分行 店 厂 ( ) （ ） - / · 、 , . & '
Zhang San xiao MING Smith van de Mr. Jr. Dr PhD Ltd Co. Inc GmbH S.A. AG Branch dba The and A b 1 2
無 测试 test 張 株式会社 田 中 さ 김 邮编100020 13800138000 Apt NY 10118 UK USA St # "
"""
COMPOSED = st.lists(st.sampled_from(PIECES.split()), max_size=9).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda glue: glue.join(pieces))
)
ANY = st.one_of(COMPOSED, COMPOSED, st.text(max_size=40))
COUNTRIES = st.sampled_from(["CN", "US", "GB", "DE", "JP", "AU", "TW", "ZZ", ""])


@pytest.mark.parametrize("cleanse", EVERY, ids=lambda c: c.__name__)
@settings(max_examples=400, deadline=None)
@given(value=ANY, country=COUNTRIES)
@example(value="", country="CN")
@example(value="\ud800张", country="CN")
@example(value="张" * 2000, country="CN")
@example(value="(" * 300, country="CN")
@example(value="İ", country="TR")
def test_idempotent_and_total(cleanse, value, country):
    once = cleanse(value, country)
    for form in once.standard:
        assert form.strip()
        assert cleanse(form, country).standard == (form,)
    assert all(text for text in once.parts.values())
    if not once.standard and any(c.isalnum() for c in value):
        assert once.codes, "a value that became empty must say why"


@pytest.mark.parametrize(
    ("characters", "spellings"),
    [
        ("张三", ["Zhang San", "SAN ZHANG", "Zhangsan", "zhang, san"]),
        ("張曉明", ["Zhang Xiaoming", "Xiaoming Zhang", "Xiao-Ming Zhang", "ZHANG XIAO MING", "Zhang, Xiao Ming"]),
        ("欧阳锋", ["Ouyang Feng", "Feng Ouyang", "OU YANG FENG"]),
        ("单田芳", ["Shan Tianfang", "Tianfang Shan"]),
        ("尉迟恭", ["Yuchi Gong", "GONG YUCHI"]),
        ("吕晓明", ["Lü Xiaoming", "Lyu Xiaoming", "Lv Xiao Ming"]),
    ],
)
def test_characters_and_pinyin_share_one_form(characters, spellings):
    forms = {
        clean_person_name(name, country).parts["pinyin"]
        for name in (characters, *spellings)
        for country in ("CN", "US")
    }
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("cleanse", "value", "country", "standard"),
    [
        (clean_family_name, "張", "CN", "张"),
        (clean_family_name, "张先生", "CN", "张"),
        (clean_family_name, "SMITH", "US", "Smith"),
        (clean_family_name, "o'neil", "US", "O'Neil"),
        (clean_family_name, "Null", "US", "Null"),
        (clean_family_name, "渡邊", "JP", "渡邊"),
        (clean_given_name, "曉 明", "CN", "晓明"),
        (clean_given_name, "jonn", "US", "Jonn"),
        (clean_given_name, "JP", "US", "JP"),
        (clean_street, "3761 N. 14TH ST", "US", "3761 N. 14th St"),
        (clean_street, "建国路 ８８号", "CN", "建国路88号"),
        (clean_city, "上海", "CN", "上海市"),
        (clean_city, "蘇州", "CN", "苏州市"),
        (clean_city, "襄樊", "CN", "襄阳市"),
        (clean_city, "昆山", "CN", "昆山市"),
        (clean_city, "LONDON", "GB", "London"),
        (clean_city, "melbourme", "AU", "Melbourme"),
        (clean_province, "江苏", "CN", "江苏省"),
        (clean_province, "內蒙", "CN", "内蒙古自治区"),
        (clean_province, "California", "US", "CA"),
        (clean_province, "nsw", "AU", "NSW"),
        (clean_province, "Bayern", "DE", "Bayern"),
        (clean_district, "浦东", "CN", "浦东新区"),
        (clean_district, "朝阳", "CN", "朝阳"),
        (clean_district, "萝岗区", "CN", "黄埔区"),
    ],
)
def test_single_fields(cleanse, value, country, standard):
    assert cleanse(value, country).standard == (standard,)


def test_placeholders_say_why():
    for cleanse in EVERY:
        result = cleanse("待补充", "CN")
        assert result.standard == ()
        assert [code.name for code in result.codes] == ["placeholder"]


def test_order_of_bracketed_notes_does_not_matter():
    notes = ["(李总)", "(老客户)", "(13800138000)"]
    found = {
        (r.standard, r.parts["contact"], r.parts["brand"])
        for order in permutations(notes)
        if (r := clean_organization_name("XX科技有限公司" + "".join(order), "CN"))
    }
    assert found == {(("XX科技有限公司",), "李总", "xx")}


def test_heavy_libraries_wait():
    code = (
        "import sys, quality.cleanse.person_name, quality.cleanse.organization_name, quality.cleanse.address;"
        "print([m for m in ('pypinyin', 'opencc', 'cpca', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(
    not (SHARED / "reference").is_dir(), reason=f"reference data not found in {SHARED} (CDM_SHARED_DATA)"
)
def test_listed_companies_keep_their_brand():
    """The exchange's short name and the brand agree for nearly every listed company."""
    import pyarrow.parquet as pq

    table = pq.read_table(SHARED / "reference" / "cn_listed_companies" / "stock_basic.parquet")
    rows = [
        (full, short)
        for full, short in zip(table["公司全称"].to_pylist(), table["股票名称"].to_pylist(), strict=True)
        if full and short
    ]
    agree = 0
    for full, short in rows:
        result = clean_organization_name(full, "CN")
        bare = short.lower().removeprefix("*st").removeprefix("st")
        agree += result.parts["brand"][:2] in bare or bare[:2] in result.parts["brand"]
        assert result.parts["form"].endswith("公司") or result.parts["form"] == "研究院"
    assert agree / len(rows) > 0.94


@pytest.mark.skipif(
    not (SHARED / "reference").is_dir(), reason=f"reference data not found in {SHARED} (CDM_SHARED_DATA)"
)
def test_company_addresses_find_their_province():
    import pyarrow.parquet as pq

    table = pq.read_table(SHARED / "reference" / "cn_addresses_raw" / "company_addresses.parquet")
    addresses = [a for a in table["address"].to_pylist()[:6000] if a]
    found = [clean_address(a, "CN") for a in addresses]
    assert sum("province" in r.parts for r in found) / len(found) > 0.78
    assert sum("house_number" in r.parts for r in found) / len(found) > 0.65
