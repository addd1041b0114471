"""Questions to the shop in GraphQL; its refusals arrive as successes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import QueryFailed, SourceDenied, SourceError, SourceUnavailable
from connectors.http.client import Api
from connectors.http.failures import LONGEST
from connectors.vendure.session import KeyAuth, TokenAuth

FORBIDDEN = ("FORBIDDEN", "UNAUTHENTICATED")


@dataclass(frozen=True)
class GraphQl:
    """The admin API of one shop."""

    api: Api
    auth: TokenAuth | KeyAuth
    path: str

    def ask(self, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
        """Return the ``data`` of an answer; a session that ended is begun anew, once.

        Raises:
            SourceDenied: the user may not read this, also after signing in anew.
            QueryFailed: the shop does not understand the question.
            SourceUnavailable: something broke inside the shop.
        """
        answer = self._answer(query, variables)
        if _codes(answer) & {*FORBIDDEN} and isinstance(self.auth, TokenAuth):
            self.auth.forget()
            answer = self._answer(query, variables)
        data = answer.get("data")
        if answer.get("errors") or not isinstance(data, dict):
            raise self._failure(answer)
        return data

    def _answer(self, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
        body = {"query": query, "variables": dict(variables)}
        answer = self.api.ask(self.path, method="POST", json=body)
        return answer if isinstance(answer, dict) else {}

    def _failure(self, answer: Mapping[str, Any]) -> SourceError:
        """Return the error that an answer of errors means; half an answer is none."""
        codes = _codes(answer)
        said = "; ".join(str(one.get("message")) for one in answer.get("errors") or [])[:LONGEST] or "no data"
        if codes & {*FORBIDDEN}:
            return SourceDenied(
                f"{self.api.name} refuses access ({said}).",
                remedy="Check user and password or the key; the user's role must be able to read customers and orders.",
            )
        if "INTERNAL_SERVER_ERROR" in codes:
            return SourceUnavailable(f"{self.api.name} has trouble of its own ({said}).", remedy="Try again later.")
        return QueryFailed(
            f"{self.api.name} refuses the question ({said}).", remedy="Check the shop's version: Vendure 3."
        )


def _codes(answer: Mapping[str, Any]) -> set[str]:
    errors = answer.get("errors") or []
    return {str((one.get("extensions") or {}).get("code")) for one in errors if isinstance(one, dict)}
