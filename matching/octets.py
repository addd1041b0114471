"""Texts as the bytes they are stored as: what is done to every byte of a column is done to all of them at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import IntArray, KeyArray

Octets = npt.NDArray[np.uint8]
FEW = 1_000
"""Fewer texts than this are put in order by Arrow, which compares them."""
WORD = 8
"""Bytes that are looked at as one number."""
_ZERO, _NINE = b"09"
_KEPT = np.array([0, *(2**64 - 2 ** (64 - 8 * size) for size in range(1, WORD + 1))], dtype=np.uint64)
"""Masks of the first 0 to 8 bytes of a word."""


def octets(texts: pa.Array) -> tuple[Octets, IntArray, IntArray]:
    """Return the bytes of all texts one after the other (UTF-8), where each text begins, and how long it is."""
    bounds = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset :][: len(texts) + 1].astype(np.int64)
    return np.frombuffer(texts.buffers()[2] or b"\0", dtype=np.uint8), bounds[:-1], np.diff(bounds)


def order_of(texts: pa.Array) -> IntArray:
    """Return the places of distinct texts in alphabetical order (of code points, which is that of UTF-8's bytes).

    Texts are sorted by their first eight bytes as one number; those that tie by the next ones together with the number
    of their tie, until none is left: numpy sorts numbers many times as fast as anyone compares texts.
    """
    if len(texts) < FEW:
        return np.asarray(pc.array_sort_indices(texts).to_numpy(), dtype=np.int64)
    data, starts, sizes = octets(texts)
    padded = np.concatenate([data, np.zeros(WORD, dtype=np.uint8)])
    words = np.ndarray(len(data) + 1, dtype=">u8", buffer=padded, strides=(1,))
    longest = int(sizes.max(initial=0))

    def word(rows: IntArray, at: int) -> KeyArray:
        """Return eight bytes of some texts, zeros after their end; after all bytes their lengths."""
        if at >= longest:  # what ties to the end differs in zeros at the end
            return np.left_shift(sizes[rows].astype(np.uint64), np.uint64(WORD * 4))
        begins = np.minimum(starts[rows] + at, len(data))
        return np.asarray(words[begins].astype(np.uint64) & _KEPT[np.clip(sizes[rows] - at, 0, WORD)])

    first = word(np.arange(len(texts)), 0)
    order = np.argsort(first)
    new = _starts(first[order])
    at = WORD
    while len(tied := _tied(new)):
        rows, group = order[tied], np.cumsum(new[tied])
        taken = WORD - (int(group[-1]).bit_length() + 7) // 8
        keys = np.left_shift(group.astype(np.uint64), np.uint64(8 * taken))
        keys |= np.right_shift(word(rows, at), np.uint64(64 - 8 * taken))
        by = np.argsort(keys)
        order[tied], new[tied] = rows[by], _starts(keys[by])
        if at >= longest:
            break
        at += taken
    return order


def _starts(ordered: KeyArray) -> npt.NDArray[np.bool_]:
    """Tell which of some numbers in order differ from the one before."""
    new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return new


def _tied(new: npt.NDArray[np.bool_]) -> IntArray:
    """Return the places that are equal to the one before or after."""
    tied = ~new
    tied[:-1] |= ~new[1:]
    return np.flatnonzero(tied)


def figures(texts: pa.Array) -> pa.Array:
    """Return the figures 0–9 of each text, in their order; an empty text for null."""
    if not len(texts):
        return texts
    data, starts, sizes = octets(texts)
    known = (data >= _ZERO) & (data <= _NINE)
    before = np.zeros(len(data) + 1, dtype=np.int32)
    np.cumsum(known, out=before[1:])
    bounds = before[np.append(starts, starts[-1:] + sizes[-1:])]
    kept = np.ascontiguousarray(data[known][bounds[0] : bounds[-1]])
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(bounds - bounds[0]), pa.py_buffer(kept))
