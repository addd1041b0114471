"""Vendure's admin API, as far as the connector asks: signing in, and one list with skip, take, sort and filter."""

from __future__ import annotations

from typing import Any

from fake_server import Answer, Asked, FakeServer

PASSWORD = "p4ss"


def customer(number: int, first: str, last: str, changed: str, **given: Any) -> dict[str, Any]:
    """A customer as the shop gives it."""
    plain = {"id": str(number), "createdAt": "2026-01-01T08:00:00.000Z", "updatedAt": changed, "title": None}
    names = {"firstName": first, "lastName": last, "emailAddress": f"c{number}@example.com", "phoneNumber": None}
    return {**plain, **names, "user": None, "addresses": [], **given}


def address(changed: str, **given: Any) -> dict[str, Any]:
    names = ("fullName", "company", "streetLine2", "city", "province", "postalCode", "phoneNumber")
    plain = {**dict.fromkeys(names), "streetLine1": "", "country": {"code": "CN"}, "updatedAt": changed}
    return {**plain, "defaultShippingAddress": False, "defaultBillingAddress": False, **given}


def order(number: int, changed: str, **given: Any) -> dict[str, Any]:
    plain = {"id": str(number), "code": f"O{number}", "createdAt": changed, "updatedAt": changed, "state": "Settled"}
    money = {"currencyCode": "CNY", "totalQuantity": 2, "totalWithTax": 29850}
    lines = [{"quantity": 2, "productVariant": {"name": "测试商品"}}]
    return {**plain, **money, "orderPlacedAt": changed, "customer": {"id": "1"}, "lines": lines, **given}


class FakeVendure(FakeServer):
    def __init__(self, *customers: dict[str, Any], orders: list[dict[str, Any]] | None = None) -> None:
        super().__init__()
        self.customers = list(customers)
        self.orders = orders or []
        self.sessions: set[str] = set()
        self.logins = 0
        self.deaf: set[str] = set()
        """Options the server ignores."""

    def answer(self, asked: Asked) -> Answer:
        question = asked.json()
        if "login" in question["query"]:
            return self._login(question["variables"])
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in self.sessions:
            return refusal("FORBIDDEN", "You are not currently authorized to perform this action")
        if "globalSettings" in question["query"]:
            return Answer.json({"data": {"globalSettings": {"serverConfig": {"moneyStrategyPrecision": 2}}}})
        name = "orders" if "orders(" in question["query"] else "customers"
        return Answer.json({"data": {name: self._list(getattr(self, name), question["variables"]["options"])}})

    def _login(self, variables: dict[str, str]) -> Answer:
        self.logins += 1
        if variables["password"] != PASSWORD:
            failed = {"__typename": "InvalidCredentialsError", "errorCode": "INVALID_CREDENTIALS_ERROR", "message": "…"}
            return Answer.json({"data": {"login": failed}})
        token = f"t{self.logins}"
        self.sessions.add(token)
        return Answer.json({"data": {"login": {"__typename": "CurrentUser"}}}, **{"vendure-auth-token": token})

    def _list(self, items: list[dict[str, Any]], options: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in options.items() if name not in self.deaf}
        after = given.get("filter", {}).get("updatedAt", {}).get("after", "")[:23]
        found = [item for item in items if item["updatedAt"] > after]
        ((column, direction),) = (given.get("sort") or {"id": "ASC"}).items()
        found.sort(key=lambda item: (len(item[column]), item[column]), reverse=direction == "DESC")
        skip = given.get("skip", 0)
        return {"totalItems": len(found), "items": found[skip : skip + given.get("take", 100)]}


def refusal(code: str, message: str) -> Answer:
    return Answer.json({"errors": [{"message": message, "extensions": {"code": code}}], "data": None})
