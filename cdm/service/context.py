"""What every part of a desk works with."""

from __future__ import annotations

from dataclasses import dataclass

from cdm.pipeline.hub import Hub
from cdm.pipeline.push import Pushing
from cdm.pipeline.search import Finder
from cdm.security import Principal, Right
from cdm.service.masks import Mask
from cdm.service.readings import Readings
from schemas.model import EntityType


@dataclass(frozen=True)
class Context:
    """The hub, who asks, what they see, and what is kept at hand from one request to the next."""

    hub: Hub
    principal: Principal
    mask: Mask
    readings: Readings
    finder: Finder
    pushing: Pushing

    def require(self, right: Right) -> None:
        """Raise ``Forbidden`` where the principal has not the right."""
        self.principal.require(right)

    def entity(self, name: str) -> EntityType:
        """Return an entity type of the model; raises ``ModelError``."""
        return self.hub.model[name]
