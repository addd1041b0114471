"""Errors are told in both languages: every code, and every sentence that the service can raise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import cdm
import cdm.wording
from cdm.errors import Conflict
from cdm.language import language_of_header
from cdm.security import Forbidden, Principal, Right, Role
from cdm.wording import sentence, title_of, titles, told

ROOM = Path(cdm.__file__).parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
SERVED = [
    "service", "security", "stewardship", "api", "store/accounts.py", "store/api_tokens.py", "store/decisions.py",
    "store/deferrals.py", "store/history.py", "store/match_models.py", "store/records.py", "store/runs.py",
    "store/said.py", "store/settlement.py", "store/sources.py", "store/database.py", "pipeline/held.py",
    "pipeline/history.py", "pipeline/lineage.py", "pipeline/push.py", "pipeline/reconsider.py", "pipeline/search",
    "pipeline/statements.py", "pipeline/golden.py", "pipeline/gates",
]  # fmt: skip
"""What people meet who use pages and API: the rooms that answer them."""


def files() -> Iterator[Path]:
    for name in SERVED:
        yield from [ROOM / name] if name.endswith(".py") else sorted((ROOM / name).rglob("*.py"))


def text_of(node: ast.AST) -> str:
    """Return a literal, with a word where something is filled in; nothing where it is no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else "X1" for one in node.values)  # type: ignore[misc]
    return ""


def sentences() -> Iterator[tuple[str, str]]:
    """Yield where an error is raised, and each sentence it says."""
    for file in files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            remedies = [one.value for one in getattr(node, "keywords", ()) if one.arg == "remedy"]
            if isinstance(node, ast.Call) and remedies:
                for text in filter(None, map(text_of, [*node.args[:1], *remedies])):
                    yield f"{file.relative_to(ROOM)}:{node.lineno}", text


@pytest.mark.parametrize(("place", "text"), sorted(set(sentences())))
def test_every_sentence_of_the_service_is_told_in_chinese(place: str, text: str) -> None:
    assert CHINESE.search(sentence(text, "zh")), place
    assert sentence(text, "en") == text


def test_every_code_has_a_title_in_both_languages() -> None:
    rooms = ("cdm", "connectors", "quality", "matching", "schemas", "flows")
    sources = (file.read_text(encoding="utf-8") for room in rooms for file in (ROOM.parent / room).rglob("*.py"))
    codes = {
        code for text in sources for code in re.findall(r'^    code(?:: [\w\[\]]+|, [\w, ]+)? = "(\w+)"', text, re.M)
    }
    assert len(codes) > 50
    assert codes <= titles().keys()
    for code, said in titles().items():
        assert CHINESE.search(said["zh"]), code
        assert not CHINESE.search(said["en"]), code


def test_names_and_figures_stand_in_the_sentence() -> None:
    said = told(Conflict("The golden record g7 has changed since you saw it (version 2, now 3)."), "zh")
    assert said.title == "与现状冲突，请看过最新状态再决定"
    assert said.message == "您查看之后，黄金记录 g7 有了变化（当时第 2 版，现在第 3 版）。"


def test_what_stands_in_a_place_is_told_too() -> None:
    with pytest.raises(Forbidden) as refused:
        Principal("zhao", Role.VIEWER).require(Right.DECIDE)
    assert told(refused.value, "zh").message == "“zhao”的角色“viewer”没有权限：decide。"


def test_an_unknown_sentence_stands_as_it_was_raised() -> None:
    assert sentence("Something {new} went wrong.", "zh") == "Something {new} went wrong."
    assert title_of("brand_new", "zh") == "brand new"


def test_every_place_of_a_sentence_is_filled() -> None:
    file = Path(cdm.wording.__file__).with_name("sentences.yaml")
    for english, chinese in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        assert set(re.findall(r"\{(\w+)\}", english)) >= set(re.findall(r"\{(\w+)\}", chinese)), english
        assert not CHINESE.search(english.replace("王小明", ""))
        assert CHINESE.search(chinese)


@pytest.mark.parametrize(
    ("header", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB", "en"), ("fr, zh-TW;q=0.5", "zh"), ("", "en"), ("fr", "en")],
)
def test_the_language_a_client_wishes(header: str, language: str) -> None:
    assert language_of_header(header) == language
