"""Addresses in Latin letters: tidied; number, room, city, postcode and country only where they are certain."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quality.cleanse.contract import Cleansed
from quality.cleanse.country import find_country
from quality.cleanse.places import places, state_code
from quality.cleanse.text import has_han

_COMMAS = re.compile(r"\s*,[\s,]*")
_ROOM = re.compile(
    r"[\s,]*(?:(?<=[\s,])|^)((?:apartment|apt|suite|ste|unit|room|rm|flat|floor|fl|level|lvl|bldg|building)\.?\s*#?\s*[A-Z]?\d[\w-]*"
    r"|(?:apartment|apt|suite|ste|unit|room|rm|flat)\.?\s*#?\s*[A-Z]\b|#\s*\d[\w-]*|\d+(?:st|nd|rd|th)\s+floor)(?=[\s,]|$)",
    re.IGNORECASE,
)
_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*box|post office box|postfach|pobox)\s*#?\s*([\w-]*\d[\w-]*)", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:no\.?\s*|nr\.?\s*|#\s*)?(\d+(?:\s?[A-Za-z](?=[\s,]))?(?:\s?[-/]\s?\d+[A-Za-z]?)?(?:\s1/2)?)[\s,]+(?=\S*[^\W\d])",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"^(.*[^\W\d_]\S*?),?\s+(\d+\s?[a-zA-Z]?(?:\s?[-/]\s?\d*[a-zA-Z]?)?)$")
_ORDINAL = re.compile(r"^(?:\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_GERMANIC = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|straat|laan|plein|gatan|vägen|vej|gade)\s+\d", re.IGNORECASE
)
_STATE_ZIP = re.compile(r"(?:^|[\s,])([A-Za-z][A-Za-z. ]*?)[\s,]+(\d{5}(?:-\d{4})?)$")
_AUSTRALIAN = re.compile(r"(?:^|[\s,])([A-Z]{2,3})[\s,]+(\d{4})$")
_WITHOUT_COUNTRY = ("GB", "CA")
_EDGES = " ,;.|/\\-_"


@dataclass
class _Address:
    segments: list[str]
    country: str
    parts: dict[str, str] = field(default_factory=dict)


def cleanse_international_address(text: str, country: str) -> Cleansed:
    """Tidy an address that is not in Chinese characters.

    Args:
        text: folded text; the country behind it may be named in Chinese.
        country: ISO 3166 alpha-2 code of the record; an address that names its country overrides it.

    Returns:
        The address in one line as it was typed, with tidy commas; parts only where the format leaves no doubt.
    """
    standard = _COMMAS.sub(", ", text.replace("\\n", ", ").replace(";", ",")).strip(_EDGES)
    address = _Address([s for s in standard.split(", ") if s], country)
    _take_country(address)
    _take_region(address)
    _take_street(address)
    return Cleansed((standard or text,), {k: v for k, v in address.parts.items() if v})


def _take_country(address: _Address) -> None:
    last = address.segments[-1] if address.segments else ""
    chinese = has_han(last)
    code = find_country(last) if chinese else places().countries.get(last.lower().strip(" ."))
    if not code or len(address.segments) == 1:
        return
    if len(last) == 2 and not chinese and address.country in ("AU", ""):
        return  # CA: California, WA: Western Australia
    address.segments.pop()
    address.country = address.parts["country"] = code


def _take_region(address: _Address) -> None:
    """Take state, postcode and city off the end; a country's own postcode needs the country to be known."""
    if len(address.segments) < 2:
        return
    last = address.segments[-1]
    state_zip = _STATE_ZIP.search(last)
    if state_zip and (state := _last_state(state_zip[1])):
        _take_state(address, last[: state_zip.end(1) - len(state)], state_code(state, "US"), state_zip[2], "US")
        return
    if address.country == "AU" and (found := _AUSTRALIAN.search(last)) and state_code(found[1], "AU"):
        _take_state(address, last[: found.start(1)], state_code(found[1], "AU"), found[2], "AU")
        return
    for country in dict.fromkeys((address.country, *_WITHOUT_COUNTRY)):
        pattern = places().postcodes.get(country)
        if country in ("US", "AU") or pattern is None:
            continue
        for position in (-1, -2) if len(address.segments) > 2 else (-1,):
            if found := pattern.search(address.segments[position]):
                _take_postcode(address, position, found, country)
                return


def _last_state(text: str) -> str:
    """The words at the end of ``text`` that name a state: all of them, the last two or the last one."""
    words = text.split(" ")
    tails = (" ".join(words[-count:]) for count in dict.fromkeys((len(words), 2, 1)))
    return next((tail for tail in tails if state_code(tail, "US")), "")


def _take_state(address: _Address, before: str, code: str, postcode: str, country: str) -> None:
    address.parts |= {"province": code, "postcode": postcode}
    address.parts.setdefault("country", country)
    address.country = country
    address.segments.pop()
    city = before.strip(_EDGES)
    if not city and len(address.segments) > 1:
        city = address.segments.pop()
    address.parts["city"] = city


def _take_postcode(address: _Address, position: int, found: re.Match[str], country: str) -> None:
    segment = address.segments.pop(position)
    address.parts["postcode"] = found[0]
    if country in _WITHOUT_COUNTRY:
        address.parts.setdefault("country", country)
    address.country = country
    around = (segment[: found.start()].strip(_EDGES), segment[found.end() :].strip(_EDGES))
    city = around[1] or around[0]
    if country == "CA" and state_code(city.split(" ")[-1], "CA"):
        address.parts["province"] = state_code(city.split(" ")[-1], "CA")
        city = city.rpartition(" ")[0]
    if not city and position == -1 and len(address.segments) > 1:
        city = address.segments.pop()
    address.parts["city"] = city


def _take_street(address: _Address) -> None:
    """Read street, number and room from what stands first."""
    box = _BOX.search(", ".join(address.segments))
    if box:
        address.parts["street"] = f"PO Box {box[1]}"
        return
    rooms: list[str] = []
    segments = [_ROOM.sub(lambda m: _keep(rooms, m[1]), s).strip(_EDGES) for s in address.segments]
    if rooms:
        address.parts["room"] = " ".join(rooms)
    first = next((s for s in segments if any(c.isdigit() for c in s)), "")
    address.parts |= split_number(first, address.country)


def _keep(rooms: list[str], room: str) -> str:
    rooms.append(re.sub(r"\s+", " ", room).strip())
    return ""


def split_number(street: str, country: str) -> dict[str, str]:
    """Divide '3761 N. 14th St' and 'Hauptstraße 5' into ``street`` and ``house_number``; {} where neither fits."""
    last_first = country in places().number_last or _GERMANIC.search(street)
    if last_first and (found := _TRAILING.match(street)):
        return {"street": found[1].strip(" ,;"), "house_number": found[2].replace(" ", "")}
    found = _LEADING.match(street)
    if found and not _ORDINAL.match(street):
        return {"street": street[found.end() :].strip(" ,"), "house_number": found[1].replace(" ", "")}
    return {}
