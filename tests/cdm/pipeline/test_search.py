"""Golden records are found by a few letters of what they say, as soon as it is written and as long as it holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_company import SALES, SALES_HEADER, write_csv

from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import consolidate_all, run_all
from cdm.pipeline.search import SearchError, search
from cdm.pipeline.sources import NewSource, add_source
from cdm.stewardship import merge, undo
from cdm.stewardship.steps import By
from cdm.store.tables import search_token

MORE = (
    ("S6", "王小鸣", "13812349999", "xm@firma.cn", ""),
    ("S7", "Peter O'Neill", "+44 20 7946 0958", "peter.oneill@firma.co.uk", ""),
)


@pytest.fixture
def filled(hub: Hub, tmp_path: Path) -> Hub:
    write_csv(tmp_path / "s.csv", SALES_HEADER, [*SALES, *MORE])
    add_source(hub, NewSource("sales", str(tmp_path / "s.csv"), options={"key": "客户编号"}, entity="person"))
    run_all(hub)
    return hub


def keys(hub: Hub, text: str) -> list[str]:
    """Return the keys of the records behind what is found."""
    return [hub.store.records.of_golden(one.golden_id)[0].key for one in search(hub, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("小", ["S1", "S6"]),
        ("小明", ["S1"]),
        ("王小明", ["S1"]),
        ("wxm", ["S1", "S6"]),
        ("xiaoming", ["S1", "S6"]),
        ("WANG", ["S1", "S6"]),
        ("0001", ["S1"]),
        ("138 1234 0001", ["S1"]),
        ("+86-138-1234-0001", ["S1"]),
        ("lilei@firma.cn", ["S2"]),
        ("LiLei@", ["S2"]),
        ("王 9999", ["S6"]),
        ("王 0002", []),
        ("S3", ["S3"]),
        ("sales:S3", ["S3"]),
        ("neill", ["S7"]),
        ("pet", ["S7"]),
        ("0138 1234 0001", ["S1"]),
        ("王%", ["S1", "S6"]),
        ("不存在", []),
    ],
)
def test_what_somebody_types_finds_who_it_names(filled: Hub, text: str, expected: Sequence[str]) -> None:
    assert sorted(keys(filled, text)) == expected


def test_nothing_is_refused_with_a_hint(filled: Hub) -> None:
    for nothing in ("", "   ", "，", "%", "_", "*"):
        with pytest.raises(SearchError, match="Nothing is asked for") as caught:
            search(filled, nothing)
        assert "initials" in str(caught.value.remedy)


def test_results_are_bounded_and_the_closest_comes_first(filled: Hub) -> None:
    assert len(search(filled, "firma", limit=2)) <= 2
    assert [one.fields["full_name"] for one in search(filled, "王小")][:2] == ["王小明", "王小鸣"]
    own = search(filled, "S1")[0]
    assert search(filled, own.golden_id)[0].golden_id == own.golden_id
    assert search(filled, "王", "organization") == []


def test_search_follows_changes_merges_and_their_withdrawal(filled: Hub, tmp_path: Path) -> None:
    before = _rows(filled)
    one, two = (filled.store.crosswalk.lookup("sales", key) for key in ("S2", "S3"))
    done = merge(filled, [one, two], By("li"))
    assert len(search(filled, "李雷")) + len(search(filled, "韩梅梅")) == 1
    assert done.decision is not None
    undo(filled, done.decision.id, By("li"))
    assert _rows(filled) == before
    rows = [*SALES[1:], *MORE, ("S1", "欧阳修", "13812340001", "wang@firma.cn", "")]
    write_csv(tmp_path / "s.csv", SALES_HEADER, rows[1:])
    ingest_source(filled, "sales", full=True)
    consolidate_all(filled)
    assert keys(filled, "oyx") == ["S1"]
    assert keys(filled, "王小明") == keys(filled, "李雷") == []


def test_a_hub_without_tokens_gets_them_with_the_first_search(filled: Hub) -> None:
    before = _rows(filled)
    with filled.store._database.write() as connection:
        connection.execute(search_token.delete())
    assert keys(filled, "小明") == ["S1"]
    assert _rows(filled) == before


def _rows(hub: Hub) -> list[tuple[str, str]]:
    with hub.store._database.read() as connection:
        query = search_token.select().order_by(search_token.c.token, search_token.c.golden_id)
        return [tuple(row) for row in connection.execute(query)]
