"""Sales as flat rows, one per sale, linked to their customer by the party's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.tryton.dataset import STAMPS, Dataset
from connectors.tryton.wire import changed_at


def _row(sale: Mapping[str, Any]) -> dict[str, object]:
    lines = [line for line in sale["lines"] if line["type"] == "line"]
    names = [(line["product"] or {}).get("rec_name") or line["description"] for line in lines]
    return {
        "id": sale["id"],
        "number": sale["number"],
        "reference": sale["reference"],
        "customer": (sale["party"] or {}).get("id"),
        "date": sale["sale_date"] or sale["create_date"],
        "products": "; ".join(dict.fromkeys(str(name) for name in names if name)),
        "quantity": sum(line["quantity"] or 0 for line in lines),
        "amount": sale["total_amount"],
        "currency": (sale["currency"] or {}).get("code"),
        "state": sale["state"],
        "created_at": sale["create_date"],
        "updated_at": changed_at(sale, *sale["lines"]),
    }


ORDERS = Dataset(
    model="sale.sale",
    mapping="orders.yaml",
    children={"lines": "sale.line"},
    fields=(
        *("number", "reference", "party.id", "sale_date", "total_amount", "currency.code", "state", *STAMPS),
        *("lines.type", "lines.quantity", "lines.description", "lines.product.rec_name"),
    ),
    deactivable=frozenset(),
    columns=(
        *("id", "number", "reference", "customer", "date", "products", "quantity", "amount", "currency", "state"),
        *("created_at", "updated_at"),
    ),
    row=_row,
)
