"""The routes, one file per concern; a new one takes a line here."""

from __future__ import annotations

from cdm.api.routes import changes, decisions, golden, match, past, push, review, session, state

ROUTERS = (
    session.router,
    golden.router,
    past.router,
    match.router,
    push.router,
    decisions.router,
    review.router,
    changes.router,
    state.router,
)
