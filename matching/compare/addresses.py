"""Addresses level by level: place, street, house, room; a missing level is neutral.

All parts make one comparison. Compared as columns of their own, province, city, district, street, house and room would
be counted six times over for the one fact that two records live behind the same door.
"""

from __future__ import annotations

import re

import numpy as np

from matching.arrays import BoolArray, IntArray, Levels
from matching.compare.distances import edits
from matching.compare.levels import CLOSE, COMMON, CONFLICT, MISSING, NEAR, USUAL, WEAK
from matching.compare.names import compare_names
from matching.compare.numbers import compare_codes
from matching.compare.parts import compatible, part, part_column, part_levels
from matching.compare.texts import compare_texts, word_frequencies
from matching.normal import SEPARATOR
from matching.profile import Feature
from matching.sound import has_cjk
from matching.statistics import Frequencies

PROVINCE, CITY, DISTRICT, STREET, HOUSE, ROOM, POSTCODE, LINE = range(8)


PLACE_NAME = 3
"""Characters of the shortest name of a town or village."""


def street_line(value: str) -> str:
    """Return street, house and room as one text, or the undivided address."""
    parts = [part(value, which) for which in (STREET, HOUSE, ROOM)]
    return " ".join(p for p in parts if p) if parts[0] else part(value, LINE)


def room_number(text: str) -> str:
    """Return the numbers of building, unit and room: ``2号楼763室`` and ``2-763`` are the same."""
    return "-".join(re.findall(r"\d+|[a-z]+", text))


def door(value: str) -> str:
    """Return what names the door: street and house, and room where there is one; empty without a street."""
    parts = (part(value, STREET), part(value, HOUSE), room_number(part(value, ROOM)))
    return SEPARATOR.join(parts) if parts[0] else ""


def house(value: str) -> str:
    """Return street and house, empty where one of them is missing."""
    return f"{part(value, STREET)}{SEPARATOR}{part(value, HOUSE)}" if part(value, STREET) and part(value, HOUSE) else ""


