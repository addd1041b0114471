"""What the review screen consists of: heading, records side by side, why the hub is not sure, buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nicegui import ui

from cdm.service.review_shapes import CaseGoldenView, CaseRecordView, PairView
from cdm.ui.elements import button, chip, icon, tag
from cdm.ui.figures import moment, percent, score, when
from cdm.ui.review.queue import band, names_of, progress_line
from cdm.ui.review.side_by_side import TWO, body, clashing
from cdm.ui.review.wanted import address
from cdm.ui.review.waterfall import waterfall

if TYPE_CHECKING:
    from cdm.ui.review.screen import Screen, Shown


class Panels:
    """The parts of the screen.

    Args:
        screen: what its buttons do.
        shown: the case.
    """

    def __init__(self, screen: Screen, shown: Shown) -> None:
        self._screen, self._shown = screen, shown
        self._case, self._look = shown.case, shown.look
        self._words = screen.words

    def build(self) -> None:
        """Show everything."""
        self._head()
        self._notes()
        with tag("section", css="card flush rv-case"):
            self._views()
            self._table()
        if self._case.pairs:
            self._pairs()
        self._actions()

    def _head(self) -> None:
        words, case = self._words, self._case
        names = names_of([one.name for one in case.golden], len(case.golden) + case.left_out, self._screen.session)
        with tag("div", css="rv-head"):
            with tag("a", css="rv-back", href=address("/review", self._screen.choice), title=words("review.back")):
                icon("arrow_back")
                tag("span", words("review.back"), "unseen")
            with tag("div", css="grow"):
                tag("h1", names, data_case=str(case.id))
                with tag("div", css="line close"):
                    tag("span", percent(case.probability), f"heat {band(case.probability)}")
                    chip(case.label.text(words.language))
                    chip(case.why.text(words.language), "warning")
                    tag("span", words("review.question"), "soft")
            progress_line(self._shown.progress, self._screen.session)

    def _notes(self) -> None:
        words, case = self._words, self._case
        if case.left_out:
            tag("p", words("review.left_out", shown=len(case.golden), count=case.left_out), "note info")
        if case.deferred_until:
            until = moment(case.deferred_until)
            with tag("p", css="note info"):
                tag("span", words("review.deferred", who=case.deferred_by, day=f"{until:%Y-%m-%d}" if until else ""))
                if case.deferred_reason:
                    tag("span", f" · {case.deferred_reason}")
        for row in clashing(case, self._look):
            tag("p", words("review.clash", field=row.label.text(words.language)), "note warning", data_clash=row.field)
        for one in self._shown.outlook.against if self._shown.outlook else ():
            tag("p", words("review.against", number=one.number, who=one.by, day=one.at[:10]), "note warning")

    def _views(self) -> None:
        words, look = self._words, self._look
        with tag("div", css="rv-views"):
            with tag("div", css="segments", role="group", aria_label=words("review.view.name")):
                for raw, name in ((False, "standard"), (True, "raw")):
                    one = tag(
                        "button", words(f"review.view.{name}"), type="button", aria_pressed=str(look.raw is raw).lower()
                    )
                    one.props["data-view"] = name
                    one.on("click", self._setter("raw", raw))
            for name in ("differing", "parts"):
                self._check(name)

    def _check(self, name: str) -> None:
        with tag("label", css="rv-check"):
            box = tag("input", type="checkbox", checked=getattr(self._look, name), data_check=name)
            tag("span", self._words(f"review.view.{name}"))
        box.on("change", self._setter(name, not getattr(self._look, name)))

    def _setter(self, name: str, value: bool) -> Callable[[], Awaitable[None]]:
        async def change() -> None:
            setattr(self._look, name, value)
            await self._screen.again()

        return change

    def _table(self) -> None:
        words = self._words
        count = len(self._case.golden)
        with tag("div", css="rv-wrap"), tag("table", css=f"rv-table of-{count}", aria_label=words("review.question")):
            with tag("thead"), tag("tr"):
                tag("th", words("review.field"), "corner", scope="col")
                for place, one in enumerate(self._case.golden):
                    self._column(place, one)
                self._result()
            ui.html(body(self._case, self._shown.outlook, self._look, words), sanitize=False, tag="tbody")

    def _column(self, place: int, one: CaseGoldenView) -> None:
        words, out = self._words, place in self._look.out
        with tag("th", css="out" if out else "", scope="col", data_column=str(place + 1)), tag("div", css="rv-column"):
            said = words("review.take", number=place + 1)
            pressed = "false" if out else "true"
            box = tag(
                "button", str(place + 1), "rv-number", type="button", title=said, aria_label=said, aria_pressed=pressed
            )
            box.on("click", lambda: self._screen.toggle(place))
            with tag("div", css="grow"):
                with tag("div", css="line close"):
                    tag("a", one.name, "rv-name", href=f"/customers/{one.id}", target="_blank")
                    if out:
                        chip(words("review.out"))
                tag("div", words("review.quality", score=score(one.quality)), "soft small")
                with tag("ul", css="rv-records"):
                    for record in one.records:
                        self._record(record)

    def _record(self, one: CaseRecordView) -> None:
        with tag("li", title=one.place):
            tag("span", one.source, "from")
            tag("span", one.key, "mono")
            when(one.updated_at or one.changed_at, self._words, "soft small")

    def _result(self) -> None:
        words, outlook = self._words, self._shown.outlook
        with tag("th", css="result", scope="col"):
            with tag("div", css="line close"):
                icon("call_merge")
                tag("span", words("review.result"), "rv-name")
            if outlook is None:
                tag("div", words("review.result_none"), "soft small")
                return
            with tag("div", css="soft small"):
                tag("span", words("review.quality", score=score(outlook.quality)))
            place = next((n for n, one in enumerate(self._case.golden, 1) if one.id == outlook.golden_id), None)
            tag("div", words("review.result_of", records=outlook.records), "soft small")
            if place is not None:
                with tag("div", css="soft small"):
                    tag("span", words("review.keeps"))
                    tag("span", str(place), "rv-ref")

    def _pairs(self) -> None:
        words = self._words
        number = {one.id: str(place) for place, one in enumerate(self._case.golden, 1)}
        with tag("section", css="card rv-pairs"):
            with tag("div", css="card-head"):
                tag("h2", words("review.pair.title"))
                place = tag("div", css="segments end", role="group", aria_label=words("review.pair.pick"))
                place.visible = len(self._case.pairs) > 1
            shown = tag("div", css="rv-pair")
            choices = self._case.pairs

            def show(at: int) -> None:
                for n, each in enumerate(place):
                    each.props["aria-pressed"] = str(n == at).lower()
                shown.clear()
                with shown:
                    self._pair(choices[at])

            with place:
                for at, one in enumerate(choices if len(choices) > 1 else ()):
                    said = f"{number[one.one]} – {number[one.other]}  {percent(one.probability)}"
                    tag("button", said, type="button").on("click", lambda at=at: show(at))
            show(0)

    def _pair(self, one: PairView) -> None:
        words, language = self._words, self._words.language
        if not one.steps:
            tag("p", words("review.pair.none"), "soft")
            return
        with tag("ul", css="rv-sentences"):
            for place, sentence in enumerate(one.sentences):
                tag("li", sentence.text(language), "strong" if not place else "")
        number = {each.id: str(place) for place, each in enumerate(self._case.golden, 1)}
        with tag("div", css="table-wrap"), tag("table", css="rv-fall"):
            with tag("thead"), tag("tr"):
                tag("th", words("review.field"), scope="col")
                with tag("th", css="both", scope="col"):
                    for golden, side in ((one.one, one.left), (one.other, one.right)):
                        with tag("span"):
                            tag("span", number[golden], "rv-ref")
                            tag("span", f"{side.source}:{side.key}", "mono")
                tag("th", words("review.pair.compared"), scope="col")
                tag("th", words("review.pair.bits"), "num", scope="col", colspan="2", title=words("review.pair.weight"))
            ui.html(waterfall(one, words), sanitize=False, tag="tbody")
        tag("p", words("review.pair.two"), "soft small")
        tag("p", words("review.pair.weight"), "soft small")

    def _actions(self) -> None:
        screen, words = self._screen, self._words
        taken = len(self._look.taken(self._case))
        with tag("div", css="rv-actions", role="toolbar", aria_label=words("review.title")):
            if screen.may_decide:
                whole = taken == len(self._case.golden)
                few = taken < TWO
                merge = words("review.act.same") if whole or few else words("review.act.same_some", count=taken)
                apart = words("review.act.different_all" if taken > TWO else "review.act.different")
                self._act("m", merge, screen.merge, "primary", "call_merge", disabled=few)
                self._act("n", apart, screen.keep_apart, "", "call_split", disabled=few)
                self._act("d", words("review.act.later"), screen.later, "", "schedule")
                note = tag(
                    "input", css="rv-note", type="text", value=self._shown.note, maxlength="500",
                    placeholder=words("review.act.note"), aria_label=words("review.act.note"),
                )  # fmt: skip
                note.on("input", self._noted, js_handler="(event) => emit(event.target.value)")
                self._act("u", words("review.act.undo"), screen.undo, "plain", "undo")
            with tag("div", css="line close end"):
                self._act("k", words("review.act.previous"), screen.backward, "plain")
                self._act("j", words("review.act.next"), screen.forward, "plain")
                self._act("?", words("review.act.help"), screen.help, "plain")

    def _noted(self, event: object) -> None:
        self._shown.note = str(getattr(event, "args", ""))

    def _act(
        self,
        key: str,
        said: str,
        act: Callable[[], Awaitable[None]],
        kind: str,
        symbol: str = "",
        *,
        disabled: bool = False,
    ) -> None:
        one = button(said, kind, symbol, data_key=key, disabled=disabled, aria_keyshortcuts=key)
        with one:
            tag("kbd", key.upper())
        one.on("click", act)
