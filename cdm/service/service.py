"""The service over one hub: who asks, and the desk at which they are served."""

from __future__ import annotations

from cdm import __version__
from cdm.pipeline.hub import Hub
from cdm.pipeline.push import Pushing
from cdm.pipeline.search import Finder
from cdm.security import Principal
from cdm.security.errors import NotSignedIn
from cdm.security.secret import SESSION
from cdm.security.tokens import Tokens
from cdm.security.users import Users
from cdm.service.context import Context
from cdm.service.desk import Desk
from cdm.service.masks import Mask
from cdm.service.overview_shapes import Health
from cdm.service.readings import Readings


class Service:
    """The layer that the API and the pages share.

    Args:
        hub: the open hub; it may be used by several threads at once.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.users = Users(hub.store, hub.now)
        self.tokens = Tokens(hub.store, hub.now)
        self._readings, self._finder, self._pushing = Readings(hub), Finder(hub), Pushing(hub)

    def desk(self, principal: Principal) -> Desk:
        """Return everything a principal may do; results are masked for them."""
        return Desk(
            Context(self.hub, principal, Mask(self.hub, principal), self._readings, self._finder, self._pushing)
        )

    def principal(self, secret: str) -> Principal:
        """Return who shows a secret, of a session or a token.

        Raises:
            NotSignedIn: it is unknown, revoked or over.
        """
        if not secret:
            raise NotSignedIn("Nobody is signed in.", remedy="Send 'Authorization: Bearer' and a token or session.")
        return self.users.of_session(secret) if secret.startswith(SESSION) else self.tokens.principal(secret)

    def health(self) -> Health:
        """Say that the program runs."""
        return Health(status="ok", version=__version__)

    def ready(self) -> Health:
        """Say that the hub can be read; raises ``StoreError`` where it cannot."""
        self.hub.store.runs.list(1)
        return self.health()
