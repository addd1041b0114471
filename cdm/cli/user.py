"""``cdm user``: who may sign in, and as what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import say, show_table
from cdm.cli.options import Globals
from cdm.cli.steward import who

if TYPE_CHECKING:
    from cdm.security import Role
    from cdm.security.users import Users

app = typer.Typer(help="Users who may sign in.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The user's name; case does not count.")]
RoleName = Annotated[str, typer.Option("--role", metavar="ROLE", help="viewer, steward or administrator.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input; else a one-time one is told.")
]


@app.command()
def add(context: typer.Context, name: Name, role: RoleName = "viewer", password_stdin: FromInput = False) -> None:
    """Add a user and tell the one-time password, which is replaced at the first sign-in."""
    options: Globals = context.obj
    with _users(options, create=True) as users:
        told = users.add(name, role_named(role), who("", "").name, _password(password_stdin))
    say(options.pick(f"已添加用户 {name}。", f"Added the user {name}."))
    _tell(options, told)


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the users."""
    options: Globals = context.obj
    with _users(options) as users:
        found = users.list()
    headers = options.pick("用户,角色,添加,移除", "user,role,added,removed").split(",")
    show_table(headers, [(one.name, one.role, one.created_at, one.removed_at or "") for one in found])


@app.command()
def role(
    context: typer.Context,
    name: Name,
    new: Annotated[str, typer.Argument(metavar="ROLE", help="viewer, steward or administrator.")],
) -> None:
    """Change what a user is; it holds at once."""
    options: Globals = context.obj
    with _users(options) as users:
        users.set_role(name, role_named(new), who("", "").name)
    say(options.pick(f"{name} 现为 {new}。", f"{name} is {new} now."))


@app.command()
def password(context: typer.Context, name: Name, password_stdin: FromInput = False) -> None:
    """Set a user's password anew; all their sessions end."""
    options: Globals = context.obj
    with _users(options) as users:
        told = users.reset_password(name, who("", "").name, _password(password_stdin))
    say(options.pick(f"已重设 {name} 的密码。", f"Set the password of {name} anew."))
    _tell(options, told)


@app.command()
def remove(context: typer.Context, name: Name) -> None:
    """Remove a user; sessions and tokens that act for them end at once."""
    options: Globals = context.obj
    with _users(options) as users:
        users.remove(name, who("", "").name)
    say(options.pick(f"已移除用户 {name}。", f"Removed the user {name}."))


@contextmanager
def _users(options: Globals, *, create: bool = False) -> Iterator[Users]:
    from cdm.security.users import Users

    with options.open_hub(create=create) as hub:
        yield Users(hub.store, hub.now)


def role_named(word: str) -> Role:
    """Return the role of that name; raises ``typer.BadParameter``."""
    from cdm.security import Role

    try:
        return Role(word)
    except ValueError:
        raise typer.BadParameter(f"'{word}' is no role: {', '.join(Role)}.", param_hint="--role") from None


def _password(from_input: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") or " " if from_input else ""


def _tell(options: Globals, told: str) -> None:
    if told:
        say(options.pick(f"一次性密码（只显示这一次）：{told}", f"One-time password (told only now): {told}"))
