"""Several words in any order: company names, addresses, anything unmapped; rare words count more (tf-idf)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching.arrays import IntArray, Levels, Values
from matching.compare.distances import overlap, spelling
from matching.compare.levels import CLOSE, NEAR, WEAK
from matching.profile import Feature
from matching.sound import has_cjk
from matching.statistics import Frequencies

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
    values, ordered = feature.values, sorted_words(feature)
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
    """Return the values' tf-idf vectors of length one, made once per column."""
    return feature.once("tf-idf", lambda: tfidf(_words(feature), feature.common("word")))


def measure_texts(feature: Feature) -> dict[str, Frequencies]:
    """Count the words of a column of texts."""
    return {"word": word_frequencies(feature)}


def word_frequencies(feature: Feature) -> Frequencies:
    """Count in how many of the column's values each word stands."""
    words = _words(feature)
    frequency = np.bincount(words.columns, minlength=len(words.vocabulary))
    return Frequencies.count(words.vocabulary, frequency.astype(float), len(feature.values))


@dataclass(frozen=True, eq=False)
class Words:
    """Documents as counts of words: document ``i`` has ``columns[starts[i]:starts[i + 1]]``, in alphabetical order."""

    vocabulary: Values
    starts: IntArray
    columns: IntArray
    counts: IntArray


def _words(feature: Feature) -> Words:
    """Return the words of the column's values, counted once per column."""
    return feature.once("words", lambda: count_words([tokens(v) for v in feature.values]))


def count_words(documents: list[list[str]]) -> Words:
    """Count the words of documents."""
    sizes = np.fromiter(map(len, documents), np.int64, len(documents))
    texts = [word for document in documents for word in document]
    known = sorted(set(texts))
    position = {word: i for i, word in enumerate(known)}
    width = max(len(known), 1)
    rows = np.repeat(np.arange(len(documents)), sizes)
    keys, counts = np.unique(
        rows * width + np.fromiter((position[t] for t in texts), np.int64, len(texts)), return_counts=True
    )
    vocabulary = np.empty(len(known), dtype=object)
    vocabulary[:] = known
    starts = np.concatenate(([0], np.cumsum(np.bincount(keys // width, minlength=len(documents)))))
    return Words(vocabulary, starts.astype(np.int64), keys % width, counts)


def tfidf(words: Words, common: Frequencies) -> csr_array:
    """Weigh words: count × (ln((1 + documents) / (1 + documents with it)) + 1), documents scaled to length 1."""
    documents = len(words.starts) - 1
    idf = np.log((1 + common.total) / (1 + common.of(words.vocabulary))) + 1
    data = words.counts * idf[words.columns]
    rows = np.repeat(np.arange(documents), np.diff(words.starts))
    length = np.sqrt(np.bincount(rows, data**2, minlength=documents))
    scaled = (data / np.maximum(length[rows], 1e-12)).astype(np.float32)
    shape = (documents, max(len(words.vocabulary), 1))
    return csr_array((scaled, words.columns.astype(np.int32), words.starts.astype(np.int32)), shape=shape)


def sorted_words(feature: Feature) -> Values:
    """Return the values with their words in alphabetical order, made once per column."""

    def make() -> Values:
        ordered = np.empty(len(feature.values), dtype=object)
        ordered[:] = [sort_words(v) for v in feature.values]
        return ordered

    return feature.once("sorted words", make)


def sort_words(text: str) -> str:
    """Return the words of ``text`` in alphabetical order."""
    return " ".join(sorted(text.split())) if " " in text else text
