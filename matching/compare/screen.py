"""Which texts cannot be alike, told from their letters alone: most pairs of strangers need no distance at all.

Two texts that share m letters, in any order, have a Jaro similarity of at most (m/|a| + m/|b| + 1) / 3, and an edit
distance of at least max(|a|, |b|) − m (bag distance, Bartolini, Ciaccia and Patella 2002). Letters are counted with
bit masks: which occur at all, which twice, which three times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.arrays import BoolArray, IntArray, KeyArray
from matching.octets import Octets, octets

Similarity = npt.NDArray[np.float32]
Small = npt.NDArray[np.uint8]
LONGEST = 48
"""Texts of more bytes are not screened."""
AT_A_TIME = 16_384
"""Texts whose letters are counted at a time: their bytes stay near the processor."""
PREFIX = 0.4
"""Most that equal beginnings add to a Jaro similarity, relative to what is missing (Winkler 1990)."""
SLACK = 1e-4


@dataclass(frozen=True, eq=False)
class Letters:
    """The letters of many texts.

    Attributes:
        once, twice, thrice: per text the letters that occur at least so often, one bit each.
        sizes: letters of each text; 0 where it is not screened.
        first: first letter.
    """

    once: KeyArray
    twice: KeyArray
    thrice: KeyArray
    sizes: Small
    first: Small

    @staticmethod
    def of(texts: pa.Array) -> Letters:
        """Count the letters of texts; only ASCII is screened, where a letter is a byte."""
        data, starts, sizes = octets(texts)
        short = np.minimum(sizes, LONGEST + 1).astype(np.uint8)
        masks = np.zeros((3, len(texts)), dtype=np.uint64)
        for at in range(0, len(texts), AT_A_TIME):
            part = slice(at, at + AT_A_TIME)
            _count(data, starts[part], short[part], masks[:, part])
        short[short > LONGEST] = 0
        first = data[np.minimum(starts, len(data) - 1)]
        return Letters(masks[0], masks[1], masks[2], short, first)

    def unshared(self, left: IntArray, other: Letters, right: IntArray) -> tuple[Small, Small]:
        """Return how many letters of each side the other side lacks, at least."""
        mine = np.zeros(len(left), dtype=np.uint8)
        yours = np.zeros(len(left), dtype=np.uint8)
        for a, b in ((self.once, other.once), (self.twice, other.twice), (self.thrice, other.thrice)):
            one, two = a[left], b[right]
            mine += np.bitwise_count(one & ~two)
            yours += np.bitwise_count(two & ~one)
        return mine, yours

    def near(self, left: IntArray, right: IntArray, most: int | IntArray) -> BoolArray:
        """Tell which texts may be at most ``most`` edits apart."""
        mine, yours = self.unshared(left, self, right)
        unknown = (self.sizes[left] == 0) | (self.sizes[right] == 0)
        return np.asarray(unknown | (np.maximum(mine, yours) <= most))

    def alike(self, left: IntArray, other: Letters, right: IntArray, least: float) -> BoolArray:
        """Tell which texts may have a Jaro–Winkler similarity of at least ``least``."""
        mine, yours = self.unshared(left, other, right)
        one, two = self.sizes[left], other.sizes[right]
        shared = np.minimum(one - mine, two - yours).astype(np.float32)
        most: Similarity = (shared / np.maximum(one, 1) + shared / np.maximum(two, 1) + 1) / 3
        most += PREFIX * (1 - most) * (self.first[left] == other.first[right])
        return np.asarray((one == 0) | (two == 0) | (most >= least - SLACK))


def _count(data: Octets, starts: IntArray, sizes: Small, masks: KeyArray) -> None:
    """Count the letters of some texts into ``masks``; the size of a text with other letters than ASCII becomes 0."""
    order = np.argsort(LONGEST + 1 - sizes, kind="stable")  # the longest first, and at every place fewer of them
    begins, counts = starts[order], np.bincount(sizes, minlength=LONGEST + 1)
    found = np.zeros_like(masks)
    beyond = np.zeros(len(order), dtype=np.uint8)
    having = len(order)
    for place in range(min(int(sizes.max(initial=0)), LONGEST)):
        having -= int(counts[place])
        letters = data[begins[:having] + place]
        bit = _BITS[letters]
        beyond[:having] |= letters
        some, more, most = found[:, :having]
        most |= more & bit
        more |= some & bit
        some |= bit
    masks[:, order] = found
    sizes[order[beyond >= 128]] = 0


def _bits() -> KeyArray:
    """Return one bit per byte: letters and digits have their own, everything else shares what is left."""
    places = 36 + np.arange(256) % 28
    for k, letter in enumerate(b"abcdefghijklmnopqrstuvwxyz0123456789"):
        places[letter] = k
    return np.left_shift(np.uint64(1), places.astype(np.uint64))


_BITS = _bits()
