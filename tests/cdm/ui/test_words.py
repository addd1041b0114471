"""Every phrase of the workbench in both languages, and no text outside the words."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import cdm.ui
from cdm.ui.words import LANGUAGES, Words, phrases

ROOM = Path(cdm.ui.__file__).parent
FILES = sorted(file for file in ROOM.rglob("*.py") if "words" not in file.parts)
CHINESE = re.compile(r"[\u3400-\u9fff]")


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_phrase_is_there_in_both_languages_with_the_same_places_to_fill():
    assert len(phrases()) > 50
    for key, texts in phrases().items():
        assert set(texts) == set(LANGUAGES), key
        assert all(str(text).strip() for text in texts.values()), key
        assert holes(texts["zh"]) == holes(texts["en"]), key


def test_english_is_english_and_chinese_is_chinese():
    for key, texts in phrases().items():
        assert not CHINESE.search(texts["en"]), key
        assert CHINESE.search(texts["zh"]) or not re.search(r"[A-Za-z]{4,} [a-z]{2,}", texts["zh"]), key


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_every_key_that_a_page_names_exists():
    known, named = phrases(), 0
    for file in FILES:
        for call in calls(ast.parse(file.read_text(encoding="utf-8"))):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name == "words" and call.args and isinstance(call.args[0], ast.Constant):
                assert call.args[0].value in known, f"{file.name}: {call.args[0].value}"
                named += 1
    assert named > 20


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOM)))
def test_no_page_holds_text_of_its_own(file: Path):
    """What is shown is a phrase or data: no Chinese anywhere, no literal with letters where an element takes text."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not CHINESE.search(node.value), node.value
    for call in calls(tree):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        place = {"tag": 1, "link": 0, "chip": 0, "button": 0, "label": 0, "tooltip": 0, "notify": 0}.get(name)
        shown = [] if place is None else call.args[place : place + 1]
        shown += [k.value for k in call.keywords if k.arg in ("text", "title", "placeholder", "aria_label", "label")]
        for one in shown:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                assert not re.search(r"[A-Za-z]{2}", one.value), f"{file.name}:{one.lineno}: {one.value}"


def test_a_word_from_data_that_is_not_known_stands_as_it_is():
    assert Words("en").of("shell.roles", "steward") == "Steward"
    assert Words("zh").of("shell.roles", "auditor") == "auditor"
