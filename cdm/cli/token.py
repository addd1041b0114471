"""``cdm token``: what programs show the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from cdm.cli.console import say, show_table
from cdm.cli.options import Globals
from cdm.cli.steward import who

app = typer.Typer(help="Tokens of programs that use the API.", no_args_is_help=True)


@app.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The program that uses it.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What for: read, match, feed, push, review, decide; personal, sensitive: sees such values."),
    ] = None,
    user: Annotated[str, typer.Option(help="Act for this user, with their role; scopes then limit it.")] = "",
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days until it expires.")] = 365,
) -> None:
    """Create a token and tell it once."""
    from cdm.security import Scope
    from cdm.security.tokens import Tokens

    options: Globals = context.obj
    try:
        scopes = [Scope(one) for one in scope or ()]
    except ValueError as error:
        raise typer.BadParameter(f"{error}; use some of: {', '.join(Scope)}.", param_hint="--scope") from None
    with options.open_hub() as hub:
        expires = hub.now() + timedelta(days=days)
        made = Tokens(hub.store, hub.now).create(name, scopes, who("", "").name, user=user, expires=expires)
    say(options.pick(f"令牌 {made.token.id}（只显示这一次）：", f"Token {made.token.id} (told only now):"))
    say(made.secret)


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the tokens, revoked ones too."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        found = hub.store.tokens.list()
    words = "编号,名称,用户,用途,创建,到期,最近使用,撤销", "no.,name,user,scopes,created,expires,last used,revoked"
    rows = [
        (
            str(one.id),
            one.name,
            one.user,
            " ".join(one.scopes),
            one.created_at,
            one.expires_at or "",
            one.last_used_at or "",
            one.revoked_at or "",
        )
        for one in found
    ]
    show_table(options.pick(*words).split(","), rows)


@app.command()
def revoke(
    context: typer.Context, number: Annotated[int, typer.Argument(help="Number of the token (see 'cdm token list').")]
) -> None:
    """Make a token useless at once."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        hub.store.tokens.revoke(number, hub.now(), who("", "").name)
    say(options.pick(f"令牌 {number} 已撤销。", f"Revoked the token {number}."))
