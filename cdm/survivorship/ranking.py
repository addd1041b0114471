"""Orders the rival values of each golden record and says what decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cdm.survivorship.reasons import AGREED, COMPLETE, FREQUENT, LONGEST, ONLY, ORDER, RECENT, TRUSTED, VALID
from schemas.types import Survivorship

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_AFTER = {
    Survivorship.MOST_TRUSTED: (TRUSTED, RECENT, FREQUENT, LONGEST),
    Survivorship.MOST_RECENT: (RECENT, TRUSTED, FREQUENT, LONGEST),
    Survivorship.MOST_FREQUENT: (FREQUENT, TRUSTED, RECENT, LONGEST),
    Survivorship.LONGEST: (LONGEST, TRUSTED, RECENT, FREQUENT),
    Survivorship.UNION: (TRUSTED, RECENT, FREQUENT, LONGEST),
}
"""Criteria of each policy, the deciding one first; the order of what follows settles ties."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What ranks a record, whatever the field; arrays over the records."""

    golden: Ints
    """Position of the golden record the record belongs to."""
    trust: Ints
    recency: Ints
    """Rank of the time of the last change; 0, the oldest, where the source does not say."""
    place: Ints
    """Rank of (source, key): the last resort."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """The values of one field or group in records; arrays of one length."""

    rows: Ints
    """Record of each value."""
    text: pa.Array
    """The value that is compared and counted."""
    invalid: Mask
    completeness: Ints


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rivals in order: by golden record, the best first."""

    order: Ints
    """Positions in the rivals."""
    golden: Ints
    """Golden record of each rival, in this order."""
    codes: Ints
    """Number of each rival's distinct text, in this order."""
    keys: tuple[tuple[str, Ints], ...]
    """Reason → key (smaller is better) of each rival, in this order; the deciding criterion first."""
    starts: Ints
    """Where each golden record begins."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The winner of each golden record that has rivals; arrays of one length."""

    golden: Ints
    row: Ints
    why: npt.NDArray[np.object_]
    records: Ints
    """How many records have a value."""
    differing: Ints
    """How many other values lost."""


def rank(rivals: Rivals, standing: Standing, policy: Survivorship) -> Ranked:
    """Order rival values by golden record and merit.

    Args:
        rivals: the values.
        standing: what is known of the records.
        policy: the field's policy.
    """
    golden = standing.golden[rivals.rows]
    encoded = rivals.text.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    alphabet = pc.rank(encoded.dictionary, sort_keys="ascending", tiebreaker="dense").to_numpy().astype(np.int64)
    lengths = pc.utf8_length(encoded.dictionary).to_numpy(zero_copy_only=False).astype(np.int64)
    keys = {
        VALID: rivals.invalid.astype(np.int64),
        COMPLETE: -rivals.completeness,
        TRUSTED: -standing.trust[rivals.rows],
        RECENT: -standing.recency[rivals.rows],
        FREQUENT: -_frequency(golden, codes),
        LONGEST: -lengths[codes],
    }
    last = alphabet[codes]
    names = (VALID, COMPLETE, *_AFTER[policy])
    order = np.lexsort((standing.place[rivals.rows], last, *(keys[name] for name in reversed(names)), golden))
    golden = golden[order]
    starts = np.flatnonzero(np.r_[True, golden[1:] != golden[:-1]]) if len(golden) else np.empty(0, np.int64)
    ordered = tuple((name, key[order]) for name, key in ((*((n, keys[n]) for n in names), (ORDER, last))))
    return Ranked(order, golden, codes[order], ordered, starts)


def judge(rivals: Rivals, ranked: Ranked) -> Verdict:
    """Return the winner of each golden record with the criterion that set it apart from the best other value."""
    sizes = np.diff(np.r_[ranked.starts, len(ranked.order)])
    winner = np.repeat(ranked.codes[ranked.starts], sizes)
    other = ranked.codes != winner
    rival = np.where(other, np.arange(len(other)), len(other))
    first = np.minimum.reduceat(rival, ranked.starts) if len(rival) else rival
    distinct = _distinct_per_golden(ranked)
    why = np.full(len(ranked.starts), AGREED, object)
    why[sizes == 1] = ONLY
    beaten = first < len(other)
    for name, key in reversed(ranked.keys):
        decides = beaten.copy()
        decides[beaten] = key[ranked.starts[beaten]] != key[first[beaten]]
        why[decides] = name
    return Verdict(
        golden=ranked.golden[ranked.starts],
        row=rivals.rows[ranked.order[ranked.starts]],
        why=why,
        records=sizes.astype(np.int64),
        differing=distinct - 1,
    )


def _frequency(golden: Ints, codes: Ints) -> Ints:
    width = int(codes.max(initial=0)) + 1
    _, inverse, counts = np.unique(golden * width + codes, return_inverse=True, return_counts=True)
    times: Ints = counts[inverse].astype(np.int64)
    return times


def _distinct_per_golden(ranked: Ranked) -> Ints:
    width = int(ranked.codes.max(initial=0)) + 1
    pairs = np.unique(ranked.golden * width + ranked.codes)
    _, counts = np.unique(pairs // width, return_counts=True)
    return counts.astype(np.int64)
