"""``cdm search`` and ``cdm similar``: find customers by a few letters; is this customer there already?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cdm.cli.console import say, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.pipeline.search import Hit, Named, Similar
    from schemas.model import EntityType

Given = Annotated[
    list[str], typer.Argument(metavar="FIELD=VALUE …", help="What is known: name=王小明 phone=13812345678 …")
]
Limit = Annotated[int, typer.Option(min=1, max=100, help="Golden records at most.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]
SHOWN = (("full_name", "name"), ("phone",), ("email",), ("city",))
"""Fields shown of every golden record; of several the first that is filled."""


def search(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS", help="Piece of a name, its initials, end of a number …")
    ],
    entity: Annotated[str, typer.Option(help="Only this entity type.")] = "",
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """Find golden records by a piece of a name, pinyin or its initials, the end of a number, e-mail, id or source key.

    All words must be found; the closest come first. Personal values are masked.

    Examples:

    \b
        cdm search 小明
        cdm search wxm
        cdm search 王 0001
        cdm search erp:C-1001
    """
    from cdm.pipeline.search import search as find

    options: Globals = context.obj
    with options.open_hub() as hub:
        found = find(hub, " ".join(words), entity, limit=limit)
        model = hub.model
    if json:
        _dump([_named(model[one.entity], one) for one in found])
    elif not found:
        say(options.pick("没有找到。", "Nothing was found."))
    else:
        headers = options.pick("编号,实体,名称,电话,邮箱,城市", "golden id,entity,name,phone,e-mail,city").split(",")
        show_table(
            headers, [[one.golden_id, one.entity, *shown_values(model[one.entity], one.fields)] for one in found]
        )
        if len(found) == limit:
            zh, en = (
                f"只列出前 {limit} 个;多写几个字可缩小范围。",
                f"Only the first {limit}; type more to narrow it down.",
            )
            say(options.pick(zh, en))


def _named(entity: EntityType, one: Named) -> dict[str, Any]:
    """Return a golden record as data, masked."""
    fields = {name: masked_value(entity, name, value) for name, value in one.fields.items()}
    return {"golden_id": one.golden_id, "entity": one.entity, "share": one.share, "fields": fields}


def _dump(document: object) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")


def similar(
    context: typer.Context,
    given: Given,
    entity: Annotated[str, typer.Option(help="Entity type, e.g. person; judged from the fields else.")] = "",
    limit: Limit = 10,
    json: Json = False,
) -> None:
    """Search before create: the golden records a half-filled customer may already be, and why.

    The customer is cleansed and compared as a run would do it; nothing is written. Personal values are masked.

    Examples:

    \b
        cdm similar name=王小明 phone=13812345678
        cdm similar 姓名=张伟 城市=杭州 生日=1988-08-08
    """
    from cdm.pipeline.search import find_similar

    options: Globals = context.obj
    with options.open_hub() as hub:
        found = find_similar(hub, _pairs(given), entity, limit=limit)
    if json:
        _dump(_document(found))
        return
    _show(found, options)


def _pairs(given: Sequence[str]) -> dict[str, str]:
    """Split FIELD=VALUE; raises ``typer.BadParameter``."""
    pairs = {}
    for word in given:
        name, equals, value = word.replace("＝", "=", 1).partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"'{word}' is not FIELD=VALUE.", param_hint="FIELD=VALUE")
        pairs[name] = value
    return pairs


def _show(found: Similar, options: Globals) -> None:
    """Print what was found, and what was left aside."""
    entity = found.asked.entity
    said = " · ".join(f"{name}={masked_value(entity, name, v)}" for name, v in found.asked.values.items())
    say(f"{entity.label.text(options.language)}  {said}")
    if not found.hits:
        say(options.pick("没有相似的客户。", "No customer is like this one."))
    else:
        headers = options.pick("编号,概率,名称,电话,邮箱,城市,最相似的记录,理由", _HEADERS).split(",")
        show_table(headers, [_row(entity, hit, options) for hit in found.hits])
    if found.oversize:
        zh = f"{found.keys} 个查找键中有 {found.oversize} 个为太多记录共有，未使用。"
        say(options.pick(zh, f"{found.oversize} of {found.keys} keys are shared by too many records and were skipped."))
    if found.left_out:
        zh = f"另有 {found.left_out:,} 条记录相同之处更少，未比较。"
        say(options.pick(zh, f"{found.left_out:,} records with less in common were not compared."))


_HEADERS = "golden id,probability,name,phone,e-mail,city,closest record,why"


def _row(entity: EntityType, hit: Hit, options: Globals) -> list[str]:
    from cdm.pipeline.explanation.views import pair_view
    from cdm.report.figures import RecordRef
    from matching.explain.reasons import percent

    view = pair_view(entity, hit.explanation, RecordRef("", ""), hit.record)
    why = "\n".join(one.text(options.language) for one in view.sentences[1:])
    values = shown_values(entity, hit.fields)
    return [hit.golden_id, percent(hit.probability), *values, f"{hit.record.source}:{hit.record.key}", why]


def shown_values(entity: EntityType, fields: Mapping[str, Any]) -> list[str]:
    """Return what is shown of a golden record, masked."""
    chosen = [next((name for name in names if fields.get(name)), "") for names in SHOWN]
    return [masked_value(entity, name, fields[name]) if name else "" for name in chosen]


def masked_value(entity: EntityType, name: str, value: object) -> str:
    """Return a value of a field as it may be shown."""
    from cdm.pipeline.pairs import shown
    from cdm.report.mask import masked

    values = value if isinstance(value, list) else [value]
    return " ".join(masked(shown(entity, name, one)) for one in values)


def _document(found: Similar) -> dict[str, Any]:
    """Return what was found as data, masked."""
    from cdm.pipeline.explanation.views import pair_view
    from cdm.report.figures import RecordRef

    entity = found.asked.entity

    def values(fields: Mapping[str, Any]) -> dict[str, str]:
        return {name: masked_value(entity, name, value) for name, value in fields.items()}

    return {
        "entity": entity.name,
        "given": values(found.asked.values),
        "model": found.model,
        "keys": found.keys,
        "oversize": found.oversize,
        "compared": found.compared,
        "left_out": found.left_out,
        "hits": [
            {
                "golden_id": hit.golden_id,
                "probability": hit.probability,
                "record": {"source": hit.record.source, "key": hit.record.key},
                "fields": values(hit.fields),
                "explanation": pair_view(entity, hit.explanation, RecordRef("", ""), hit.record).document,
            }
            for hit in found.hits
        ],
    }
