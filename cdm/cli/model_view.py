"""Print versions of the matching model, lessons and changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cdm.cli.console import say, show_table
from cdm.cli.options import Globals
from cdm.pipeline.pairs import field_label
from cdm.report.figures import RecordRef
from cdm.report.mask import masked
from cdm.report.model_change import ChangeExample, ModelChange

if TYPE_CHECKING:
    from cdm.pipeline.modelling import Taught
    from cdm.store import MatchModelEntry
    from matching import Model
    from schemas.model import EntityType

STATUS = {"active": "现用", "candidate": "候选", "retired": "已停用"}
WHY = {
    "first": ("首次学习", "first run"),
    "columns": ("字段变了", "fields changed"),
    "outgrown": ("数据翻倍", "records doubled"),
    "asked": ("重新学习", "learned anew"),
    "unreadable": ("旧模型无法读取", "old one unreadable"),
    "placeholders": ("发现共用的标识号", "shared identifiers found"),
    "taught": ("从判定学习", "taught"),
    "imported": ("导入", "imported"),
}
TELLING = 0.3
"""Nats a correction must have to be told."""


def print_versions(entries: Sequence[MatchModelEntry], options: Globals) -> None:
    """Print one line per version."""
    if not entries:
        say(
            options.pick(
                "还没有匹配模型；cdm run 会学习一个。", "There is no matching model yet; 'cdm run' learns one."
            )
        )
        return
    headers = options.pick(
        "版本,实体,状态,由来,标注,记录,客户,待审核,建立,建立者,取代",
        "version,entity,status,made by,labels,records,customers,review,created,by,replaced",
    ).split(",")
    show_table(headers, [_line(one, options) for one in entries])


def _line(one: MatchModelEntry, options: Globals) -> tuple[str, ...]:
    status = STATUS.get(one.status, one.status) if options.language == "zh" else one.status
    figures = (_number(one.figures.get(name)) for name in ("rows", "clusters", "review"))
    return (
        one.version, one.entity, status, _why(one, options), _number(_labels(one)), *figures, one.created_at[:16],
        one.created_by, one.replaced or "",
    )  # fmt: skip


def _why(one: MatchModelEntry, options: Globals) -> str:
    why = str(one.learned_from.get("why", ""))
    return options.pick(*WHY[why]) if why in WHY else why


def _labels(one: MatchModelEntry) -> int | None:
    lesson: dict[str, Any] | None = one.learned_from.get("lesson")
    return None if lesson is None else lesson["same"] + lesson["different"]


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def print_version(one: MatchModelEntry, model: Model, entity: EntityType, options: Globals) -> None:
    """Print what a version compares and what labels taught it."""
    print_versions([one], options)
    say(options.pick(f"由 {one.parent or '–'} 而来", f"made from {one.parent or '–'}"))
    headers = options.pick("字段,种类,填写率,随机相同的概率", "field,kind,filled,agree by chance").split(",")
    rows = [
        (field_label(entity, c.name).text(options.language), c.kind.value, f"{c.coverage:.0%}", f"{c.chance:.2g}")
        for c in model.columns
    ]
    show_table(headers, rows)
    say(options.pick("候选规则：", "blocking rules: ") + "; ".join(rule.name for rule in model.plan.rules))
    taught = list(_taught(model, entity, options))
    if taught:
        headers = options.pick("标注教会的,比较,比特", "taught by labels,level,bits").split(",")
        show_table(headers, taught)


def _taught(model: Model, entity: EntityType, options: Globals) -> Iterator[tuple[str, str, str]]:
    """Yield what labels added to the weights, the heaviest first."""
    from matching.compare.levels import label
    from matching.explain import BITS

    found = [
        (weight, column, level)
        for column, weights in zip(model.columns, model.correction.weights, strict=False)
        for level, weight in enumerate(weights.tolist())
        if abs(weight) >= TELLING
    ]
    for weight, column, level in sorted(found, key=lambda one: -abs(one[0])):
        said = label(column.kind.value, level).text(options.language)
        yield field_label(entity, column.name).text(options.language), said, f"{weight * BITS:+.1f}"


def print_lesson(one: Taught, options: Globals) -> None:
    """Print what labels taught, and which of them contradict each other."""
    lesson, entity = one.lesson, one.entity.text(options.language)
    say(
        options.pick(
            f"{entity}：{lesson.same} 对相同，{lesson.different} 对不同",
            f"{entity}: {lesson.same} pairs the same, {lesson.different} different",
        )
    )
    if lesson.alike:
        say(
            options.pick(
                f"{lesson.alike} 对的内容完全一样，无可学习",
                f"{lesson.alike} pairs say exactly the same: nothing to learn",
            )
        )
    for chain in one.contradictions:
        joined = " = ".join(_name(record) for record in chain)
        text = options.pick("判定互相矛盾：{}，但 {} ≠ {}", "verdicts contradict each other: {}, but {} ≠ {}")
        say(text.format(joined, _name(chain[0]), _name(chain[-1])))
    if lesson.losses:
        parts = (f"{name} {loss:.3f}" for name, loss in lesson.losses.items())
        say(options.pick("留出判定上的损失：", "loss on verdicts held out: ") + ", ".join(parts))
    if lesson.taken is None:
        from matching.supervised.lesson import LEAST

        say(
            options.pick(
                f"模型保持不变：判定少于 {LEAST} 个，或没有带来改进。",
                f"The model stays as it is: fewer than {LEAST} verdicts, or they did not improve it.",
            )
        )


def print_change(report: ModelChange, options: Globals) -> None:
    """Print what a version would change, and one example of each kind in words."""
    entity = report.entity.text(options.language)
    say(f"{entity}: {report.versions[0]} → {report.versions[1]}")
    headers = options.pick("指标,之前,之后", "figure,before,after").split(",")
    show_table(headers, [
        (options.pick("客户", "customers"), *(f"{n:,}" for n in report.customers)),
        (options.pick("待审核", "pairs to review"), *(f"{n:,}" for n in report.review)),
    ])  # fmt: skip
    rows = [(label.text(options.language), f"{count:,}") for _, label, count in report.kinds()]
    rows.append(
        (options.pick("换了客户的记录", "records that change their customer"), f"{report.moved:,} ({report.churn:.2%})")
    )
    show_table(options.pick("变化,数量", "change,number").split(","), rows)
    shown: set[str] = set()
    for example in report.examples:
        if example.kind not in shown:
            shown.add(example.kind)
            _example(example, options)


def _example(one: ChangeExample, options: Globals) -> None:
    """Print the records of a change and why, in words."""
    from cdm.report.model_change import KINDS

    headers = [options.pick("记录", "record"), options.pick("之前", "before"), options.pick("之后", "after")]
    headers += [column.text(options.language) for column in one.columns]
    rows = [(_name(r.record), str(r.before), str(r.after), *(masked(value) for value in r.values)) for r in one.records]
    show_table(headers, rows, title=options.pick("例：", "example: ") + KINDS[one.kind].text(options.language))
    for explained in (one.before, one.after):
        if explained is not None:
            words = " ".join(sentence.text(options.language) for sentence in explained.sentences)
            say(f"{explained.model}: {words}")


def _name(one: RecordRef) -> str:
    return f"{one.source}:{one.key}"