def compare_addresses(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare composed addresses.

    Args:
        feature: the column; values are province, city, district, street, house, room, postcode and undivided line.
        left, right: codes of distinct values.

    Returns:
        USUAL or COMMON for the same door, NEAR for the same house or a street misspelt, CLOSE for the same street
        with a number missing, WEAK for the same place only, another house or another room, CONFLICT for another place
        or street, MISSING where no level is known on both sides.
    """
    place = _place(feature, left, right)
    levels = np.where(place == 1, WEAK, np.where(place == 0, CONFLICT, MISSING)).astype(np.int8)
    street = _streets(feature, left, right)
    unclear = np.flatnonzero((street < CLOSE) & (levels != MISSING) | (street == MISSING))
    lines, line = part_column(feature, "line", street_line)
    text = part_levels(lines, line[left[unclear]], line[right[unclear]], compare_texts)
    whole = (street[unclear] == MISSING) & (text != MISSING) & (place[unclear] != 0)
    undivided = unclear[whole]
    levels[undivided] = _undivided(feature, left[undivided], right[undivided], text[whole])
    street[unclear[(street[unclear] >= CONFLICT) & (text >= CLOSE)]] = CLOSE
    known = np.flatnonzero((street != MISSING) & (place != 0))
    levels[known] = _on_street(feature, left[known], right[known], street[known])
    return levels


def _undivided(feature: Feature, left: IntArray, right: IntArray, text: Levels) -> Levels:
    """Return levels of lines that were not taken apart: the first number in them stands for the house."""
    number = feature.derived("first number", lambda v: (re.findall(r"\d+", street_line(v)) or [None])[0])
    a, b = number[left], number[right]
    levels = text.copy()
    same, differ = (a >= 0) & (a == b), (a >= 0) & (b >= 0) & (a != b)
    levels[same & (text >= WEAK)] = np.maximum(levels[same & (text >= WEAK)], CLOSE)
    levels[same & (text >= CLOSE)] = np.maximum(levels[same & (text >= CLOSE)], NEAR)
    levels[differ] = np.minimum(levels[differ], WEAK)
    return levels


def _on_street(feature: Feature, left: IntArray, right: IntArray, street: Levels) -> Levels:
    """Return levels where both streets are known and the place does not speak against it."""
    houses, number = part_column(feature, "house", lambda v: part(v, HOUSE))
    numbers = part_levels(houses, number[left], number[right], compare_houses)
    levels = np.zeros(len(left), dtype=np.int8)
    same, alike = street >= COMMON, street >= CLOSE
    levels[alike] = WEAK
    levels[alike & (numbers == MISSING)] = CLOSE
    levels[(street >= WEAK) & (numbers >= COMMON)] = CLOSE
    levels[alike & (numbers >= COMMON)] = NEAR
    room = part_column(feature, "room", lambda v: room_number(part(v, ROOM)))[1]
    behind = same & (numbers >= COMMON)
    levels[behind & ~compatible(room, left, right)] = WEAK
    doors, code = part_column(feature, "door", door)
    exact = behind & (code[left] == code[right])
    levels[exact] = np.where(crowded(doors)[code[left[exact]]], COMMON, USUAL)
    return levels


NEXT_DOOR = 10
"""House numbers no farther apart may be one house with several doors, or a shop that moved two houses on."""
MANY = 20
"""More records than this behind one door are an office tower, not a home."""


def crowded(doors: Feature) -> BoolArray:
    """Tell which doors many records share."""
    return doors.once("crowded", lambda: np.asarray(doors.common("value").of(doors.values) > MANY))


def measure_addresses(feature: Feature) -> dict[str, Frequencies]:
    """Count records per door, and the words of streets and undivided lines."""
    doors = part_column(feature, "door", door)[0]
    found = {"door value": Frequencies.count(doors.values, doors.counts, float(doors.counts.sum()))}
    for name, make in (("street", lambda v: part(v, STREET)), ("line", street_line)):
        found[f"{name} word"] = word_frequencies(part_column(feature, name, make)[0])
    return found


def compare_houses(houses: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare different house numbers: equal figures are the same house unless both carry another letter."""
    figures = houses.derived("figures", lambda v: (re.findall(r"\d+", v) or [None])[0])
    letters = houses.derived("letters", lambda v: re.sub(r"\d+", "", v) or None)
    same = (figures[left] >= 0) & (figures[left] == figures[right])
    return np.where(same & compatible(letters, left, right), COMMON, CONFLICT).astype(np.int8)


def streetless(feature: Feature) -> BoolArray:
    """Tell which addresses name a place and nothing in it."""
    return np.asarray(part_column(feature, "line", street_line)[1] < 0)


def down_the_street(feature: Feature, left: IntArray, right: IntArray) -> BoolArray:
    """Tell which addresses have house numbers that are neither next door to each other nor one number mistyped."""
    number = feature.once("house numbers", lambda: np.array([_house_number(v) for v in feature.values], dtype=object))
    a, b = number[left], number[right]
    apart = [bool(x and y) and abs(int(x) - int(y)) > NEXT_DOOR for x, y in zip(a, b, strict=True)]
    return np.asarray(np.array(apart, dtype=np.bool_) & (edits(a, b) > 1))


def _house_number(value: str) -> str:
    """Return the number of the house, the first one of an undivided line; empty where there is none."""
    found = re.search(r"\d{1,9}", part(value, HOUSE) if part(value, STREET) else part(value, LINE))
    return found[0] if found else ""


def _streets(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Return how the streets' names agree."""
    streets, code = part_column(feature, "street", lambda v: part(v, STREET))
    return part_levels(streets, code[left], code[right], compare_streets)


def compare_streets(streets: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare different streets as texts; one that begins with the other is a village with or without its street."""
    levels = compare_texts(streets, left, right)
    for i in np.flatnonzero(levels < CLOSE):
        short, long = sorted((streets.values[left[i]], streets.values[right[i]]), key=len)
        if len(short) >= PLACE_NAME and long.startswith(short) and has_cjk(short):
            levels[i] = CLOSE
    return levels


def _place(feature: Feature, left: IntArray, right: IntArray) -> IntArray:
    """Return 1 where the place agrees, 0 where it differs, -1 where none is known on both sides.

    Province counts only without a city; another district is another place; an equal postcode settles it.
    """
    found = _part_agrees(feature, PROVINCE, left, right)
    for which in (CITY, DISTRICT):
        level = _part_agrees(feature, which, left, right)
        worse = (level == 0) | ((level == 1) & ((which == CITY) | (found < 0)))
        found[worse] = level[worse]
    postcodes, post = part_column(feature, "postcode", lambda v: part(v, POSTCODE))
    codes = part_levels(postcodes, post[left], post[right], compare_codes)
    found[codes >= COMMON] = 1
    found[(found < 0) & (codes >= 0) & (codes < CLOSE)] = 0
    return found


def _part_agrees(feature: Feature, which: int, left: IntArray, right: IntArray) -> IntArray:
    """Return 1, 0 or -1 for one level of the place; Latin names may be misspelt, Chinese ones may not."""
    column, code = part_column(feature, f"place {which}", lambda v: part(v, which))
    level = part_levels(column, code[left], code[right], compare_names)
    chinese = (column.chinese[code[left]] == 1) if len(column.values) else np.zeros(len(left), dtype=np.bool_)
    agrees = level >= np.where(chinese, NEAR, WEAK)
    return np.where(level == MISSING, -1, np.where(agrees, 1, 0)).astype(np.int64)


def equal_levels(feature: Feature) -> Levels:
    """Return the level of equality per value: a full address, a street without a number, a place alone."""
    doors, code = part_column(feature, "door", door)
    whole: BoolArray = part_column(feature, "house key", house)[1] >= 0
    lined: BoolArray = part_column(feature, "line", street_line)[1] >= 0
    level = np.where(crowded(doors)[code], COMMON, USUAL) if len(doors.values) else np.full(len(code), USUAL)
    level = np.where((code >= 0) & ~whole, CLOSE, level)
    return np.where(lined, level, WEAK).astype(np.int8)
