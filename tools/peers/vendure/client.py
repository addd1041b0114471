"""Work in the shop over its admin API: sign in, create, edit, delete, order."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from tools.peers.place import PeersError, Place

SECONDS = 120
LOGIN = "mutation ($u: String!, $p: String!) { login(username: $u, password: $p) { __typename } }"


class Vendure:
    """A session of the super administrator."""

    def __init__(self, place: Place) -> None:
        self._url = f"{place.vendure_url}/admin-api"
        self._token = ""
        self.ask(LOGIN, u="superadmin", p=place.secrets["VENDURE_PASSWORD"])

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Return the ``data`` of an answer; raises ``PeersError`` with what the shop says."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self._url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                self._token = answer.headers.get("vendure-auth-token") or self._token
                said = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise PeersError(f"Vendure refuses a question ({error.code}): {error.read().decode()[:500]}") from None
        if said.get("errors"):
            raise PeersError(f"Vendure refuses a question: {said['errors'][0]['message']}")
        data: dict[str, Any] = said["data"]
        return data

    def do(self, name: str, wanted: str = "id", **inputs: tuple[str, object]) -> Any:
        """Carry out a mutation and return what it gives.

        Args:
            name: the mutation.
            wanted: fields of its result.
            inputs: argument name → (GraphQL type, value).
        """
        head = ", ".join(f"${argument}: {kind}" for argument, (kind, _) in inputs.items())
        given = ", ".join(f"{argument}: ${argument}" for argument in inputs)
        query = (
            f"mutation ({head}) {{ {name}({given}) {{ {wanted} }} }}"
            if inputs
            else f"mutation {{ {name} {{ {wanted} }} }}"
        )
        result = self.ask(query, **{argument: value for argument, (_, value) in inputs.items()})[name]
        if isinstance(result, Mapping) and result.get("errorCode"):
            raise PeersError(f"Vendure refuses {name}: {result['errorCode']} {result.get('message', '')}")
        return result

    def customer(self, email: str) -> str | None:
        """Return the id of the customer with this e-mail address."""
        query = "query ($e: String!) { customers(options: {filter: {emailAddress: {eq: $e}}}) { items { id } } }"
        items = self.ask(query, e=email)["customers"]["items"]
        return str(items[0]["id"]) if items else None

    def update_customer(self, number: str, **values: object) -> None:
        """Change a customer."""
        given = {"id": number, **values}
        self.do("updateCustomer", f"... on Customer {{ id }} {FAILED}", input=("UpdateCustomerInput!", given))

    def delete_customer(self, number: str) -> None:
        """Delete a customer, as the shop's staff would."""
        self.do("deleteCustomer", "result", id=("ID!", number))


FAILED = "... on ErrorResult { errorCode message }"
"""Selection that shows why a mutation failed."""
