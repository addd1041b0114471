"""Register targets and forget them."""

from __future__ import annotations

import re

from cdm.pipeline.golden import parties
from cdm.pipeline.hub import Hub, current_user
from cdm.pipeline.publish.errors import TargetRefused
from cdm.pipeline.publish.options import Options, usable
from cdm.store.targets import Target
from connectors.location import is_url

_NAME = re.compile(r"[\w.-]{1,60}")


def add_target(hub: Hub, name: str, location: str, options: Options) -> Target:
    """Register a target; nothing is written to it yet.

    Args:
        hub: the open hub.
        name: what it is called from now on.
        location: a file (.parquet, .csv, .xlsx, .jsonl) or a database (sqlite:///…, postgresql://…); ``${NAME}`` is
            read from the environment whenever it is published to.
        options: what is published and how.

    Raises:
        TargetRefused: name, location or options cannot be used.
        Conflict: the name is taken.
        ModelError, NotFound: there are no golden records of the entity type.
    """
    if not _NAME.fullmatch(name):
        raise TargetRefused(
            f"'{name}' cannot be the name of a target.", remedy="Use letters, digits, _ . and - (60 at most)."
        )
    parties(hub, options.entity)
    place = usable(location, options)
    _not_taken(hub, name, place, options)
    return hub.store.targets.add(Target(name, place, options.kept()), hub.now(), current_user())


def _not_taken(hub: Hub, name: str, place: str, options: Options) -> None:
    """Refuse the hub itself, and what another target writes already."""
    if place == hub.settings.url:
        raise TargetRefused(
            "The hub's own database cannot be a target.",
            remedy="Name another database, or a schema or file of its own.",
        )
    for other in hub.store.targets.list():
        same = other.location == place and (not is_url(place) or Options.of(other.options).prefix == options.prefix)
        if same and other.name != name:
            raise TargetRefused(
                f"The target '{other.name}' is written there already.",
                remedy=f"Use it, remove it first, or choose another place{' or --prefix' if is_url(place) else ''}.",
            )


def remove_target(hub: Hub, name: str) -> None:
    """Forget a target; what was published stays where it is. Raises ``NotFound``."""
    hub.store.targets.remove(name, hub.now(), current_user())
