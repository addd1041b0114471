"""Errors people make, as seeded functions on one text; used to build test sets whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

LATIN = "abcdefghijklmnopqrstuvwxyz"


def slip(text: str, rng: Random) -> str:
    """Make one slip of the finger: a character changed, doubled, dropped or two changed round."""
    if len(text) < 3:
        return text
    at = rng.randrange(1, len(text) - 1)
    letters = "0123456789" if text[at].isdigit() else LATIN
    return rng.choice(
        [
            text[:at] + rng.choice(letters) + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        ]
    )


def phone(number: str, rng: Random) -> str:
    """Write a Chinese mobile number the way somebody does, one time in eight with a wrong digit."""
    if rng.random() < 0.12:
        number = slip(number, rng)
    forms = (
        number,
        f"+86 {number}",
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"{float(number) / 1e10:.10f}E+10" if number.isdigit() else number,
        number.translate({ord(str(d)): 0xFF10 + d for d in range(10)}),
        f"0086{number}",
    )
    return rng.choices(forms, (6, 2, 2, 1, 0.3, 0.7, 0.5))[0]


@cache
def _traditional() -> Mapping[str, str]:
    import opencc

    converter = opencc.OpenCC("s2t")
    return {chr(c): converter.convert(chr(c)) for c in range(0x4E00, 0x9FA6)}


def traditional(text: str) -> str:
    """Write a text in traditional characters."""
    table = _traditional()
    return "".join(table.get(c, c) for c in text)


@cache
def _homophones() -> Mapping[str, Sequence[str]]:
    """Common characters that sound alike, by character."""
    from pypinyin import lazy_pinyin

    common = (
        "伟卫为维威魏芳方放娜纳敏民静晶京丽利力李立强墙磊雷蕾军君俊均洋杨阳勇永艳燕彦杰洁捷娟涓涛滔明鸣名超潮秀绣霞侠"
        "平萍苹刚钢桂贵玉育宇雨辉慧惠晖红宏洪鸿建健剑英颖莹文雯闻志智致华花桦国果海亮良梁琴勤晓小筱春纯峰锋枫丰飞菲妃"
    )
    groups: dict[str, list[str]] = {}
    for character in common:
        groups.setdefault(lazy_pinyin(character)[0], []).append(character)
    return {c: [o for o in group if o != c] for group in groups.values() for c in group if len(group) > 1}


def homophone(name: str, rng: Random) -> str:
    """Write one character of a given name with another that sounds the same, where one is known."""
    places = [i for i, c in enumerate(name) if i and c in _homophones()]
    if not places:
        return name
    at = rng.choice(places)
    return name[:at] + rng.choice(_homophones()[name[at]]) + name[at + 1 :]


def pinyin(name: str, rng: Random) -> str:
    """Write a Chinese name in Latin letters, family name first or last."""
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(name)
    family, given = syllables[0].title(), "".join(syllables[1:]).title()
    return rng.choice([f"{family} {given}", f"{given} {family}", f"{family.upper()} {' '.join(syllables[1:])}"])


def shift(cells: Sequence[str], rng: Random) -> list[str]:
    """Throw the cells of one line together: exchanged, one pushed into its neighbour, or all moved by one."""
    row = list(cells)
    at = rng.randrange(len(row) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        row[at], row[at + 1] = row[at + 1], row[at]
    elif kind == 1:
        row[at], row[at + 1] = f"{row[at]} {row[at + 1]}".strip(), ""
    else:
        row = [" ".join(row[:2]), *row[2:], ""]
    return row
