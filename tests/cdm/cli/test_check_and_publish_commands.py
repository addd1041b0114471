"""``cdm check`` and ``cdm publish`` as typed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from small_company import SHOP, SHOP_HEADER, write_csv


@pytest.fixture
def shop(cdm: Any, folder: Path) -> Any:
    """A hub of one shop, in the folder where the command is typed."""
    write_csv(folder / "shop.csv", SHOP_HEADER, SHOP)
    assert cdm("--hub", "hub.db", "source", "add", "shop", "shop.csv", "--key", "user_id").code == 0
    assert cdm("--hub", "hub.db", "run").code == 0
    return cdm


def test_check_lists_what_is_not_as_expected(shop: Any, folder: Path) -> None:
    assert "none were checked yet" in shop("--hub", "hub.db", "check", "--last").out
    assert shop("--hub", "hub.db", "check", "--strict").code == 0
    write_csv(folder / "shop.csv", SHOP_HEADER, [(*row[:3], "", row[4]) for row in SHOP])
    shop("--hub", "hub.db", "ingest", "shop", "--full")
    found = shop("--hub", "hub.db", "check", "--source", "shop", "--strict")
    assert found.code == 9
    assert "E-mail" in found.out
    assert "shop:U1" in found.out
    assert "wang@firma.cn" not in found.out
    assert "1 critical ones" in found.out
    assert (folder / "data-docs" / "index.html").exists()
    last = shop("--hub", "hub.db", "--lang", "zh", "check", "--last", "--source", "shop", "--all")
    assert "严重不符 1" in last.out
    assert "邮箱" in last.out
    assert "✓" in last.out
    assert shop("--hub", "hub.db", "check", "--source", "nobody").code == 6


def test_publish_from_adding_to_removing(shop: Any, folder: Path) -> None:
    hub = ("--hub", "hub.db", "publish")
    assert "no target yet" in shop(*hub, "run").out
    assert "publish run g" in shop(*hub, "add", "g", "out/g.csv", "--role", "viewer").out
    assert shop(*hub, "add", "db", "postgresql://u:geheim@127.0.0.1:1/x").code == 0
    ran = shop(*hub, "run")
    assert ran.code == 11
    assert "g: everything, 3 golden records" in ran.out
    assert "db:" in ran.err
    assert "→" in ran.err
    with (folder / "out" / "g-person.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["Full name"] for row in csv.DictReader(file)}
    assert names == {"王**", "陈**", "赵**"}
    listed = shop("--lang", "zh", *hub, "list")
    assert "geheim" not in listed.out + ran.err + ran.out
    assert "viewer" in listed.out
    assert "nothing new" in shop(*hub, "run", "g").out
    assert shop(*hub, "remove", "db").code == 0
    assert shop(*hub, "run", "db").code == 6
    assert shop(*hub, "add", "x", "g.txt").code == 2
    assert shop(*hub, "add", "x", "x.csv", "--role", "king").code == 2
