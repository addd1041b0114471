"""The right to write: one holder, given back when the holder dies, never two at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hub_pages import register
from sqlalchemy import text

from cdm.errors import StoreLocked, StoreUnavailable
from cdm.store import Store

HOLD = (
    "import sys, time; from cdm.store import Store; store = Store.open(sys.argv[1]);"
    "lock = store.writer(); lock.__enter__(); print('held', flush=True); time.sleep(60)"
)


def test_a_killed_holder_is_taken_over_at_once(hub_url: str) -> None:
    with Store.open(hub_url, lock_timeout=0.2) as store:
        root = Path(__file__).parents[3]
        holder = subprocess.Popen([sys.executable, "-c", HOLD, hub_url], stdout=subprocess.PIPE, text=True, cwd=root)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match="Another run") as caught, store.writer():
            pass
        assert "cdm doctor" in caught.value.remedy
        register(store, "crm")  # a steward's short transaction does not wait for the job
        holder.kill()
        holder.wait()
        holder.stdout.close()
    with Store.open(hub_url, lock_timeout=5) as store, store.writer():
        register(store, "shop")


def test_a_holder_whose_session_was_ended_writes_no_more(postgres_database: str) -> None:
    with Store.open(postgres_database) as store, Store.open(postgres_database) as other:
        with store.writer():
            register(store, "crm")
            with other._database.write() as connection:
                ended = {"pid": store._database._writer_session}
                connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), ended)
            with other.writer():
                with pytest.raises(StoreUnavailable, match="another run may be writing"):
                    register(store, "shop")
                register(other, "erp")
        assert [one.name for one in store.sources.list()] == ["crm", "erp"]
        with store.writer():
            register(store, "shop")
