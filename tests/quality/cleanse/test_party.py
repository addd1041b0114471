"""Tell persons from organizations."""

from __future__ import annotations

import pyarrow as pa
import pytest

from quality.cleanse.party import judge_name, judge_parties, route_party

PERSONS = """
张三 欧阳锋 张先生 李总 小王 司马懿 张伟(财务) 王五-微信 买买提·艾力 范徐丽泰 張曉明 김민수
John_Smith Smith,_John Zhang_San SAN_ZHANG Mr._Bean O'Neil,_Pat Maria_de_la_Cruz Иван_Петров
"""
ORGANIZATIONS = """
北京华为技术有限公司 XX科技(李总) 张三百货店 海底捞望京店 王府井百货 中国银行上海分行 上海某某律师事务所
清华大学 李记牛肉面馆 Acme_Inc The_Coca-Cola_Company Smith_&_Sons AB_Volvo Bike_World
Siemens_AG 株式会社日立製作所 삼성전자_주식회사 7-Eleven
"""


@pytest.mark.parametrize("name", PERSONS.split())
def test_persons(name):
    assert judge_name(name.replace("_", " "))[0] == "person"


@pytest.mark.parametrize("name", ORGANIZATIONS.split())
def test_organizations(name):
    assert judge_name(name.replace("_", " "))[0] == "organization"


def test_rows_keep_their_order_and_nothing_is_null():
    names = pa.chunked_array([["张三", None, "Acme Ltd"], ["无", "张三"]])
    assert route_party(names).to_pylist() == ["person", None, "organization", None, "person"]


def test_a_tax_number_makes_an_organization():
    judged = judge_parties(pa.array(["张三", "李四", None]), pa.array(["91110000600007519X", "", None]))
    assert judged.column("party").to_pylist() == ["organization", "person", None]
    assert judged.column("confidence").to_pylist()[0] > 0.9
    assert all(0 <= c <= 1 for c in judged.column("confidence").to_pylist())
