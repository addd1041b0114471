"""``cdm model`` as a steward and an administrator type it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from many_people import answer, write_people

VERSION = re.compile(r"\b[0-9a-f]{16}\b")


@pytest.fixture
def hub(cdm: Any, folder: Path) -> Any:
    """Run commands on a hub of persons that has run once."""

    def run(*words: object) -> Any:
        return cdm("--hub", "hub.db", "--lang", "en", *words)

    write_people(folder, 120)
    for name in ("crm", "shop"):
        added = run("source", "add", name, f"{name}.csv", "--key", "customer_no", "--entity", "person")
        assert added.code == 0, added.err
    assert run("model", "list").out.startswith("There is no matching model yet")
    ran = run("run")
    assert ran.code == 0, ran.err
    assert "learned matching model" in ran.out
    return run


def test_from_questions_to_a_promoted_model(hub: Any, folder: Path) -> None:
    first = VERSION.search(hub("model", "list").out)
    assert first is not None
    asked = hub("model", "ask", "-n", "60", "--out", "questions.csv")
    assert "Wrote 60 questions" in asked.out
    assert "model learn questions.csv" in asked.out
    answer(folder / "questions.csv", folder / "answers.csv")
    taught = hub("model", "learn", "answers.csv", "--by", "li")
    assert taught.code == 0, taught.err
    version = VERSION.search(taught.out.split("candidate version")[1])
    assert version is not None
    compared = hub("model", "compare", version[0][:8], "--html", "change.html")
    assert compared.code == 0, compared.err
    assert f"{first[0]} → {version[0]}" in compared.out
    page = (folder / "change.html").read_text(encoding="utf-8")
    assert version[0] in page
    assert "匹配模型的变化" in page
    shown = hub("model", "show", version[0])
    assert "taught by labels" in shown.out
    assert "is active" in hub("model", "promote", version[0]).out
    assert "learned matching model" not in hub("run").out
    assert first[0] in hub("model", "rollback", "--entity", "person").out
    nothing = hub("model", "rollback", "--entity", "person")
    assert (nothing.code, "replaced none" in nothing.err) == (5, True)


def test_a_model_goes_out_and_comes_in(hub: Any, folder: Path) -> None:
    version = VERSION.search(hub("model", "list").out)
    assert version is not None
    assert hub("model", "export", version[0], "model.json").code == 0
    assert "the same as the active one" in hub("model", "import", "model.json", "--entity", "person").out
    (folder / "wrong.json").write_text("[]")
    wrong = hub("model", "import", "wrong.json", "--entity", "person")
    assert (wrong.code, "wrong.json is no matching model" in wrong.err) == (3, True)
    assert "the same as the active one" in hub("model", "train").out
    assert "--relearn" in hub("run", "--help").out


def test_mistakes_are_answered_with_their_place(hub: Any, folder: Path) -> None:
    (folder / "said.csv").write_text("left,right,verdict\ncrm:K0000,shop:S0000,same\ncrm:K0000,shop:S0003,mabye\n")
    wrong = hub("model", "learn", "said.csv")
    assert (wrong.code, "said.csv, row 3: 'mabye' is no verdict" in wrong.err) == (2, True)
    (folder / "said.csv").write_text("left,right,verdict\ncrm:K0000,shop:X9,same\n")
    unknown = hub("model", "learn", "said.csv")
    assert "said.csv, row 2: there is no record 'shop:X9'" in unknown.err
    missing = hub("model", "show", "abcdef")
    assert (missing.code, "no version 'abcdef'" in missing.err) == (6, True)
    assert "No pair has a verdict yet" in hub("model", "learn").err
    assert hub("model", "learn", "none.csv").code == 4
    assert "no ending that names a format" in hub("model", "ask", "--out", "questions.pdf").err
    assert hub("model", "rollback", "--entity", "persn").code == 3
