"""Several words in any order: company names, addresses, anything unmapped; rare words count more (tf-idf)."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching.arrays import IntArray, Levels, Values
from matching.compare.distances import overlap, spelling
from matching.compare.levels import CLOSE, NEAR, WEAK
from matching.profile import Feature
from matching.sound import has_cjk

CHUNK = 200_000
_PIECES = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^\s㐀-䶿一-鿿豈-﫿]+")


def tokens(text: str) -> list[str]:
    """Return the words of ``text``; a run of Chinese characters gives its overlapping pairs."""
    if text.isascii():
        return text.split()
    found: list[str] = []
    for piece in _PIECES.findall(text):
        if has_cjk(piece) and len(piece) > 1:
            found.extend(piece[i : i + 2] for i in range(len(piece) - 1))
        else:
            found.append(piece)
    return found


def compare_texts(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare texts by shared rare words, by edit distance of the sorted words, and from their beginning."""
    values, ordered = feature.values, _sorted_words(feature)
    edit = overlap(ordered[left], ordered[right])
    start = spelling(values[left], values[right])
    best = np.maximum(edit, cosine(feature, left, right))
    levels = np.zeros(len(left), dtype=np.int8)
    levels[(best >= 0.5) | (start >= 0.88)] = WEAK
    levels[(best >= 0.75) | (start >= 0.94)] = CLOSE
    levels[best >= 0.9] = NEAR
    return levels


def cosine(feature: Feature, left: IntArray, right: IntArray) -> npt.NDArray[np.float32]:
    """Return the cosine of the tf-idf vectors of two values."""
    matrix = _weights(feature)
    found = np.zeros(len(left), dtype=np.float32)
    for at in range(0, len(left), CHUNK):
        part = slice(at, at + CHUNK)
        found[part] = (matrix[left[part]] * matrix[right[part]]).sum(axis=1)
    return found


def _weights(feature: Feature) -> csr_array:
    """Return the values' tf-idf vectors of length one (smoothed idf, raw counts), made once per column."""
    return feature.once("tf-idf", lambda: tfidf([tokens(v) for v in feature.values]))


def tfidf(documents: list[list[str]]) -> csr_array:
    """Weigh words: count × (ln((1 + documents) / (1 + documents with it)) + 1), documents scaled to length 1."""
    vocabulary: dict[str, int] = {}
    columns: list[int] = []
    counts: list[int] = []
    starts = [0]
    for document in documents:
        for word, count in Counter(document).items():
            columns.append(vocabulary.setdefault(word, len(vocabulary)))
            counts.append(count)
        starts.append(len(columns))
    shape = (len(documents), max(len(vocabulary), 1))
    column = np.array(columns, dtype=np.int32)
    frequency = np.bincount(column, minlength=shape[1])
    idf = np.log((1 + len(documents)) / (1 + frequency)) + 1
    data = np.array(counts, dtype=np.float64) * idf[column]
    rows = np.repeat(np.arange(len(documents)), np.diff(starts))
    length = np.sqrt(np.bincount(rows, data**2, minlength=len(documents)))
    scaled = (data / np.maximum(length[rows], 1e-12)).astype(np.float32)
    return csr_array((scaled, column, np.array(starts, dtype=np.int32)), shape=shape)


def _sorted_words(feature: Feature) -> Values:
    """Return the values with their words in alphabetical order, made once per column."""

    def make() -> Values:
        ordered = np.empty(len(feature.values), dtype=object)
        ordered[:] = [sort_words(v) for v in feature.values]
        return ordered

    return feature.once("sorted words", make)


def sort_words(text: str) -> str:
    """Return the words of ``text`` in alphabetical order."""
    return " ".join(sorted(text.split())) if " " in text else text
