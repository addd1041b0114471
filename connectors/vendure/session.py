"""Signing in: a token that the shop gives for a password and forgets after a while, or a key."""

from __future__ import annotations

import json

from requests import PreparedRequest, Session
from requests.auth import AuthBase

from connectors.errors import SourceDenied, SourceUnavailable
from connectors.http.failures import refusal, transport_errors
from connectors.http.server import Server

LOGIN = """mutation ($user: String!, $password: String!) {
  login(username: $user, password: $password) { __typename ... on ErrorResult { errorCode message } }
}"""
TOKEN_HEADER, KEY_HEADER = "vendure-auth-token", "vendure-api-key"


class KeyAuth(AuthBase):
    """Sends an API key; the shop never forgets it."""

    renewable = False

    def __init__(self, server: Server) -> None:
        self._key = server.secret

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the key on a request."""
        request.headers[KEY_HEADER] = self._key
        return request


class TokenAuth(AuthBase):
    """Signs in with user and password when a token is first needed, and again after :meth:`forget`."""

    renewable = True

    def __init__(self, server: Server, name: str, url: str, session: Session) -> None:
        self._server = server
        self._name = name
        self._url = url
        self._session = session
        self._token: str | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the token on a request.

        Raises:
            SourceDenied: user or password are wrong.
        """
        if self._token is None:
            self._token = self._sign_in()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def forget(self) -> None:
        """Forget the token, which the shop does not know any more."""
        self._token = None

    def _sign_in(self) -> str:
        """Return a new token. Not through the client: it logs what it sends where debugging is switched on."""
        variables = {"user": self._server.user, "password": self._server.secret}
        with transport_errors(self._name):
            answer = self._session.post(self._url, json={"query": LOGIN, "variables": variables}, allow_redirects=False)
        if answer.status_code != 200:
            raise refusal(self._name, answer.status_code, answer.text, answer.headers.get("Content-Type", ""))
        token = str(answer.headers.get(TOKEN_HEADER) or "")
        if not token:
            raise SourceDenied(
                f"{self._name} does not let '{self._server.user}' sign in{_why(answer.text)}.",
                remedy="Check user and password; the user needs the right to read customers and orders.",
            )
        return token


def _why(text: str) -> str:
    """Return what the shop says about a refused sign-in, which comes as a success."""
    try:
        said = json.loads(text)["data"]["login"]
    except (ValueError, KeyError, TypeError):
        raise SourceUnavailable("The shop's answer to a sign-in was cut off.", remedy="Try again.") from None
    return f" ({said['errorCode']})" if isinstance(said, dict) and said.get("errorCode") else ""
