"""Options that every connector to a web server takes."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.errors import OptionsInvalid, PartMissing, did_you_mean
from connectors.options import option

CUSTOMERS, ORDERS = "customers", "orders"
UPDATED_AT = "updated_at"


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """What to read from a server, and how."""

    table: str = option("What to read: customers or orders", CUSTOMERS)
    updated_at: str = option(
        "Column that says when a record last changed; 'none' reads everything each time", UPDATED_AT
    )
    sweep_days: int = option("Days after which everything is read again; finds deletes and other silent changes", 7)
    overlap: int = option("Seconds a read of changes goes back behind the latest change seen", 300)
    attempts: int = option("How often a request is tried before the server counts as unavailable", 5)

    def check(self, connector: str) -> None:
        """Refuse values that no server of this kind takes.

        Raises:
            PartMissing: there is no such table; OptionsInvalid: another value does not fit.
        """
        if self.table not in (CUSTOMERS, ORDERS):
            raise PartMissing(
                f"The connector '{connector}' knows no table '{self.table}'.",
                remedy=did_you_mean(self.table, (CUSTOMERS, ORDERS)),
                part=self.table,
            )
        if self.updated_at not in (UPDATED_AT, "none"):
            raise OptionsInvalid(
                f"Option 'updated_at' of the connector '{connector}' is '{self.updated_at}'.",
                remedy=f"Leave it out, or write '{UPDATED_AT}' or 'none'.",
                option="updated_at",
            )
        for name in ("sweep_days", "overlap", "attempts"):
            if getattr(self, name) < 0:
                raise OptionsInvalid(
                    f"Option '{name}' of the connector '{connector}' is negative.",
                    remedy="Give 0 or more.",
                    option=name,
                )
