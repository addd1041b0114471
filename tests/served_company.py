"""A small company's hub behind the API: its roles, and clients that speak for them."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv, write_erp

from cdm.pipeline.hub import Hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.security import Role, Scope
from cdm.security.tokens import Tokens
from cdm.security.users import Users
from cdm.serve import application

PASSWORD = "correct horse battery"
PEOPLE = {"vera": Role.VIEWER, "stefan": Role.STEWARD, "anna": Role.ADMINISTRATOR}


def fill_company(hub: Hub, folder: Path) -> None:
    """Load sales, shop and ERP of the small company and merge them."""
    add_source(
        hub, NewSource("sales", str(write_csv(folder / "sales.csv", SALES_HEADER, SALES)), options={"key": "客户编号"})
    )
    add_source(
        hub, NewSource("shop", str(write_csv(folder / "shop.csv", SHOP_HEADER, SHOP)), options={"key": "user_id"})
    )
    erp = write_erp(folder / "erp.db")
    add_source(hub, NewSource("erp", erp, options={"table": "customer"}))
    add_source(hub, NewSource("orders", erp, options={"table": "sales_order"}, customers="erp"))
    run_all(hub)


def secrets(hub: Hub) -> dict[str, str]:
    """Add a user of every role and tokens of programs; returns name → secret.

    ``bare`` is a token that may do everything and sees nothing in clear, ``shop`` one that sees personal values.
    """
    users, tokens = Users(hub.store, hub.now), Tokens(hub.store, hub.now)
    found = {}
    for name, role in PEOPLE.items():
        users.add(name, role, "test", PASSWORD)
        found[name] = tokens.create(name, [], "test", user=name).secret
    doing = [scope for scope in Scope if scope not in (Scope.PERSONAL, Scope.SENSITIVE)]
    found["bare"] = tokens.create("bare", doing, "test").secret
    found["shop"] = tokens.create("shop", [*doing, Scope.PERSONAL], "test").secret
    return found


class Clients:
    """Clients of one application, by who asks."""

    def __init__(self, hub: Hub) -> None:
        self.app = application(hub, hosts=["*"], pages=False)
        self.secrets = secrets(hub)

    def __call__(self, name: str = "") -> TestClient:
        """Return a client that speaks for somebody, or for nobody."""
        headers = {"Authorization": f"Bearer {self.secrets[name]}"} if name else {}
        return TestClient(self.app, base_url="http://hub/api/v1", headers=headers, raise_server_exceptions=False)
