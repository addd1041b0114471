"""Learning from a sample what holds for the whole table.

Rows are drawn independently of what they say. Of all pairs of a table, such a sample holds the same share of matches as
the table does, and values are as common in it; so chance agreement, levels and the prior are learned without bias. What
does not carry over is how many records share a key: a block of a hundred records shows as one or two. The budget of
pairs is therefore divided, and counts are multiplied, by how many times larger the table is.
"""

from __future__ import annotations

from dataclasses import replace

from matching.model import Model
from matching.plan import Plan, Rule
from matching.settings import MatchSettings
from matching.statistics import Frequencies

MOST = 500_000
"""Rows a model is learned from at most."""


def sample_settings(settings: MatchSettings, rows: int, sampled: int) -> MatchSettings:
    """Return the limits under which a sample chooses the blocking rules the whole table can afford.

    Args:
        settings: for the whole table.
        rows, sampled: rows of the table and of the sample.
    """
    times = rows / max(sampled, 1)
    if times <= 1:
        return settings
    each = settings.pair_budget(rows) / rows / times
    return replace(
        settings,
        pairs_per_record=each,
        least_pairs_per_record=each,
        pairs_per_rule=settings.pairs_per_rule / times,
        largest_block=max(int(settings.largest_block / times), 2),
    )


def stretched(model: Model, rows: int, settings: MatchSettings) -> Model:
    """Return a model learned from a sample as one of the whole table.

    Args:
        model: learned under :func:`sample_settings`.
        rows: of the whole table.
        settings: for the whole table.
    """
    times = rows / max(model.rows, 1)
    if times <= 1:
        return model
    columns = tuple(
        replace(c, statistics=replace(c.statistics, common=_times(c.statistics.common, times))) for c in model.columns
    )
    used = sample_settings(settings, rows, model.rows)
    rules = tuple(_widened(rule, used, settings) for rule in model.plan.rules)
    records = round(model.records * times)
    return replace(model, columns=columns, plan=Plan(rules), records=records, rows=rows, settings=settings)


def _times(common: dict[str, Frequencies], times: float) -> dict[str, Frequencies]:
    return {
        name: replace(one, counts=one.counts * times, rest=one.rest * times, total=one.total * times)
        for name, one in common.items()
    }


def _widened(rule: Rule, used: MatchSettings, settings: MatchSettings) -> Rule:
    """Give a rule the block size of the whole table; rules with a limit of their own keep it."""
    return replace(rule, largest=settings.largest_block) if rule.largest == used.largest_block else rule
