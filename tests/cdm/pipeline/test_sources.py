"""Registering sources: locations that mean the same from every folder."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.sources import NewSource, add_source


def test_an_sqlite_file_may_be_named_as_a_path_or_as_a_uri(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "erp.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE customer (code TEXT PRIMARY KEY, name TEXT, phone TEXT)")
        connection.execute("INSERT INTO customer VALUES ('C1', '杭州云杉科技有限公司', '0571-88123456')")
    for name, location in (("path", f"sqlite:///{file}"), ("uri", f"sqlite:///file:{file}?mode=ro&uri=true")):
        add_source(hub, NewSource(name, location, options={"table": "customer", "key": "code"}))
        assert ingest_source(hub, name).rows.inserted == 1
