"""The routes, one file per concern; a new one takes a line here."""

from __future__ import annotations

from cdm.api.routes import golden, past, review, session, state

ROUTERS = (session.router, golden.router, past.router, review.router, state.router)
