"""Tryton as a source: ``tryton://:${KEY}@host:port/database``, its customers or its orders.

The key is one of the user applications of type REST that a Tryton user makes in the preferences and an administrator
validates; the user needs the right to read parties, and sales for orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.errors import OptionsInvalid
from connectors.http.client import open_api
from connectors.http.connector import HttpConnector
from connectors.http.options import ORDERS as ORDERS_TABLE
from connectors.http.options import HttpOptions
from connectors.http.server import PLAIN, parse_server

if TYPE_CHECKING:
    from connectors.http.reading import Feed

EXAMPLE = "tryton://:${TRYTON_KEY}@erp.example.com/database"


@dataclass(frozen=True, slots=True)
class TrytonOptions(HttpOptions):
    """What to read from Tryton."""


class TrytonConnector(HttpConnector):
    """Reads the parties or the sales of a Tryton database; see :class:`TrytonOptions`."""

    def __init__(self, location: str, options: TrytonOptions | None = None) -> None:
        super().__init__(options or TrytonOptions())
        self.options.check("tryton")
        self.server = parse_server(location, EXAMPLE)
        if not self.server.path or not self.server.secret:
            raise OptionsInvalid(
                f"The location names no {'database' if self.server.secret else 'key'}.",
                remedy=f"Write it like {EXAMPLE}; the key is that of a validated user application 'REST'.",
            )

    def feed(self) -> Feed:
        """Return the feed of parties or sales."""
        from dlt.sources.helpers.rest_client.auth import BearerTokenAuth

        from connectors.tryton.customers import CUSTOMERS
        from connectors.tryton.feed import TrytonFeed
        from connectors.tryton.orders import ORDERS

        api = open_api("Tryton", self.server, attempts=self.options.attempts)
        api.client.auth = BearerTokenAuth(self.server.secret)
        dataset = ORDERS if self.options.table == ORDERS_TABLE else CUSTOMERS
        return TrytonFeed(api, self.server.path, dataset, () if self.server.encrypted else (PLAIN,))
