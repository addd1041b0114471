"""The workbench of stewards: pages over the service layer, in Chinese and English, light and dark, all assets local."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from cdm.service import Service


def register(app: FastAPI, service: Service) -> None:
    """Put the workbench on an application; what the application serves already comes first.

    Args:
        app: the application.
        service: what the hub can do.
    """
    from nicegui import ui

    from cdm.ui import access, changes, customer, customers, dashboard, review, runs, sign_in

    sign_in.register(app, service)
    for one in (dashboard, review, customers, customer, runs, changes, access):
        one.register(service)
    ui.run_with(app, title="", favicon=None, tailwind=False, show_welcome_message=False, reconnect_timeout=30.0)
