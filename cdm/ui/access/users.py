"""The users: add one, change what they are, reset their password, deactivate them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from cdm.security import Role
from cdm.ui.access.secret import show_secret
from cdm.ui.dialogs import Asking, Choice, Entry, told
from cdm.ui.elements import button, chip, tag
from cdm.ui.figures import when
from cdm.ui.present import Part
from cdm.ui.session import Session
from cdm.ui.tables import card, table

if TYPE_CHECKING:
    from cdm.service import Desk
    from cdm.service.access import UserView

COLUMNS = ("name", "role", "state", "since")
KINDS = {"active": "good", "waits": "warning", "gone": ""}


class Users:
    """The users on one page that is open.

    Args:
        session: whose page it is.
    """

    def __init__(self, session: Session) -> None:
        self._session, self._words = session, session.words
        self._roles = {one.value: self._words(f"shell.roles.{one.value}") for one in Role if one is not Role.SERVICE}

    async def build(self) -> None:
        """Show the users."""
        self._beside, self._part = tag("div"), Part(self._session, lines=5)
        await self._show()

    async def _show(self) -> None:
        await self._part.show(lambda desk: desk.access.users(), self._list)

    def _list(self, found: list[UserView]) -> None:
        words = self._words
        with card(words("access.users.title"), "flush") as head:
            with head:
                add = button(words("access.users.add"), "primary small end", "person_add", data_add="user")
                add.on("click", self._add)
            headers = [words(f"access.users.{name}") for name in COLUMNS]
            with table(words("access.users.title"), [*headers, ""]):
                for one in found:
                    self._row(one)

    def _row(self, one: UserView) -> None:
        words = self._words
        me = one.name == self._session.principal.name
        with tag("tr", data_user=one.name):
            with tag("td"), tag("div", css="line close"):
                tag("span", one.name, "strong wrap-any")
                if me:
                    chip(words("access.users.you"), "info")
            tag("td", self._roles.get(one.role, one.role))
            with tag("td"):
                state = "gone" if one.removed_at else "waits" if one.waits else "active"
                chip(words(f"access.users.{state}"), KINDS[state])
            with tag("td", css="soft nowrap"):
                when(one.created_at, words)
            with tag("td", css="num"), tag("div", css="line close row-end"):
                if not one.removed_at:
                    self._steps(one)

    def _steps(self, one: UserView) -> None:
        steps: dict[str, Callable[[UserView], None]] = {
            "change": self._change, "reset": self._reset, "remove": self._remove,
        }  # fmt: skip
        for name, step in steps.items():
            kind = "danger small" if name == "remove" else "small"
            button(self._words(f"access.users.{name}"), kind, data_step=name).on("click", partial(step, one))

    def _add(self) -> None:
        words = self._words
        asking = Asking(
            self._session, words("access.users.add"), words("access.users.add_lead"), words("access.users.add")
        )
        with asking.body:
            name = Entry(
                words("access.users.name"), hint=words("access.users.name_hint"), maxlength="60", autocomplete="off"
            )
            role = Choice(words("access.users.role"), self._roles, name="role")

        async def act() -> None:
            secret = await asking.carry_out(lambda desk: desk.access.add_user(name.value, Role(role.value)))
            if secret is not None:
                await self._told(asking, name.value, secret)

        asking.open(act)

    def _reset(self, one: UserView) -> None:
        asking = self._asking("reset", one.name)

        async def act() -> None:
            secret = await asking.carry_out(lambda desk: desk.access.reset_password(one.name))
            if secret is not None:
                await self._told(asking, one.name, secret)

        asking.open(act)

    def _change(self, one: UserView) -> None:
        asking = self._asking("change", one.name)
        with asking.body:
            role = Choice(self._words("access.users.role"), self._roles, one.role, name="role")

        def said() -> str:
            return self._words("access.done.role", name=one.name, role=self._roles[role.value])

        self._open(asking, lambda desk: desk.access.set_role(one.name, Role(role.value)), said)

    def _remove(self, one: UserView) -> None:
        asking = self._asking("remove", one.name, "danger")
        said = self._words("access.done.remove", name=one.name)
        self._open(asking, lambda desk: desk.access.remove_user(one.name), lambda: said)

    def _asking(self, step: str, name: str, kind: str = "primary") -> Asking:
        words, of = self._words, f"access.users.{step}"
        return Asking(self._session, words(f"{of}_title", name=name), words(f"{of}_lead"), words(of), kind)

    def _open(self, asking: Asking, step: Callable[[Desk], None], said: Callable[[], str]) -> None:
        """Open a dialog for a step that answers nothing; afterwards tell that it was done."""

        def done(desk: Desk) -> bool:
            step(desk)
            return True

        async def act() -> None:
            if await asking.carry_out(done):
                asking.close()
                with self._beside:  # the row of the step is gone by now
                    told(said())
                await self._show()

        asking.open(act)

    async def _told(self, asking: Asking, name: str, secret: str) -> None:
        asking.close()
        with self._beside:
            show_secret(self._words, self._words("access.secret.password", name=name), secret)
        await self._show()
