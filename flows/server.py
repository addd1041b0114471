"""Prefect's server as the hub runs it: ``python -m flows.server PORT``, on this machine only.

It is the server of ``prefect server start`` but for one thing. SQLAlchemy from 2.1 on wants to be told what becomes of
an attribute made of others when rows are inserted in bulk, and Prefect 3.8 does not tell it; without that no scheduled
run is ever written. The attribute is written by Prefect itself one statement later, so nothing is to become of it.
"""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import Any

HOST = "127.0.0.1"


def run(port: int) -> None:
    """Run the server until it is told to stop; its settings are in the environment."""
    import uvicorn
    from prefect.server.api.server import create_app

    insert_runs_without_their_state()
    uvicorn.run(create_app(final=True), host=HOST, port=port, log_level="warning")


def insert_runs_without_their_state() -> None:
    """Tell SQLAlchemy that the state of a flow run is no column of its row."""
    from prefect.server.database.orm_models import FlowRun
    from sqlalchemy import inspect

    state: Any = inspect(FlowRun).all_orm_descriptors["state"]
    state.bulk_dml_setter = _written_later


def _written_later(_model: type, _row: MutableMapping[str, Any], _state: object) -> None:
    return None


if __name__ == "__main__":
    run(int(sys.argv[1]))
