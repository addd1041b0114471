"""Columns that only repeat what others say: ``first and surname`` beside the first name and the surname.

Such a column agrees because the others do. Taken for evidence of its own it counts them twice, and pairs that share no
more than a first name look as if they agreed in two things.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.columns import Kind
from matching.compare.texts import tokens
from matching.defaults import defaults
from matching.profile import Feature

SPELLED = frozenset({Kind.NAME, Kind.GIVEN, Kind.TEXT})
SAMPLE = 1_000
REPEATED = 0.95
"""Share of its records in which every word of a column stands in the others too."""


def without_repeats(features: Sequence[Feature]) -> list[Feature]:
    """Leave out unmapped columns whose words stand in the other columns of the same records, the wordiest first."""
    kept = list(features)
    for one in sorted(filter(_may_repeat, features), key=lambda f: (-f.mean_length, f.name)):
        others = [f for f in kept if f is not one]
        if _repeats(one, others):
            kept = others
    return kept


def _may_repeat(one: Feature) -> bool:
    """Tell whether a column maps to no field of the model, and, where it does not even say so, holds several words."""
    if one.kind not in SPELLED or one.name in defaults().fields:
        return False
    return one.extra or float(np.mean([" " in value for value in one.values[:SAMPLE]] or [False])) > 0.5


def _repeats(one: Feature, others: Sequence[Feature]) -> bool:
    """Tell whether the words of a column are found in the others, in a sample of its records."""
    filled = np.flatnonzero(one.codes >= 0)
    if not len(filled):
        return False
    sample = filled[np.linspace(0, len(filled) - 1, min(SAMPLE, len(filled))).astype(np.int64)]
    found = [_words(one, row) <= set().union(*(_words(f, row) for f in others)) for row in sample]
    return bool(np.mean(found) >= REPEATED)


def _words(feature: Feature, record: int) -> set[str]:
    """Return the words of all values a record holds in a column."""
    code = feature.codes[record]
    if code < 0:
        return set()
    held = feature.set_elements[feature.set_offsets[code] : feature.set_offsets[code + 1]]
    return {word for value in held for word in tokens(feature.values[value])}
