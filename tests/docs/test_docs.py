"""Documentation that does not agree with the program fails the build."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```bash\n(.*?)```|`((?:\.venv/bin/)?cdm [^`]*)`", re.DOTALL)


def commands() -> dict[str, Any]:
    """Every command by its words."""
    from cdm.cli.app import app

    found: dict[str, Any] = {}

    def walk(path: str, command: Any) -> None:
        found[path] = command
        for name, child in getattr(command, "commands", {}).items():
            walk(f"{path} {name}", child)

    walk("cdm", typer.main.get_command(app))
    return found


def lines_of_commands(page: Path) -> Iterator[str]:
    """Yield every ``cdm …`` line that a page tells its readers to type."""
    for block, inline in CODE.findall(page.read_text(encoding="utf-8")):
        for line in (block or inline).splitlines():
            words = re.sub(r"^(\$ |\.venv/bin/)+", "", line.split("#")[0].strip()).removeprefix(".venv/bin/")
            if words.startswith("cdm "):
                yield words


def test_generated_pages_are_fresh() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from reference_docs import stale

        assert stale() == [], "run `make docs`"
    finally:
        sys.path.remove(str(ROOT / "tools"))


def test_every_command_and_option_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    for path, command in commands().items():
        assert f"## `{path}`" in page
        section = page.split(f"## `{path}`\n", 1)[1].split("\n## ", 1)[0]
        for parameter in command.params:
            name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.name
            assert f"`{name}`" in section, f"{path} {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_pages_name_exist(page: Path) -> None:
    known = commands()
    for line in lines_of_commands(page):
        words = line.split()
        while len(words) > 2 and words[1] in {"--hub", "--lang"}:
            del words[1:3]
        path = "cdm"
        while len(words) > 1 and f"{path} {words[1]}" in known:
            path = f"{path} {words.pop(1)}"
        if len(words) > 1 and path == "cdm":
            assert words[1].startswith("-") or words[1] in {"…", "..."}, f"{page.name}: '{line}' names no command"
        options = {name for parameter in known[path].params for name in (*parameter.opts, *parameter.secondary_opts)}
        given = {re.split("[=|]", word)[0].strip("[]") for word in words[1:] if word.lstrip("[").startswith("--")}
        assert given <= options | {"--help", "--debug"}, f"{page.name}: '{line}'"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target) and not target.startswith("#"):
            assert (page.parent / target.split("#")[0]).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", ["guide.md", "guide.zh-CN.md"])
def test_the_model_of_the_guide_can_be_loaded(name: str, tmp_path: Path) -> None:
    from schemas.loader import load_model

    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    (example,) = (block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "entity:" in block)
    (tmp_path / "person.yaml").write_text(example, encoding="utf-8")
    added = yaml.safe_load(example)["fields"]
    assert added.keys() <= load_model(tmp_path)["person"].fields.keys()


def test_every_error_the_docs_draw_exists() -> None:
    import cdm.errors
    import connectors.errors

    for module in (cdm.errors, connectors.errors):
        drawn = re.findall(r"[├└]─+ (\w+)", module.__doc__ or "")
        assert len(drawn) > 5
        for name in drawn:
            assert hasattr(module, name) or hasattr(connectors.errors, name), name


def test_rooms_of_the_architecture_page_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for place in re.findall(r"`((?:schemas|connectors|quality|matching|cdm|flows)/[\w/.]*)`", text):
        assert (ROOT / place).exists(), place
