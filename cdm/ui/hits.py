"""Customers in lists of results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cdm.ui.elements import icon, tag

if TYPE_CHECKING:
    from cdm.service.golden_shapes import GoldenHit, GoldenItem
    from cdm.service.shapes import Value
    from cdm.ui.session import Session

SYMBOLS = {"person": "person", "organization": "apartment"}
"""Entity type → symbol; a folder for all others."""
TELLING = ("phone", "email", "city", "address", "customer_no")
"""Fields that tell customers of one name apart, in the order in which they are tried."""


def entity_symbol(entity: str, css: str = "") -> None:
    """Show what kind of customer it is."""
    icon(SYMBOLS.get(entity, "folder"), f"soft {css}")


def name_of(session: Session, hit: GoldenHit | GoldenItem) -> str:
    """Return what a customer is called."""
    return hit.name or session.words("customers.nameless")


def texts(value: Value) -> list[str]:
    """Return the values of a field, none where it has none or they are hidden."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def telling(hit: GoldenHit | GoldenItem, most: int = 2) -> list[str]:
    """Return a few values by which a customer is known again."""
    found = (said[0] for name in TELLING if (said := texts(hit.fields.get(name))))
    return [text for _, text in zip(range(most), found, strict=False)]


def hit_line(session: Session, hit: GoldenHit) -> None:
    """Show a customer that was found: what it is called, and what tells it from others of that name."""
    entity_symbol(hit.entity)
    with tag("div", css="hit"):
        tag("div", name_of(session, hit), "strong")
        tag("div", " · ".join(telling(hit)), "soft small")


def sources_of(keys: Iterable[str]) -> None:
    """Show the sources something comes from."""
    for one in dict.fromkeys(keys):
        tag("span", one, "chip")
