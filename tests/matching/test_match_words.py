"""Every level and every class of pairs has words in both languages."""

from __future__ import annotations

import re

from matching.columns import Kind
from matching.compare.levels import CONFLICT, LEVELS, MISSING, label
from matching.defaults import CLASS_LABELS, class_label, defaults

CHINESE = re.compile(r"[一-鿿]")


def test_levels_have_words_in_both_languages() -> None:
    for kind in Kind:
        for level in (MISSING, *range(CONFLICT, LEVELS)):
            words = label(kind.value, level)
            assert CHINESE.search(words.zh), (kind, level)
            assert words.en.isascii(), (kind, level)


def test_classes_have_words_in_both_languages() -> None:
    for name in (*CLASS_LABELS, *(kind.name for kind in defaults().related)):
        assert CHINESE.search(class_label(name).zh), name
    assert class_label("household").zh == "同住"
    assert class_label("namesake").zh == "同名"
