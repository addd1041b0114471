"""What people call a customer by: its golden id, or ``source:key`` of one of its records."""

from __future__ import annotations

from cdm.errors import NotFound
from cdm.pipeline.hub import Hub


def source_record_named(hub: Hub, words: str) -> tuple[str, str] | None:
    """Return source and key where words are ``source:key`` of a registered source, else ``None``: a golden id."""
    source, colon, key = words.partition(":")
    return (source, key) if colon and source in {spec.name for spec in hub.sources()} else None


def golden_id_named(hub: Hub, words: str) -> str:
    """Return the golden id that words name.

    Raises:
        NotFound: the source has no such record, or it belongs to no golden record.
    """
    named = source_record_named(hub, words)
    return hub.store.crosswalk.lookup(*named) if named else words


def successor(hub: Hub, golden_id: str, remedy: str) -> str:
    """Return the one live golden record that an id leads to.

    Args:
        hub: the open hub.
        golden_id: an id that was ever issued, retired or not.
        remedy: what to do where there is not one.

    Raises:
        NotFound: no golden record ever had the id, it was split into several, or nothing of it is left.
    """
    live = hub.store.crosswalk.resolve(golden_id)
    if len(live) != 1:
        what = f"was split into {', '.join(live)}" if live else "has no source record left"
        raise NotFound(f"The golden record {golden_id} {what}.", remedy=remedy, golden_id=golden_id)
    return live[0]
