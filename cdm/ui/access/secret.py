"""A secret that is shown once: a one-time password, a token."""

from __future__ import annotations

import json

from nicegui import ui

from cdm.ui.elements import button, tag
from cdm.ui.words import Words


def show_secret(words: Words, title: str, secret: str) -> None:
    """Show a secret in a dialog that only its button closes.

    Args:
        words: the reader's.
        title: whose it is.
        secret: what nobody can be told again.
    """
    with ui.dialog().props("persistent") as dialog, tag("div", css="q-card dialog", role="document", data_secret=True):
        tag("h2", title)
        tag("p", words("access.secret.once"), "note warning")
        tag("output", secret, "mono strong wrap-any")
        with tag("div", css="line dialog-end"):
            copy = button(words("shell.buttons.copy"), symbol="content_copy")
            copy.on("click", js_handler=f"() => navigator.clipboard?.writeText({json.dumps(secret)})")
            copy.on("click", lambda: ui.notify(words("shell.buttons.copied"), timeout=1500))
            button(words("shell.buttons.close"), "primary", data_close=True).on("click", dialog.close)
    dialog.on("hide", dialog.clear)
    dialog.open()
