"""A small hub with a past: records that changed, golden records that merged, events, an audit trail."""

from __future__ import annotations

from typing import Any

from hub_pages import consolidation, day, read_all, register
from sqlalchemy import insert

from cdm.store import Store
from cdm.store.audit import Act, log
from cdm.store.tables import matched

ROWS = [
    {"key": str(number), "full_name": name} for number, name in enumerate(["王伟", "Zoë 𠮷野", "李\tn\\N", "O'Neil"])
]


def fill(store: Store) -> None:
    """Fill an empty hub: records 1 and 2 end in golden record ``a``, 3 in ``c``, 4 waits; ``b`` is retired."""
    register(store, "crm")
    read_all(store, "crm", [ROWS], 1)
    read_all(store, "crm", [[*ROWS[:1], {"key": "1", "full_name": ""}, *ROWS[2:]]], 2)
    for at, groups in ((3, {"a": [1], "b": [2], "c": [3]}), (4, {"a": [1, 2], "c": [3]})):
        run = store.runs.begin("consolidate", day(at))
        more: dict[str, Any] = {"retired": ["b"], "redirects": [("b", "a")]} if at == 4 else {}
        store.write_portion(consolidation(groups, **more), run.id, day(at))
        store.runs.finish(run.id, day(at), {})
    with store._database.write() as connection:
        connection.execute(insert(matched).values(entity="person", model="1", run_id=1))
        log(connection, Act("li", "merge", "a", {"理由": "电话核实"}), day(4))
