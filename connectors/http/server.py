"""Which server a location names, and the secret that stands in the environment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from connectors.errors import OptionsInvalid
from connectors.location import PLACEHOLDER, expand

PLAIN = "the connection is not encrypted: everybody on the way can read along; use https"
"""Note for a location that asks for plain HTTP across a network."""
_SCHEME = re.compile(r"[a-z]+(?:\+(https?))?")


@dataclass(frozen=True, slots=True)
class Server:
    """A web server: ``address`` (``https://host:port``), ``path`` below it, and with whose credentials to ask it."""

    address: str
    path: str
    user: str = ""
    secret: str = field(default="", repr=False)

    @property
    def encrypted(self) -> bool:
        """Tell whether nobody on the way can read along: TLS, or no way at all."""
        return self.address.startswith("https:") or _is_here(urlsplit(self.address).hostname or "")


def parse_server(location: str, example: str) -> Server:
    """Return the server a location names.

    TLS is used except towards this very machine; ``+http`` or ``+https`` behind the scheme says it outright.

    Args:
        location: as the user gave it, ``${NAME}`` standing for a secret, e.g. ``tryton://:${KEY}@erp.example.com/erp``.
        example: how a location of this connector looks, for the message.

    Raises:
        OptionsInvalid: it is no such URL, holds a secret itself, or names a variable that is not set. The location is
            not repeated.
    """
    parts = _split(location)
    kind = _SCHEME.fullmatch(parts.scheme) if parts else None
    if parts is None or kind is None or not parts.hostname:
        raise OptionsInvalid("The location is not the address of a server.", remedy=f"Write it like {example}.")
    secret = parts.password or ""
    if secret and not PLACEHOLDER.fullmatch(secret):
        raise OptionsInvalid(
            "The location holds a password or key itself.",
            remedy=f"Put it into an environment variable and write ${{NAME}} instead: {example}.",
        )
    scheme = kind[1] or ("http" if _is_here(parts.hostname) else "https")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    address = f"{scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    return Server(address, parts.path.strip("/"), expand(parts.username or ""), expand(secret))


def _split(location: str) -> SplitResult | None:
    try:
        parts = urlsplit(location)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
