"""Write the generated reference pages under ``docs/reference``; ``--check`` fails where one is stale.

The pages are made from the code and the model, so that a command, option, setting, field, connector or reason code that
is not documented cannot exist.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def cli_page() -> Iterator[str]:
    """Every command with its arguments and options, and the exit codes."""
    from cdm.cli.app import app
    from cdm.errors import ExitCode

    yield "# Commands\n"
    root = typer.main.get_command(app)
    yield from _command("cdm", root)
    yield "## Exit codes\n\n| code | name | meaning |\n|---|---|---|"
    docs = _member_docs(ExitCode)
    for code in ExitCode:
        yield f"| {code.value} | {code.name.lower()} | {docs[code.name]} |"
    yield "| 130 | interrupted | Ctrl-C; what was saved is kept, the same command goes on |"


def _command(path: str, command: object) -> Iterator[str]:
    context = command.context_class(command, info_name=path.split(maxsplit=1)[0])  # type: ignore[attr-defined]
    yield f"## `{path}`\n\n{(command.help or '').replace(chr(8), '').strip()}\n"  # type: ignore[attr-defined]
    rows = []
    for parameter in command.get_params(context):  # type: ignore[attr-defined]
        names = ", ".join(f"`{n}`" for n in parameter.opts + parameter.secondary_opts)
        shown = f"`{parameter.name}`" if parameter.param_type_name == "argument" else names
        text = getattr(parameter, "help", "") or ""
        rows.append(f"| {shown} | {text} |")
    if rows:
        yield "| argument or option | meaning |\n|---|---|\n" + "\n".join(rows) + "\n"
    for name, child in getattr(command, "commands", {}).items():
        yield from _command(f"{path} {name}", child)


def _member_docs(enum: type) -> dict[str, str]:
    import ast
    import inspect
    import textwrap

    body = ast.parse(textwrap.dedent(inspect.getsource(enum))).body[0].body  # type: ignore[attr-defined]
    docs = {}
    for statement, following in itertools.pairwise(body):
        if isinstance(statement, ast.Assign) and isinstance(following, ast.Expr):
            docs[statement.targets[0].id] = following.value.value  # type: ignore[attr-defined]
    return docs


def model_page() -> Iterator[str]:
    """Every field of the built-in model."""
    from schemas.loader import builtin_model

    yield "# The customer information model · 客户信息模型\n"
    for entity in builtin_model().entities.values():
        yield f"## `{entity.name}` · {entity.label.en} · {entity.label.zh} ({entity.kind})\n"
        yield "| field | en | zh | type | survivorship | match | privacy | notes |\n|---|---|---|---|---|---|---|---|"
        for f in entity.fields.values():
            notes = [word for word, on in (("required", f.required), ("several values", f.multi)) if on]
            notes += [f"from {f.derived.field}.{f.derived.part}"] if f.derived else []
            notes += [f"one of {', '.join(f.allowed)}"] if f.allowed else []
            cells = (
                f"`{f.name}`",
                f.label.en,
                f.label.zh,
                f.type,
                f.survivorship,
                f.match,
                f.privacy,
                "; ".join(notes),
            )
            yield "| " + " | ".join(cells) + " |"
        yield ""


def settings_page() -> Iterator[str]:
    """Every setting with its default."""
    from cdm.settings import Settings

    yield "# Settings\n\nEach is an environment variable.\n\n| variable | default | meaning |\n|---|---|---|"
    for name, field in Settings.model_fields.items():
        default = "by locale" if field.default_factory else ("" if field.default is None else field.default)
        yield f"| `CDM_{name.upper()}` | {default} | {field.description} |"


def connectors_page() -> Iterator[str]:
    """Every built-in connector with its options."""
    from connectors.registry import connector_names, connector_options, connector_type

    yield "# Connectors\n\nOptions are given as `--option NAME=VALUE` to `cdm source add`.\n"
    for name in connector_names():
        yield f"## `{name}`\n\n{connector_type(name).summary}\n"
        yield "| option | type | default | meaning |\n|---|---|---|---|"
        for o in connector_options(name):
            yield f"| `{o.name}` | {o.kind} | {o.default} | {o.help} |"
        yield ""


def findings_page() -> Iterator[str]:
    """Every reason code of cleansing."""
    from quality.cleanse.codes import all_codes

    yield "# Findings · 清洗发现\n\n| code | severity | meaning | 含义 |\n|---|---|---|---|"
    for code in sorted(all_codes().values(), key=lambda c: c.name):
        yield f"| `{code.name}` | {code.severity} | {code.en} | {code.zh} |"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "cli": cli_page,
    "model": model_page,
    "settings": settings_page,
    "connectors": connectors_page,
    "findings": findings_page,
}


def render(name: str) -> str:
    """Return one page as it should be."""
    return "\n".join(PAGES[name]()) + "\n"


def stale() -> list[str]:
    """Return the names of the pages that differ from the code."""
    return [n for n in PAGES if not (p := REFERENCE / f"{n}.md").exists() or p.read_text(encoding="utf-8") != render(n)]


def main() -> int:
    """Write all pages, or check them."""
    if "--check" in sys.argv:
        names = stale()
        print("\n".join(f"stale: docs/reference/{name}.md (run `make docs`)" for name in names) or "reference is fresh")
        return 1 if names else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (REFERENCE / f"{name}.md").write_text(render(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
