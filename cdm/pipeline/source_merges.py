"""Following what sources say themselves about who is who, before records are matched."""

from __future__ import annotations

from cdm.pipeline.hub import Hub

BY = "source {name}"
"""What a source is called as a maker of decisions."""


def follow_merges(hub: Hub) -> int:
    """Keep the merges that sources carried out themselves as decisions; returns how many were made or withdrawn."""
    done = 0
    for spec in hub.sources():
        if spec.mapping is not None and spec.mapping.same_as is not None:
            by = BY.format(name=spec.name)
            done += hub.store.source_merges.follow(spec.name, spec.mapping.same_as, by, hub.now())
    return done
