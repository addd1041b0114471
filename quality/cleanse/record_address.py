"""Addresses: the line and its parts complete each other."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.batch import Batch, per_distinct
from quality.cleanse.contract import Cleansed
from quality.cleanse.house_number import clean_house_number
from quality.cleanse.registry import cleanser_for
from quality.cleanse.text import has_han
from schemas.types import SemanticType

_PARTS = ("province", "city", "district", "street", "house_number", "room", "postcode")


def complete_addresses(batch: Batch) -> None:
    """Divide streets that hold a house number, and compose the line of records that have only its parts.

    Args:
        batch: its ``address``, ``street``, ``house_number`` and ``room`` change.
    """
    if "street" not in batch.fields:
        return
    if batch.cleansed.get("street") and batch.knows("house_number", "room"):
        _divide_streets(batch)
    lineless = pc.is_null(batch.text("address"))
    parts = [pc.if_else(lineless, batch.text(name), pa.scalar(None, pa.string())) for name in _PARTS]
    if parts[3].null_count < batch.rows:
        batch.fill("address", per_distinct(parts, _line).single())


def _divide_streets(batch: Batch) -> None:
    """Take house number and room out of a street, where no column of their own gives them."""
    street = batch.text("street")
    undivided = pc.and_(pc.is_null(batch.text("house_number")), pc.match_substring_regex(street, r"\d"))
    text = pc.if_else(undivided, street, pa.scalar(None, pa.string()))
    if text.null_count == batch.rows:
        return
    countries = batch.countries()
    country = pa.nulls(batch.rows, pa.string()) if countries is None else countries
    divided = per_distinct([text, country], partial(_divide, batch.default_country))
    for name in ("house_number", "room"):
        part = divided.part(name)
        if part is not None:
            batch.fill(name, part)
    batch.fields["street"] = pc.coalesce(divided.single(), street)


def _divide(default_country: str, street: str | None, country: str | None) -> Cleansed | None:
    if street is None:
        return None
    understood = cleanser_for(SemanticType.ADDRESS)(street, country or default_country)
    if not understood.parts.get("street") or not understood.parts.get("house_number"):
        return None
    parts = {name: text for name, text in understood.parts.items() if name in {"house_number", "room"}}
    parts["house_number"] = "".join(clean_house_number(parts["house_number"], "").standard)
    return Cleansed((understood.parts["street"],), parts)


def _line(*parts: str | None) -> Cleansed | None:
    """Write an address in one line: the large before the small in Chinese, the small before the large elsewhere."""
    province, city, district, street, house, room, postcode = (part or "" for part in parts)
    if not street:
        return None  # a city is not an address
    if has_han(province + city + district + street):
        number = f"{house}号" if house and house[-1:].isdigit() else house
        city = "" if city == province else city
        return Cleansed((f"{province}{city}{district}{street}{number}{room}",))
    line = [" ".join(filter(None, (house, street))), room, district, city, " ".join(filter(None, (province, postcode)))]
    return Cleansed((", ".join(filter(None, line)),))
