"""Users and sign-in, on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

import pytest

from cdm.errors import Conflict, NotFound
from cdm.security import Forbidden, NotSignedIn, PasswordRefused, Right, Role, SignInRefused, TooManyAttempts
from cdm.security.users import UserRefused, Users
from cdm.store import Store

GOOD = "correct horse battery"


class Time:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def store(hub_url: str) -> Iterator[Store]:
    with Store.open(hub_url) as opened:
        yield opened


@pytest.fixture
def users(store: Store, time: Time) -> Users:
    return Users(store, time)


def test_first_password_is_one_time_and_must_be_replaced(users: Users) -> None:
    told = users.first_password()
    assert len(told) > 15 and users.first_password() == ""
    signed_in = users.sign_in("ADMIN", told)
    assert signed_in.principal.role is Role.ADMINISTRATOR
    assert not any(signed_in.principal.may(right) for right in Right)
    with pytest.raises(Forbidden, match="one-time password"):
        signed_in.principal.require(Right.READ)
    with pytest.raises(PasswordRefused):
        users.change_password("admin", told, told)
    with pytest.raises(PasswordRefused):
        users.change_password("admin", told, "")
    again = users.change_password("admin", told, GOOD)
    assert again.principal.may(Right.MANAGE)
    with pytest.raises(NotSignedIn):
        users.of_session(signed_in.secret)
    assert users.of_session(again.secret) == again.principal


def test_no_secret_is_kept_as_it_is(users: Users, store: Store) -> None:
    users.add("li", Role.VIEWER, "admin", GOOD)
    secret = users.sign_in("li", GOOD).secret
    kept = repr(store.accounts.list()) + repr(store.audit.list())
    assert GOOD not in kept and secret not in kept and "$argon2id$" in kept


def test_wrong_name_and_wrong_password_are_told_alike(users: Users) -> None:
    users.add("li", Role.VIEWER, "admin", GOOD)

    def refused(name: str, address: str) -> str:
        with pytest.raises(SignInRefused) as found:
            users.sign_in(name, "not the password", address)
        return str(found.value) + str(found.value.values)

    assert refused("li", "a") == refused("nobody", "b")
    times: dict[str, list[float]] = {"li": [], "nobody": []}
    for number in range(4):
        for name, spent in times.items():
            begin = perf_counter()
            refused(name, f"t{number}")
            spent.append(perf_counter() - begin)
    known, unknown = median(times["li"]), median(times["nobody"])
    assert 0.4 < known / unknown < 2.5


def test_failures_make_wait_also_for_names_nobody_has(users: Users, time: Time, store: Store) -> None:
    users.add("li", Role.VIEWER, "admin", GOOD)
    for name in ("li", "nobody"):
        for _ in range(3):
            with pytest.raises(SignInRefused):
                users.sign_in(name, "wrong password")
        with pytest.raises(TooManyAttempts) as found:
            users.sign_in(name, GOOD)
        assert found.value.values["retry_after"] == 2
    time.on(seconds=3)
    assert users.sign_in("li", GOOD)
    with pytest.raises(SignInRefused):
        users.sign_in("nobody", GOOD)
    with pytest.raises(TooManyAttempts):
        users.sign_in("nobody", GOOD)
    said = [(one.action, one.subject) for one in store.audit.list()]
    assert said.count(("sign-in failed", "li")) == 3
    assert said.count(("sign-in failed", "unknown user")) == 4
    assert store.audit.verify().sound


def test_failures_from_many_addresses_make_wait_too(users: Users, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cdm.security.users.FREE_FROM_ANYWHERE", 4)
    users.add("li", Role.VIEWER, "admin", GOOD)
    for number in range(4):
        with pytest.raises(SignInRefused):
            users.sign_in("li", "wrong password", f"10.0.0.{number}")
    with pytest.raises(TooManyAttempts):
        users.sign_in("li", GOOD, "10.0.0.9")
    time.on(seconds=3)
    assert users.sign_in("li", GOOD, "10.0.0.9") and users.sign_in("li", GOOD, "10.0.0.1")


def test_sessions_end(users: Users, time: Time) -> None:
    users.add("li", Role.VIEWER, "admin", GOOD)
    users.add("wang", Role.ADMINISTRATOR, "admin", GOOD)
    one, other = users.sign_in("li", GOOD), users.sign_in("li", GOOD)
    users.sign_out(one.secret)
    with pytest.raises(NotSignedIn):
        users.of_session(one.secret)
    users.set_role("li", Role.STEWARD, "wang")
    assert users.of_session(other.secret).role is Role.STEWARD
    time.on(hours=12)
    with pytest.raises(NotSignedIn):
        users.of_session(other.secret)
    third = users.sign_in("li", GOOD)
    users.remove("li", "wang")
    with pytest.raises(NotSignedIn):
        users.of_session(third.secret)
    with pytest.raises(SignInRefused):
        users.sign_in("li", GOOD)
    users.add("li", Role.VIEWER, "wang", GOOD + "2")
    assert users.sign_in("li", GOOD + "2").principal.role is Role.VIEWER


def test_what_is_refused(users: Users) -> None:
    users.add("li", Role.ADMINISTRATOR, "admin", GOOD)
    with pytest.raises(Conflict):
        users.add("ＬＩ", Role.VIEWER, "admin", GOOD)
    with pytest.raises(UserRefused):
        users.add("li si", Role.VIEWER, "admin", GOOD)
    with pytest.raises(UserRefused):
        users.add("program", Role.SERVICE, "admin", GOOD)
    with pytest.raises(UserRefused, match="only administrator"):
        users.remove("li", "admin")
    with pytest.raises(UserRefused, match="only administrator"):
        users.set_role("li", Role.VIEWER, "admin")
    with pytest.raises(NotFound):
        users.remove("nobody", "admin")
    for weak in ("short", "aaaaaaaaaaaa", "wang-is-here", "x" * 300):
        with pytest.raises(PasswordRefused):
            users.add("wang", Role.VIEWER, "admin", weak)
