"""Edit, history, difference, lineage and as-of, as a steward types them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from small_company import SALES, SALES_HEADER, write_workbook
from sqlalchemy import insert

from cdm.pipeline.hub import Hub, open_hub
from cdm.store.deferrals import NewDeferral
from cdm.store.review_cases import refresh_cases
from cdm.store.review_queue import Wanted
from cdm.store.tables import candidate


def test_edit_look_back_and_undo(cdm: Any, folder: Path) -> None:
    write_workbook(folder / "sales.xlsx", SALES_HEADER, SALES)
    assert cdm("source", "add", "sales", "sales.xlsx", "--key", "客户编号").code == 0
    assert cdm("run").code == 0
    one = cdm("lookup", "sales", "S1").out.strip()
    assert cdm("lookup", "sales", "S1", "--as-of", "2099-01-01").out.strip() == one
    refused = cdm("edit", one, "phone=12")
    assert (refused.code, "'12' is no valid value of Phone (phone)" in refused.err) == (2, True)
    assert cdm("edit", one, "phone").code == cdm("edit", one, "--until", "soon", "phone=1").code == 2
    edited = cdm("edit", "sales:S1", "phone=13812349999", "--reason", "called", "--by", "li")
    assert "undo 1" in edited.out
    assert "steward li" in cdm("golden", "show", one).out
    assert "13812340001" in cdm("golden", "show", one, "--as-of", "2").out
    assert "did not exist yet" in cdm("golden", "show", one, "--as-of", "1").err
    history = json.loads(cdm("history", one, "--json").out)
    assert [(v["what"], v["who"], v["changed"]) for v in history["versions"]][1:] == [("updated", "li", ["phone"])]
    assert "called" in cdm("history", one).out
    assert "首次读到" in cdm("--lang", "zh", "history", "sales:S1").out
    assert json.loads(cdm("diff", one, "1", "2", "--json").out)["fields"] == {
        "phone": [["+8613812340001"], ["+8613812349999"]]
    }
    assert cdm("diff", one, "1", "1").out.strip() == "Nothing differs."
    assert "stated by li" in cdm("lineage", one, "phone").out
    (origin,) = json.loads(cdm("lineage", "sales:S1", "email", "--json").out)["origins"]
    assert (origin["place"], origin["columns"]) == ("sales.xlsx#客户!2", {"邮箱": "wang@firma.cn"})
    assert "phone=+8613812349999" in " ".join(cdm("decisions").out.split())
    assert cdm("undo", "1", "--by", "wang").code == 0
    assert "13812349999" not in cdm("golden", "show", one).out
    assert cdm("undo", "1").code == 5


def ask_about(hub: Hub, *keys: str) -> None:
    """Leave two customers to a steward."""
    one, other = (hub.store.records.get("sales", key).id for key in keys)
    run = hub.store.runs.list(1, kind="consolidate")[0].id
    row = {"left_id": one, "right_id": other, "entity": "person", "probability": 0.4, "model": "m", "run_id": run}
    with hub.store._database.write() as connection:
        connection.execute(insert(candidate).values(**row))
        refresh_cases(connection, [], [one, other], hub.now())


def test_a_case_that_was_put_off_is_listed_and_taken_back_like_a_decision(cdm: Any, folder: Path) -> None:
    write_workbook(folder / "sales.xlsx", SALES_HEADER, SALES)
    assert cdm("source", "add", "sales", "sales.xlsx", "--key", "客户编号").code == 0
    assert cdm("run").code == 0
    with open_hub() as hub:
        ask_about(hub, "S1", "S2")
        (case,) = hub.store.review.page(Wanted(), hub.now())
        new = NewDeferral(case.id, case.golden, hub.now() + timedelta(days=3), "li", "rings back")
        number = hub.store.deferrals.put_off(new, hub.now()).id
        assert not hub.store.review.page(Wanted(), hub.now())
    listed = cdm("decisions").out
    assert "later" in listed and "rings back" in listed
    taken = cdm("undo", str(number), "--by", "wang")
    assert (taken.code, f"Case {case.id} is not put off any more" in taken.out) == (0, True)
    with open_hub() as hub:
        assert [one.id for one in hub.store.review.page(Wanted(), hub.now())] == [case.id]
    again = cdm("undo", str(number))
    assert (again.code, "taken back already" in again.err) == (5, True)
