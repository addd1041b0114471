"""Identifiers, stewards' decisions and branches hold, also through a third record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from matching import MatchColumn, MatchResult, match
from schemas.types import SemanticType

WANG = {"family_name": "王", "given_name": "小明", "phone": "+8613900000001", "birth_date": "1980-05-05"}
ONE, TWO = "11010519491231002X", "440524188001010014"
FILLER = [
    {"family_name": f"{a}", "given_name": f"{b}", "phone": f"+86139{i:04d}7{i:03d}", "city": "北京市"}
    for i, (a, b) in enumerate(zip("陈刘赵黄周吴徐孙", "军芳敏强婷磊静浩", strict=True))
]


def test_two_identifiers_never_meet_through_a_third_record(match_records: Callable[..., MatchResult]) -> None:
    rows: list[Any] = [{**WANG, "national_id": ONE}, {**WANG, "city": "上海市"}, {**WANG, "national_id": TWO}, *FILLER]
    labels = match_records("person", rows).clusters
    assert labels[0] != labels[2]


def test_equal_identifier_joins_what_else_would_be_asked(match_records: Callable[..., MatchResult]) -> None:
    rows = [{"family_name": "王", "given_name": "伟"}, {"family_name": "王", "given_name": "伟"}, *FILLER]
    assert match_records("person", rows).clusters[1] == 1
    known = [{**r, "national_id": ONE} for r in rows[:2]]
    assert match_records("person", [*known, *FILLER]).clusters[1] == 0


def test_shared_identifier_is_found_out_and_proves_nothing(match_records: Callable[..., MatchResult]) -> None:
    rows = [{**r, "national_id": ONE} for r in FILLER]
    result = match_records("person", rows)
    assert result.report.shared_identifiers == {"national_id": [ONE.lower()]}
    assert len(set(result.clusters.tolist())) == len(rows)


def test_decisions_of_stewards_hold(match_records: Callable[..., MatchResult]) -> None:
    rows = [WANG, {**WANG, "city": "上海市"}, FILLER[0], {"family_name": "陈", "given_name": "俊"}, *FILLER[1:]]
    free = match_records("person", rows).clusters
    assert free[1] == 0
    assert free[3] == 3
    told = match_records("person", rows, must_link=[(2, 3)], cannot_link=[(0, 1)])
    assert told.clusters[3] == 2
    assert told.clusters[1] == 1
    assert told.explain(0, 1).decision == "different"
    assert told.explain(2, 3).decision == "same"


def test_equal_rows_can_be_kept_apart_and_put_together(match_records: Callable[..., MatchResult]) -> None:
    rows = [WANG, WANG, WANG, *FILLER]
    assert match_records("person", rows, cannot_link=[(0, 1)]).clusters[:2].tolist() == [0, 1]
    poor = [{"family_name": "王"}, {"family_name": "王"}, *FILLER]
    assert match_records("person", poor).clusters[1] == 1
    assert match_records("person", poor, must_link=[(0, 1)]).clusters[1] == 0


def test_must_link_carries_its_neighbours(match_records: Callable[..., MatchResult]) -> None:
    other = {"family_name": "Wang", "given_name": "Ming", "email": "wm@example.com", "birth_date": "1991-01-01"}
    rows = [WANG, {**WANG, "city": "上海市"}, other, {**other, "city": "Boston"}, *FILLER]
    labels = match_records("person", rows, must_link=[(1, 2)]).clusters
    assert labels[2] == labels[1]


def test_branch_and_head_office_stay_apart(match_records: Callable[..., MatchResult]) -> None:
    head = {
        "name": "平安财产保险股份有限公司",
        "name_brand": "平安",
        "name_trade": "财产保险",
        "phone": "+8675588880000",
    }
    short = {"name": "平安财产保险", "name_brand": "平安", "name_trade": "财产保险", "phone": "+8675588880000"}
    branch = {**head, "name": head["name"] + "苏州分公司", "branch": "苏州分公司"}
    labels = match_records("organization", [head, branch, short]).clusters
    assert labels.tolist() == [0, 1, 0]


def test_identifiers_alone_are_enough() -> None:
    ids = pa.table({"tax_id": ["91110000101111111A", "91110000101111111A", "91350000158160003B"]})
    blank = pa.table({"name": pa.array([None, None, None], pa.string())})
    labels = match(blank, [MatchColumn("name", SemanticType.ORGANIZATION_NAME)], identifiers=ids).clusters
    assert labels.tolist() == [0, 0, 2]
