"""``cdm history`` and ``cdm diff``: what a record was, who changed it and why, and what differs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import say, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.pipeline.history import Difference, RecordHistory, Version

What = Annotated[str, typer.Argument(metavar="ID|SOURCE:KEY", help="Golden id, or source:key of a source record.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]
_WORDS = {
    "created": "新建",
    "updated": "变更",
    "split": "拆出",
    "merged": "并入其他",
    "retired": "停用",
    "restored": "恢复",
    "seen": "首次读到",
    "changed": "变更",
    "deleted": "来源已删除",
    "back": "重新出现",
}


def history(context: typer.Context, what: What, json: Json = False) -> None:
    """Show every version of a golden record or a source record: when, by whom, why, and what changed."""
    from cdm.pipeline.history import history_of

    options: Globals = context.obj
    with options.open_hub() as hub:
        found = history_of(hub, what)
    if json:
        _print(found)
        return
    headers = options.pick("版本,时间,批次,变更,由谁,理由,内容", "version,at,run,change,by,why,what").split(",")
    show_table(headers, [_row(one, options) for one in found.versions])
    _stays(found, options)


def diff(
    context: typer.Context,
    what: What,
    before: Annotated[int, typer.Argument(min=1, help="Version before.")],
    after: Annotated[int, typer.Argument(min=1, help="Version after.")],
    json: Json = False,
) -> None:
    """Show what differs between two versions: fields, and source records of a golden record."""
    from cdm.pipeline.history import difference

    options: Globals = context.obj
    with options.open_hub() as hub:
        found = difference(hub, what, before, after)
    if json:
        _print(found)
        return
    rows = [(name, _text(old), _text(new)) for name, (old, new) in found.fields.items()]
    member = options.pick("来源记录", "source record")
    rows += [(member, name, "") for name in found.left] + [(member, "", name) for name in found.came]
    if not rows:
        say(options.pick("两个版本相同。", "Nothing differs."))
        return
    show_table([options.pick("字段", "field"), f"v{before}", f"v{after}"], rows)


def _row(one: Version, options: Globals) -> Sequence[str]:
    decision = options.pick(f"决定 {one.decision_id}", f"decision {one.decision_id}") if one.decision_id else ""
    content = [*(f"+{name}" for name in one.came), *(f"-{name}" for name in one.left), *one.changed]
    what = " ".join([options.pick(_WORDS[one.what], one.what), *one.related])
    why = ": ".join(text for text in (decision, one.why) if text)
    return str(one.version), one.at, str(one.run_id), what, one.who, why, " ".join(content)


def _stays(found: RecordHistory, options: Globals) -> None:
    if not found.stays:
        return
    headers = options.pick("黄金记录,从,批次,到,批次", "golden id,from,run,until,run").split(",")
    rows = [
        (one.golden_id, one.since, str(one.since_run_id), one.until or "", str(one.until_run_id or ""))
        for one in found.stays
    ]
    show_table(headers, rows)


def _text(value: object) -> str:
    return "" if value is None else "\n".join(value) if isinstance(value, list) else str(value)


def _print(found: RecordHistory | Difference) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() + "\n")
