"""Sign in and out; who am I."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field

from cdm.api.asking import Asking, Bearer, TheService
from cdm.api.problems import problems
from cdm.security.users import SignedIn
from cdm.service.overview_shapes import Me
from cdm.service.shapes import Shape

router = APIRouter(tags=["session"])


class Credentials(Shape):
    """Name and password."""

    name: str = Field(min_length=1, max_length=60, examples=["li"])
    password: str = Field(min_length=1, max_length=200, examples=["correct horse battery"])


class NewPassword(Credentials):
    """Name, present password and the new one."""

    new_password: str = Field(min_length=1, max_length=200, examples=["another horse battery"])


class Session(Shape):
    """A session: send ``secret`` as the bearer of later requests."""

    secret: str
    expires: datetime
    must_change_password: bool
    role: str


@router.post("/session", status_code=201, responses=problems(429))
def sign_in(request: Request, service: TheService, said: Credentials) -> Session:
    """Sign in with name and password."""
    return _session(service.users.sign_in(said.name, said.password, _address(request)))


@router.post("/session/password", status_code=201, responses=problems(429))
def change_password(request: Request, service: TheService, said: NewPassword) -> Session:
    """Replace one's password; all sessions end and a new one begins."""
    return _session(service.users.change_password(said.name, said.password, said.new_password, _address(request)))


@router.delete("/session", status_code=204, responses=problems())
def sign_out(service: TheService, desk: Asking, bearer: Bearer) -> None:
    """Sign out; a token stays as it is."""
    del desk  # only who is signed in can sign out
    service.users.sign_out(bearer.credentials if bearer else "")


@router.get("/me", responses=problems())
def me(desk: Asking) -> Me:
    """Say who asks and what they may do."""
    return desk.overview.me()


def _session(done: SignedIn) -> Session:
    who = done.principal
    return Session(
        secret=done.secret, expires=done.expires, must_change_password=who.must_change_password, role=who.role.value
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
