"""The tokens of programs: what each may be used for, when it was last used; create one, revoke one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from cdm.security import Scope
from cdm.ui.access.secret import show_secret
from cdm.ui.dialogs import Asking, Choice, Entry, told
from cdm.ui.elements import button, chip, tag
from cdm.ui.figures import when
from cdm.ui.present import Part, empty
from cdm.ui.session import Session
from cdm.ui.tables import card, table

if TYPE_CHECKING:
    from cdm.service import Desk
    from cdm.service.access import TokenView

COLUMNS = ("name", "scopes", "state", "used", "expires")
DAYS = ("365", "90", "30")
"""How long a token may be good, the usual first."""


class Tokens:
    """The tokens on one page that is open.

    Args:
        session: whose page it is.
    """

    def __init__(self, session: Session) -> None:
        self._session, self._words = session, session.words

    async def build(self) -> None:
        """Show the tokens."""
        self._beside, self._part = tag("div"), Part(self._session, lines=5)
        await self._show()

    async def _show(self) -> None:
        await self._part.show(lambda desk: desk.access.tokens(), self._list)

    def _list(self, found: list[TokenView]) -> None:
        words = self._words
        with card(words("access.tokens.title"), "flush") as head:
            with head:
                add = button(words("access.tokens.add"), "primary small end", "add", data_add="token")
                add.on("click", self._add)
            if not found:
                empty("key", words("access.tokens.none"), words("access.tokens.none_remedy"))
                return
            headers = [words(f"access.tokens.{name}") for name in COLUMNS]
            with table(words("access.tokens.title"), [*headers, ""]):
                for one in found:
                    self._row(one)

    def _row(self, one: TokenView) -> None:
        words = self._words
        with tag("tr", data_token=str(one.id)):
            with tag("td"):
                tag("div", one.name, "strong wrap-any")
                if one.user:
                    tag("div", words("access.tokens.acts", user=one.user), "soft small")
            with tag("td"), tag("div", css="line close"):
                for scope in one.scopes:
                    chip(words.of("access.scope", scope))
                if not one.scopes:
                    tag("span", words("access.tokens.role"), "soft")
            with tag("td"):
                state = "good" if one.good else "revoked" if one.revoked_at else "expired"
                chip(words(f"access.tokens.{state}"), "good" if one.good else "")
            with tag("td", css="soft nowrap"):
                if one.last_used_at:
                    when(one.last_used_at, words)
                else:
                    tag("span", words("access.tokens.never"))
            with tag("td", css="soft nowrap"):
                when(one.expires_at, words)
            with tag("td", css="num"):
                if one.good:
                    away = button(words("access.tokens.revoke"), "danger small", data_step="revoke")
                    away.on("click", partial(self._revoke, one))

    def _add(self) -> None:
        words = self._words
        asking = Asking(
            self._session, words("access.tokens.add"), words("access.tokens.add_lead"), words("access.tokens.add")
        )
        ticked: dict[Scope, bool] = {}
        with asking.body:
            name = Entry(words("access.tokens.name"), hint=words("access.tokens.name_hint"), maxlength="60")
            with tag("div", css="stack close", role="group", aria_label=words("access.tokens.scopes")):
                tag("span", words("access.tokens.scopes"), "soft small")
                for scope in Scope:
                    self._scope(scope, ticked)
            days = Choice(words("access.tokens.days"), {one: words(f"access.days.{one}") for one in DAYS}, name="days")

        async def act() -> None:
            scopes = [scope for scope, on in ticked.items() if on]
            secret = await asking.carry_out(lambda desk: desk.access.create_token(name.value, scopes, int(days.value)))
            if secret is not None:
                asking.close()
                with self._beside:
                    show_secret(words, words("access.secret.token", name=name.value), secret)
                await self._show()

        asking.open(act)

    def _scope(self, scope: Scope, ticked: dict[Scope, bool]) -> None:
        box = ui.checkbox(on_change=lambda event: ticked.update({scope: bool(event.value)}))
        box.props["data-scope"] = scope.value
        with box:
            tag("span", self._words(f"access.scope.{scope.value}"), "tick")

    def _revoke(self, one: TokenView) -> None:
        words, of = self._words, "access.tokens.revoke"
        asking = Asking(self._session, words(f"{of}_title", name=one.name), words(f"{of}_lead"), words(of), "danger")

        def revoked(desk: Desk) -> bool:
            desk.access.revoke_token(one.id)
            return True

        async def act() -> None:
            if await asking.carry_out(revoked):
                asking.close()
                with self._beside:  # the row of the step is gone by now
                    told(words("access.done.revoke", name=one.name))
                await self._show()

        asking.open(act)
