"""``cdm model``: versions of the matching model: look, train, ask, learn, compare, promote, roll back, move."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import progress_bars, say
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.pipeline.hub import Hub
    from cdm.store import MatchModelEntry

app = typer.Typer(
    help="Versions of the matching model: what was learned, by whom, from what; which one is applied.",
    no_args_is_help=True,
)
Version = Annotated[str, typer.Argument(help="A version, or its first characters (see 'cdm model list').")]
Entity = Annotated[str, typer.Option("--entity", help="Entity type, e.g. person; all of them when left out.")]
OneEntity = Annotated[str, typer.Option("--entity", help="Entity type, e.g. person.")]
By = Annotated[str, typer.Option("--by", envvar="CDM_USER", help="Who does it; the user of this computer else.")]
ACTIVE = "active"


def _by(name: str) -> str:
    """Return who acts."""
    return name or getpass.getuser()


@app.command("list")
def list_(context: typer.Context, entity: Entity = "") -> None:
    """List the versions there are, newest first; the active one is what runs apply."""
    from cdm.cli.model_view import print_versions

    options: Globals = context.obj
    with options.open_hub() as hub:
        print_versions(hub.store.match_models.list(entity or None), options)


@app.command()
def show(context: typer.Context, version: Version) -> None:
    """Show one version: where it comes from, what it compares and what labels taught it."""
    from cdm.cli.model_view import print_version
    from cdm.pipeline.modelling.population import model_of_entry

    options: Globals = context.obj
    with options.open_hub() as hub:
        entry = hub.store.match_models.get(version)
        print_version(entry, model_of_entry(hub, entry), hub.model[entry.entity], options)


@app.command()
def train(context: typer.Context, entity: Entity = "", by: By = "") -> None:
    """Learn a model anew from all records and keep it as a candidate; nothing changes until it is promoted."""
    from cdm.pipeline.modelling import train as train_models

    options: Globals = context.obj
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        made = train_models(hub, entity, _by(by), progress)
    for one in made:
        _say_candidate(one, options)


@app.command()
def ask(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", help="Sheet to write (.xlsx, .csv); values are not masked.")],
    number: Annotated[int, typer.Option("--number", "-n", min=1, max=10_000, help="How many questions.")] = 20,
    entity: Entity = "",
) -> None:
    """Write the pairs most worth asking a steward about: uncertain, different from each other, of consequence.

    Fill in the column verdict (same, different, or nothing where you cannot tell) and give the sheet to
    'cdm model learn'.

    Example:

    \b
        cdm model ask -n 20 --out questions.xlsx
    """
    from cdm.pipeline.modelling import ask as write_questions

    options: Globals = context.obj
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        count = write_questions(hub, out, progress, count=number, entity=entity, language=options.language)
    say(
        options.pick(
            f"{count} 个问题已写入 {out}（含未遮蔽的值）", f"Wrote {count} questions to {out} (values are not masked)"
        )
    )
    said = options.pick("在 verdict 列填 相同 或 不同，然后：", "Fill in the column verdict (same, different), then: ")
    say(f"{said}{options.command(f'model learn {out}')}")


@app.command()
def learn(
    context: typer.Context,
    answers: Annotated[
        Path | None, typer.Argument(help="Sheet with columns left, right (source:key) and verdict; none: decisions.")
    ] = None,
    by: By = "",
) -> None:
    """Learn from verdicts on pairs: from a sheet, from stewards' decisions, and from what was learned before.

    What was learned is tried on verdicts held out and taken only if it helps; it is kept as a candidate.
    """
    from cdm.cli.model_view import print_lesson
    from cdm.pipeline.modelling import teach

    options: Globals = context.obj
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        taught = teach(hub, answers, _by(by), progress)
    for one in taught:
        print_lesson(one, options)
        if one.entry is not None:
            _say_candidate(one.entry, options)


@app.command()
def compare(
    context: typer.Context,
    after: Annotated[str, typer.Argument(help="The version that would be applied.")],
    before: Annotated[str, typer.Argument(help="The version to compare with; the active one when left out.")] = "",
    html: Annotated[Path | None, typer.Option("--html", help="HTML page to write.")] = None,
) -> None:
    """Say what a version would change: which customers merge, split, are regrouped, with examples in words."""
    from cdm.cli.model_view import print_change
    from cdm.pipeline.modelling import compare as compare_models

    options: Globals = context.obj
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        second = hub.store.match_models.get(after)
        first = hub.store.match_models.get(before) if before else _active(hub, second.entity)
        report = compare_models(hub, first, second, progress)
    if html is not None:
        from cdm.report.exports import write_page
        from cdm.report.html import model_change_html

        write_page(html, model_change_html(report, options.language))
    print_change(report, options)
    if html is not None:
        say(options.pick(f"已写入 {html}", f"Wrote {html}"))


@app.command()
def promote(context: typer.Context, version: Version, by: By = "") -> None:
    """Make a version the active one: the next 'cdm run' applies it. A run under way ends with the one it began with."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        entry = hub.store.match_models.promote(hub.store.match_models.get(version), _by(by), hub.now())
    _say_active(entry, options)


@app.command()
def rollback(context: typer.Context, entity: OneEntity, by: By = "") -> None:
    """Make the version active again that the active one replaced."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        entry = hub.store.match_models.rollback(hub.model[entity].name, _by(by), hub.now())
    _say_active(entry, options)


@app.command("export")
def export_(
    context: typer.Context, version: Version, out: Annotated[Path, typer.Argument(help="Model file to write (.json).")]
) -> None:
    """Write a version as a file, for another hub ('cdm model import') or for 'cdm match --model'."""
    from cdm.pipeline.modelling import export_model

    options: Globals = context.obj
    with options.open_hub() as hub:
        export_model(hub, hub.store.match_models.get(version), out)
    say(options.pick(f"已写入 {out}", f"Wrote {out}"))


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Model file.")],
    entity: OneEntity,
    by: By = "",
) -> None:
    """Keep the model of a file as a candidate."""
    from cdm.pipeline.modelling import import_model

    options: Globals = context.obj
    with options.open_hub() as hub:
        entry = import_model(hub, file, entity, _by(by))
    _say_candidate(entry, options)


def _active(hub: Hub, entity: str) -> MatchModelEntry:
    """Return the active version; raises ``NotFound``."""
    from cdm.errors import NotFound

    entry = hub.store.match_models.active(entity)
    if entry is None:
        raise NotFound(f"No matching model of '{entity}' is active.", remedy="Let 'cdm run' learn one first.")
    return entry


def _say_candidate(entry: MatchModelEntry, options: Globals) -> None:
    """Say what was made and what to do with it."""
    if entry.status == ACTIVE:
        say(
            options.pick(
                f"{entry.entity}：与现用的 {entry.version} 相同",
                f"{entry.entity}: the same as the active one, {entry.version}",
            )
        )
        return
    say(options.pick(f"{entry.entity}：候选版本 {entry.version}", f"{entry.entity}: candidate version {entry.version}"))
    for words in (f"model compare {entry.version}", f"model promote {entry.version}"):
        say(f"  {options.command(words)}")


def _say_active(entry: MatchModelEntry, options: Globals) -> None:
    """Say what is active now."""
    say(
        options.pick(
            f"{entry.entity}：现用版本 {entry.version}；下次 cdm run 起生效",
            f"{entry.entity}: version {entry.version} is active; the next 'cdm run' applies it",
        )
    )
