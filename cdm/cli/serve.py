"""``cdm serve``: the API and the pages."""

from __future__ import annotations

from typing import Annotated

import typer

from cdm.cli.console import say
from cdm.cli.options import Globals


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for all of this computer's.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port to listen at.")] = 8765,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="Name the server is reached by, e.g. hub.firma.cn; repeat for more, * for any."),
    ] = None,
) -> None:
    """Serve the workbench and the API under /api/v1 until stopped (Ctrl-C).

    The first start on a hub without users tells the one-time password of the administrator.
    """
    from cdm.security.users import FIRST_USER, Users
    from cdm.serve import serve as run

    options: Globals = context.obj
    with options.open_hub(create=True) as hub:
        told = Users(hub.store, hub.now).first_password()

        def ready() -> None:
            say(options.pick(f"工作台：http://{host}:{port}/", f"Workbench: http://{host}:{port}/"))
            say(f"API: http://{host}:{port}/api/v1/openapi.json")
            if told:
                zh = f"管理员 {FIRST_USER} 的一次性密码（只显示这一次，首次登录须更换）：{told}"
                en = f"One-time password of {FIRST_USER} (told only now, replaced at the first sign-in): {told}"
                say(options.pick(zh, en))

        run(hub, host, port, hosts=name or (), ready=ready)
