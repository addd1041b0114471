"""Tokens, rights and sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cdm.errors import NotFound
from cdm.security import Forbidden, NotSignedIn, Principal, Right, Role, Scope, Sight
from cdm.security.tokens import Tokens
from cdm.security.users import UserRefused, Users
from cdm.store import Store
from schemas.types import Privacy

NOW = datetime(2026, 5, 1, tzinfo=UTC)
GOOD = "correct horse battery"


@pytest.fixture
def store(hub_url: str) -> Iterator[Store]:
    with Store.open(hub_url) as opened:
        yield opened


def test_a_token_is_told_once_and_may_what_its_scopes_say(store: Store) -> None:
    made = Tokens(store, lambda: NOW).create("shop", [Scope.READ, Scope.PUSH], "admin")
    assert made.secret not in repr(store.tokens.list()) + repr(store.audit.list())
    who = Tokens(store, lambda: NOW).principal(made.secret)
    assert (who.name, who.role) == ("token:shop", Role.SERVICE)
    assert [right for right in Right if who.may(right)] == [Right.READ, Right.PUSH]
    assert who.sight(Privacy.PERSONAL) is Sight.PARTLY and who.sight(Privacy.SENSITIVE) is Sight.HIDDEN
    with pytest.raises(Forbidden, match="no right to decide"):
        who.require(Right.DECIDE)
    assert store.tokens.list()[0].last_used_at is not None


def test_a_token_ends(store: Store) -> None:
    tokens = Tokens(store, lambda: NOW)
    revoked = tokens.create("a", [Scope.READ], "admin")
    expired = tokens.create("b", [Scope.READ], "admin", expires=NOW)
    tokens.revoke(revoked.token.id, "admin")
    tokens.revoke(revoked.token.id, "admin")
    for secret in (revoked.secret, expired.secret, "cdm_guessed", ""):
        with pytest.raises(NotSignedIn):
            tokens.principal(secret)
    with pytest.raises(NotFound):
        tokens.revoke(99, "admin")
    assert [one.action for one in store.audit.list()].count("token revoked") == 1


def test_a_token_acts_for_a_user_until_the_user_is_gone(store: Store) -> None:
    users, tokens = Users(store, lambda: NOW), Tokens(store, lambda: NOW)
    users.add("boss", Role.ADMINISTRATOR, "x", GOOD)
    users.add("li", Role.STEWARD, "x", GOOD)
    whole = tokens.create("script", [], "li", user="Li", expires=NOW + timedelta(days=1))
    part = tokens.create("script", [Scope.READ, Scope.PUSH], "li", user="li")
    assert tokens.principal(whole.secret) == Principal("li", Role.STEWARD)
    limited = tokens.principal(part.secret)
    assert limited.may(Right.READ) and not limited.may(Right.DECIDE) and not limited.may(Right.PUSH)
    assert limited.sight(Privacy.PERSONAL) is Sight.PARTLY
    users.remove("li", "boss")
    with pytest.raises(NotSignedIn):
        tokens.principal(whole.secret)
    with pytest.raises(NotFound):
        tokens.create("script", [], "boss", user="li")
    with pytest.raises(UserRefused):
        tokens.create("script", [], "boss")


def test_each_role_sees_what_the_policy_says() -> None:
    seen = {role: [Principal("x", role).sight(one) for one in Privacy] for role in Role}
    clear, partly, hidden = Sight.CLEAR, Sight.PARTLY, Sight.HIDDEN
    assert seen[Role.VIEWER] == [clear, partly, hidden]
    assert seen[Role.STEWARD] == [clear, clear, partly]
    assert seen[Role.ADMINISTRATOR] == [clear, clear, clear]
    assert seen[Role.SERVICE] == [clear, partly, hidden]
    everything = Principal("x", Role.SERVICE, frozenset({Scope.SENSITIVE}))
    assert everything.sight(Privacy.SENSITIVE) is clear and everything.sight(Privacy.PERSONAL) is clear
    assert Principal("x", Role.SERVICE, frozenset({Scope.PERSONAL})).sight(Privacy.SENSITIVE) is hidden
    assert Principal("x", Role.STEWARD, frozenset({Scope.SENSITIVE})).sight(Privacy.SENSITIVE) is partly
