"""Placed orders as flat rows; a basket that was never paid for is no order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from connectors.http.place import as_time, time_text
from connectors.vendure.dataset import Dataset

ITEMS = """id code createdAt updatedAt orderPlacedAt state currencyCode totalQuantity totalWithTax
customer { id } lines { quantity productVariant { name } }"""


def _row(order: Mapping[str, Any], places: int) -> dict[str, object]:
    names = [line["productVariant"]["name"] for line in order["lines"]]
    return {
        "id": order["id"],
        "code": order["code"],
        "customer": (order["customer"] or {}).get("id"),
        "placed_at": order["orderPlacedAt"],
        "products": "; ".join(dict.fromkeys(names)),
        "quantity": order["totalQuantity"],
        "amount": Decimal(order["totalWithTax"]).scaleb(-places),
        "currency": order["currencyCode"],
        "state": order["state"],
        "created_at": order["createdAt"],
        "updated_at": time_text(as_time(order["updatedAt"])),
    }


ORDERS = Dataset(
    name="orders",
    options="OrderListOptions",
    mapping="orders.yaml",
    items=ITEMS,
    columns=(
        *("id", "code", "customer", "placed_at", "products", "quantity", "amount", "currency", "state"),
        *("created_at", "updated_at"),
    ),
    row=_row,
    only={"orderPlacedAt": {"isNull": False}},
    has_money=True,
)
