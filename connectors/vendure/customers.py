"""Customers as flat rows with the address they prefer. A company hides in names and addresses: the shop knows none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.http.place import as_time, time_text
from connectors.vendure.dataset import Dataset

_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
ITEMS = """id createdAt updatedAt title firstName lastName phoneNumber emailAddress
user { verified }
addresses {
  updatedAt fullName company streetLine1 streetLine2 city province postalCode phoneNumber country { code }
  defaultShippingAddress defaultBillingAddress
}"""


def _row(customer: Mapping[str, Any], _places: int) -> dict[str, object]:
    addresses = sorted(customer["addresses"] or [], key=_preference)
    main = addresses[0] if addresses else {}
    phones = [customer["phoneNumber"], *(one["phoneNumber"] for one in addresses)]
    return {
        "id": customer["id"],
        "title": customer["title"],
        "name": _name(customer["firstName"], customer["lastName"]),
        "first_name": customer["firstName"],
        "last_name": customer["lastName"],
        "company": next((one["company"] for one in addresses if one["company"]), None),
        "email": customer["emailAddress"],
        "phone": "; ".join(dict.fromkeys(phone for phone in phones if phone)),
        "registered": customer["user"] is not None,
        "country": (main.get("country") or {}).get("code"),
        "province": main.get("province"),
        "city": main.get("city"),
        "street": " ".join(line for line in (main.get("streetLine1"), main.get("streetLine2")) if line),
        "postal_code": main.get("postalCode"),
        "recipient": main.get("fullName"),
        "other_addresses": "; ".join(_written(one) for one in addresses[1:]),
        "created_at": customer["createdAt"],
        "updated_at": max(time_text(as_time(one["updatedAt"])) for one in (customer, *addresses)),
    }


def _name(first: str, last: str) -> str:
    """Return the whole name as it is written: Chinese, Japanese and Korean names begin with the family."""
    if _EAST_ASIAN.search(first + last):
        return f"{last}{first}"
    return f"{first} {last}".strip()


def _preference(address: Mapping[str, Any]) -> tuple[bool, bool]:
    return not address["defaultBillingAddress"], not address["defaultShippingAddress"]


def _written(address: Mapping[str, Any]) -> str:
    names = ("fullName", "company", "province", "city", "streetLine1", "streetLine2", "postalCode", "phoneNumber")
    return " ".join(str(address[name]) for name in names if address[name])


CUSTOMERS = Dataset(
    name="customers",
    options="CustomerListOptions",
    mapping="customers.yaml",
    items=ITEMS,
    columns=(
        *(
            "id",
            "title",
            "name",
            "first_name",
            "last_name",
            "company",
            "email",
            "phone",
            "registered",
            "country",
            "province",
        ),
        *("city", "street", "postal_code", "recipient", "other_addresses", "created_at", "updated_at"),
    ),
    row=_row,
)
