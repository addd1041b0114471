"""The customers: search as one types, or all of them page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request

from cdm.service.golden_shapes import GoldenItem
from cdm.store.golden_list import GoldenFilter
from cdm.ui.charts import grade
from cdm.ui.elements import icon, on_typed, tag
from cdm.ui.figures import number, score, when
from cdm.ui.find import PAUSE
from cdm.ui.hits import entity_symbol, name_of, texts
from cdm.ui.layout import page
from cdm.ui.present import Part, empty
from cdm.ui.session import Session
from cdm.ui.tables import table
from schemas.types import EntityKind

if TYPE_CHECKING:
    from cdm.service import Desk, Service
    from cdm.service.golden_shapes import GoldenHit, GoldenPage

AT_A_TIME = 50
COLUMNS = ("name", "phone", "email", "records", "quality", "changed")


def register(service: Service) -> None:
    """Register the page."""

    @page(service, "/customers", "customers")
    async def customers(session: Session, request: Request) -> None:
        await Customers(session, dict(request.query_params)).build()


class Customers:
    """The page.

    Args:
        session: whose page it is.
        asked: ``q`` what is searched, ``entity`` the only type, ``after`` the id behind which a page begins.
    """

    def __init__(self, session: Session, asked: dict[str, str]) -> None:
        self._session, self._words = session, session.words
        self._text, self._entity, self._after = (asked.get(name, "") for name in ("q", "entity", "after"))

    async def build(self) -> None:
        """Show heading, search, choice of type, and the list."""
        with tag("div", css="head"), tag("div"):
            tag("h1", self._words("customers.title"))
            tag("p", self._words("customers.lead"), "lead")
        with tag("div", css="line toolbar"):
            self._search_box()
            self._types()
        self._part = Part(self._session, lines=8)
        await self._load()

    def _search_box(self) -> None:
        words = self._words
        with tag("form", css="find wide", method="get", action="/customers", role="search"), tag("div", css="find-box"):
            icon("search")
            box = tag(
                "input", type="search", name="q", value=self._text, placeholder=words("shell.search.hint"),
                aria_label=words("shell.search.label"), autocomplete="off", maxlength="200",
            )  # fmt: skip
            if self._entity:
                tag("input", type="hidden", name="entity", value=self._entity)
        on_typed(box, self._typed, pause=PAUSE)

    def _types(self) -> None:
        with tag("nav", css="segments", aria_label=self._words("customers.type")):
            kinds = self._session.model.of_kind(EntityKind.PARTY)
            for name, label in [
                ("", self._words("customers.all")),
                *((k.name, k.label.text(self._words.language)) for k in kinds),
            ]:
                here = "page" if name == self._entity else None
                tag("a", label, href=self._address(entity=name, after=""), aria_current=here)

    async def _typed(self, typed: str) -> None:
        self._text, self._after = typed.strip(), ""
        await self._load()

    async def _load(self) -> None:
        text = self._text
        if text:
            await self._part.show(lambda desk: desk.golden.search(text, self._entity, AT_A_TIME), self._found)
        else:
            await self._part.show(self._page, self._listed)

    def _page(self, desk: Desk) -> GoldenPage:
        return desk.golden.list(GoldenFilter(after=self._after, limit=AT_A_TIME, entity=self._entity))

    def _found(self, hits: Sequence[GoldenHit]) -> None:
        if hits:
            self._rows(hits, COLUMNS[:3])
            return
        with tag("div", css="card"):
            empty("search_off", self._words("customers.none"), self._words("customers.none_remedy"))

    def _listed(self, found: GoldenPage) -> None:
        if not found.items:
            with tag("div", css="card"):
                empty("group_add", self._words("customers.empty"), self._words("customers.empty_remedy"))
            return
        self._rows(found.items, COLUMNS)
        with tag("nav", css="line pages", aria_label=self._words("customers.pages")):
            if self._after:
                tag("a", self._words("customers.first"), "button", href=self._address(after=""))
            if found.next:
                tag("a", self._words("customers.next"), "button end", href=self._address(after=found.next))

    def _rows(self, found: Sequence[GoldenHit | GoldenItem], columns: Sequence[str]) -> None:
        headers = [self._words(f"customers.columns.{name}") for name in columns]
        with tag("div", css="card flush"), table(self._words("customers.title"), headers, numeric=(3, 4)):
            for one in found:
                self._row(one)

    def _row(self, one: GoldenHit | GoldenItem) -> None:
        with tag("tr"):
            with tag("td"), tag("a", css="whole line close", href=f"/customers/{one.id}"):
                entity_symbol(one.entity)
                tag("span", name_of(self._session, one))
            for field in ("phone", "email"):
                said = texts(one.fields.get(field))
                with tag("td", css="soft"):
                    tag("span", said[0] if said else "", "nowrap")
                    if len(said) > 1:
                        tag("span", f" +{len(said) - 1}", "small")
            if isinstance(one, GoldenItem):
                tag("td", number(one.records), "num")
                with tag("td", css="num"):
                    tag("span", score(one.quality), f"heat {grade(one.quality)}")
                with tag("td", css="soft nowrap"):
                    when(one.changed_at, self._words)

    def _address(self, **changes: str) -> str:
        asked = {"q": self._text, "entity": self._entity, "after": self._after, **changes}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"/customers?{query}" if query else "/customers"
