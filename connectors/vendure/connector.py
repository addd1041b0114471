"""Vendure as a source: ``vendure://user:${PASSWORD}@host``, or ``vendure://:${KEY}@host`` with an API key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.errors import OptionsInvalid
from connectors.http.client import open_api
from connectors.http.connector import HttpConnector
from connectors.http.options import ORDERS as ORDERS_TABLE
from connectors.http.options import HttpOptions
from connectors.http.server import PLAIN, parse_server
from connectors.options import option

if TYPE_CHECKING:
    from connectors.http.reading import Feed

EXAMPLE = "vendure://user:${VENDURE_PASSWORD}@shop.example.com"
ADMIN_API = "admin-api"


@dataclass(frozen=True, slots=True)
class VendureOptions(HttpOptions):
    """What to read from Vendure."""

    channel: str | None = option("Token of the sales channel to read; default: the shop's default channel")


class VendureConnector(HttpConnector):
    """Reads the customers or the placed orders of a shop; see :class:`VendureOptions`."""

    def __init__(self, location: str, options: VendureOptions | None = None) -> None:
        chosen = options or VendureOptions()
        chosen.check("vendure")
        super().__init__(chosen)
        self.channel = chosen.channel
        self.server = parse_server(location, EXAMPLE)
        if not self.server.secret:
            raise OptionsInvalid("The location names no password or key.", remedy=f"Write it like {EXAMPLE}.")

    def feed(self) -> Feed:
        """Return the feed of customers or orders."""
        from connectors.vendure.customers import CUSTOMERS
        from connectors.vendure.feed import VendureFeed
        from connectors.vendure.graphql import GraphQl
        from connectors.vendure.orders import ORDERS
        from connectors.vendure.session import KeyAuth, TokenAuth

        path = self.server.path or ADMIN_API
        headers = {"vendure-token": self.channel} if self.channel else {}
        api = open_api("Vendure", self.server, attempts=self.options.attempts, headers=headers)
        url, session = f"{self.server.address}/{path}", api.client.session
        auth = TokenAuth(self.server, api.name, url, session) if self.server.user else KeyAuth(self.server)
        api.client.auth = auth
        dataset = ORDERS if self.options.table == ORDERS_TABLE else CUSTOMERS
        return VendureFeed(GraphQl(api, auth, path), dataset, () if self.server.encrypted else (PLAIN,))
