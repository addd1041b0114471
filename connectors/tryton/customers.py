"""Parties as flat rows: persons and companies with their addresses, contact mechanisms and identifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.tryton.dataset import STAMPS, Dataset
from connectors.tryton.wire import changed_at

CHILDREN = {
    "contact_mechanisms": "party.contact_mechanism",
    "identifiers": "party.identifier",
    "addresses": "party.address",
}
PHONES = ("phone", "mobile")
PERSONAL_TYPES = ("cn_ric",)
"""Identifier types that are a person's number: the Chinese resident identity card."""


def _row(party: Mapping[str, Any]) -> dict[str, object]:
    contacts, identifiers, addresses = (_active(party[name]) for name in CHILDREN)
    main, *others = [one for one in addresses if _written(one)] or [{}]
    return {
        "id": party["id"],
        "code": party["code"],
        "name": party["name"],
        "active": party["active"],
        "replaced_by": (party["replaced_by"] or {}).get("id"),
        "language": (party["lang"] or {}).get("code"),
        "phone": _values(contacts, *PHONES),
        "email": _values(contacts, "email"),
        "website": next((one["value"] for one in contacts if one["type"] == "website"), None),
        "other_contacts": _joined(
            f"{one['type']}: {one['value']}" for one in contacts if one["type"] not in (*PHONES, "email", "website")
        ),
        "tax_id": (party["tax_identifier"] or {}).get("code"),
        "national_id": next((one["code"] for one in identifiers if one["type"] in PERSONAL_TYPES), None),
        "other_identifiers": _joined(f"{one['type'] or '?'}: {one['code']}" for one in _others(party, identifiers)),
        "country": ((main.get("country") or {}).get("code")),
        "subdivision": ((main.get("subdivision") or {}).get("name")),
        "city": main.get("city"),
        "street": " ".join(str(main.get("street") or "").split()),
        "postal_code": main.get("postal_code"),
        "other_addresses": _joined(_written(one) for one in others),
        "created_at": party["create_date"],
        "updated_at": changed_at(party, *(child for name in CHILDREN for child in party[name])),
    }


def _active(children: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [child for child in children if child["active"]]


def _values(contacts: Sequence[Mapping[str, Any]], *types: str) -> str:
    return _joined(dict.fromkeys(one["value"] for one in contacts if one["type"] in types))


def _joined(texts: Any) -> str:
    return "; ".join(str(text) for text in texts if text)


def _written(address: Mapping[str, Any]) -> str:
    country, division = address.get("country") or {}, address.get("subdivision") or {}
    parts = (country.get("code"), division.get("name"), address.get("city"), address.get("street"))
    return " ".join(" ".join(str(part) for part in (*parts, address.get("postal_code")) if part).split())


def _others(party: Mapping[str, Any], identifiers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    tax = (party["tax_identifier"] or {}).get("id")
    return [one for one in identifiers if one["id"] != tax and one["type"] not in PERSONAL_TYPES]


CUSTOMERS = Dataset(
    model="party.party",
    mapping="customers.yaml",
    children=CHILDREN,
    fields=(
        *("name", "code", "active", "replaced_by.id", "lang.code", "tax_identifier.code", *STAMPS),
        *("addresses.street", "addresses.city", "addresses.postal_code"),
        *("addresses.subdivision.name", "addresses.country.code"),
        *("contact_mechanisms.type", "contact_mechanisms.value", "identifiers.type", "identifiers.code"),
    ),
    deactivable=frozenset({"party.party", *CHILDREN.values()}),
    columns=(
        *("id", "code", "name", "active", "replaced_by", "language", "phone", "email", "website", "other_contacts"),
        *("tax_id", "national_id", "other_identifiers", "country", "subdivision", "city", "street", "postal_code"),
        *("other_addresses", "created_at", "updated_at"),
    ),
    row=_row,
)
