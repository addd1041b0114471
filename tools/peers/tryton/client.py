"""Work in the ERP over JSON-RPC, as its users' clients do: create, edit, delete, deactivate, merge."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.peers.place import PeersError, Place

SECONDS = 120
Values = Mapping[str, Any]


class Tryton:
    """A session of the administrator."""

    def __init__(self, place: Place) -> None:
        self._url = f"{place.tryton_url}/erp/rpc/"
        self._headers = {"Content-Type": "application/json"}
        given = self._call("common.db.login", "admin", {"password": place.secrets["TRYTON_PASSWORD"]}, "en")
        user, token = given[0], given[1]
        session = base64.b64encode(f"admin:{user}:{token}".encode()).decode()
        self._headers["Authorization"] = f"Session {session}"
        self._context = self._call("model.res.user.get_preferences", True, {})

    def call(self, method: str, *arguments: object) -> Any:
        """Call a method of the ERP with the user's context; raises ``PeersError`` with what the ERP says."""
        return self._call(method, *arguments, self._context)

    def find(self, model: str, domain: Sequence[object]) -> list[int]:
        """Return the ids of matching records, inactive ones too."""
        context = {**self._context, "active_test": False}
        found: list[int] = self._call(f"model.{model}.search", domain, 0, None, None, context)
        return found

    def create(self, model: str, values: Values) -> int:
        """Create a record and return its id."""
        return int(self.call(f"model.{model}.create", [values])[0])

    def write(self, model: str, number: int, values: Values) -> None:
        """Change a record."""
        self.call(f"model.{model}.write", [number], values)

    def delete(self, model: str, number: int) -> None:
        """Delete a record."""
        self.call(f"model.{model}.delete", [number])

    def merge(self, loser: int, survivor: int) -> None:
        """Merge a party into another with the ERP's own wizard."""
        session, start, _ = self.call("wizard.party.replace.create")
        self.call("wizard.party.replace.execute", session, {start: {}}, start)
        self.call(
            "wizard.party.replace.execute", session, {"ask": {"source": loser, "destination": survivor}}, "replace"
        )
        self.call("wizard.party.replace.delete", session)

    def sell(self, party: int, number: str, quantity: int) -> int:
        """Make a sale of the one product there is, unless one of that reference exists; return its id."""
        known = self.find("sale.sale", [["reference", "=", number]])
        if known:
            return known[0]
        (company,) = self.find("company.company", [])
        address = next(iter(self.find("party.address", [["party", "=", party]])), None)
        (product,) = self.find("product.product", [])
        (unit, *_) = self.find("product.uom", [["symbol", "=", "u"]])
        (currency,) = self.find("currency.currency", [["code", "=", "CNY"]])
        line = {
            "type": "line",
            "product": product,
            "quantity": quantity,
            "unit": unit,
            "unit_price": Decimal("99.5000"),
        }
        values = {"party": party, "company": company, "currency": currency, "reference": number}
        values |= {"invoice_address": address, "shipment_address": address, "lines": [["create", [line]]]}
        return self.create("sale.sale", values)

    def _call(self, method: str, *arguments: object) -> Any:
        body = json.dumps({"id": 1, "method": method, "params": list(arguments)}, default=_encoded).encode()
        request = urllib.request.Request(self._url, data=body, headers=self._headers)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                said = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise PeersError(f"Tryton refuses {method} ({error.code}): {error.read().decode()[:500]}") from None
        if isinstance(said, dict) and said.get("error"):
            raise PeersError(f"Tryton refuses {method}: {said['error'][:2]}")
        return said["result"] if isinstance(said, dict) and "result" in said else said


def _encoded(value: object) -> object:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    raise TypeError(type(value))
