"""The command tree and its global options."""

from __future__ import annotations

from typing import Annotated

import typer

from cdm.cli import (
    backup,
    check,
    dedupe,
    demo,
    doctor,
    edit,
    evaluate,
    explain,
    flows,
    golden,
    history,
    lineage,
    match,
    model,
    publish,
    quarantine,
    run,
    runs,
    search,
    serve,
    source,
    steward,
    token,
    trail,
    user,
)
from cdm.cli.options import Globals
from cdm.language import language_of_environment

app = typer.Typer(
    name="cdm",
    help="Customer master-data hub: many dirty sources in, one golden record per customer out. 客户主数据中心。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def globals_(
    context: typer.Context,
    hub: Annotated[
        str, typer.Option(envvar="CDM_HUB_URL", help="Hub database: a path or an SQLAlchemy URL.", metavar="URL")
    ] = "",
    lang: Annotated[
        str, typer.Option(envvar="CDM_LANGUAGE", help="Language of output: zh or en.", metavar="zh|en")
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks (may stand anywhere on the line).")] = False,
) -> None:
    """Options that every command understands."""
    if lang not in ("", "zh", "en"):
        raise typer.BadParameter(f"'{lang}' is not a language of the hub; use zh or en.", param_hint="--lang")
    context.obj = Globals(hub=hub, language=lang or language_of_environment(), quiet=quiet, debug=debug)


app.command("demo")(demo.demo)
app.command("dedupe")(dedupe.dedupe)
app.command("match")(match.match)
app.command("explain")(explain.explain)
app.command("evaluate")(evaluate.evaluate)
app.add_typer(source.app, name="source")
app.command("ingest")(run.ingest)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("report")(run.report)
app.add_typer(golden.app, name="golden")
app.add_typer(publish.app, name="publish")
app.add_typer(model.app, name="model")
app.add_typer(runs.app, name="runs")
app.add_typer(flows.app, name="flows")
app.command("lookup")(golden.lookup)
app.command("search")(search.search)
app.command("similar")(search.similar)
app.command("history")(history.history)
app.command("diff")(history.diff)
app.command("lineage")(lineage.lineage)
app.command("merge")(steward.merge)
app.command("separate")(steward.separate)
app.command("split")(steward.split)
app.command("edit")(edit.edit)
app.command("undo")(steward.undo)
app.command("decisions")(steward.decisions)
app.command("feed")(trail.feed)
app.add_typer(trail.app, name="audit")
app.add_typer(quarantine.app, name="quarantine")
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)
app.add_typer(user.app, name="user")
app.add_typer(token.app, name="token")
app.command("version")(run.version)
