"""China's provinces, cities and districts: full and short names, and what became of former ones."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from quality.cleanse.reference_data import file_of, reference

_MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")
_NO_NAME = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_ETHNIC = (
    "壮族|回族|维吾尔|满族|蒙古族|蒙古|藏族|羌族|土家族|苗族|彝族|布依族|侗族|瑶族|白族|哈尼族|傣族|傈僳族|景颇族|朝鲜族|哈萨克族|哈萨克|柯尔克孜|"
    "黎族|畲族|佤族|拉祜族|纳西族|仡佬族|水族|毛南族|仫佬族|撒拉族|土族|东乡族|保安族|裕固族|锡伯族|锡伯|达斡尔族|鄂温克族|鄂伦春|塔吉克|布朗族|"
    "普米族|怒族|独龙族|各族|自治"
)
_AUTONOMOUS = re.compile(rf"(?:{_ETHNIC})*自治(区|州|县|旗)$")
_SUFFIX = re.compile(r"(?:特别行政区|地区|新区|林区|省|市|区|县|盟|旗)$")


@dataclass(frozen=True, slots=True)
class Division:
    """One place; ``city`` and ``district`` are empty above their level."""

    province: str
    city: str = ""
    district: str = ""

    @property
    def name(self) -> str:
        """The full name of the place itself."""
        return self.district or self.city or self.province

    def within(self, other: Division) -> bool:
        """Tell whether this place lies in ``other`` or is it."""
        return (
            self.province == other.province and other.city in ("", self.city) and other.district in ("", self.district)
        )


def short_name(name: str) -> str:
    """Take the kind of place off: 江苏省 → 江苏, 广西壮族自治区 → 广西, 延边朝鲜族自治州 → 延边."""
    if name == "内蒙古自治区":
        return "内蒙古"
    found = _AUTONOMOUS.search(name)
    if found and found.start() >= 2:
        return name[: found.start()]
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


@cache
def division_data() -> dict[str, Any]:
    """The data file about changes."""
    data: dict[str, Any] = reference("divisions")
    return data


def _codes() -> dict[str, str]:
    """Code → name from the table inside the cpca package."""
    with file_of("cpca", "resources", "adcodes.csv").open(encoding="utf-8") as lines:
        return {row["adcode"][:6]: row["name"] for row in csv.DictReader(lines)}


def _basic() -> Iterator[Division]:
    names = _codes()
    for code, name in names.items():
        province = names[code[:2] + "0000"]
        city = names.get(code[:4] + "00", "")
        if code.endswith("0000"):
            yield Division(province, province if province in _MUNICIPALITIES else "")
        elif code.endswith("00"):
            if name not in _NO_NAME:
                yield Division(province, name)
        elif name not in _NO_NAME:
            yield _county(province, city, name)


def _county(province: str, city: str, name: str) -> Division:
    if province in _MUNICIPALITIES:
        return Division(province, province, name)
    if city in _NO_NAME:
        return Division(province, name)
    renamed: str = division_data()["cities"].get(city, "")
    return Division(province, renamed.partition("/")[2] or city, name)


def _added() -> Iterator[Division]:
    data = division_data()
    for province, names in data["greater_china"].items():
        for name in names.split():
            yield Division(province, *(("", name) if province != "台湾省" else (name,)))
    for province, names in data["single_counties"].items():
        for name in names.split():
            yield Division(province, name)


class DivisionIndex:
    """Look-up of places by full, short and former name."""

    def __init__(self) -> None:
        self.full: dict[str, list[Division]] = defaultdict(list)
        self.short: dict[str, list[Division]] = defaultdict(list)
        for division in (*_basic(), *_added()):
            self._add(division.name, division)
        self._add_changes()
        self.longest = max(map(len, self.full))

    def _add(self, name: str, division: Division) -> None:
        for table, key in ((self.full, name), (self.short, short_name(name))):
            if division not in table[key]:
                table[key].append(division)
        if name.endswith("自治州"):
            self._add_alias(short_name(name) + "州", division)
        elif name.endswith("自治县"):
            self._add_alias(short_name(name) + "县", division)
        if name == "内蒙古自治区":
            self.short["内蒙"] = [division]

    def _add_alias(self, name: str, division: Division) -> None:
        if division not in self.full[name]:
            self.full[name].append(division)

    def _add_changes(self) -> None:
        data = division_data()
        for former, place in data["cities"].items():
            province, city = place.split("/")
            self._replace(former, Division(province, former), Division(province, city))
        for province, cities in data["changes"].items():
            for city, listed in cities.items():
                for change in listed.split():
                    self._change(province, city, change)

    def _change(self, province: str, city: str, change: str) -> None:
        old, _, new = change.rpartition(">")
        if change.startswith("+"):
            self._add(change[1:], Division(province, city, change[1:]))
            return
        new_city, _, name = new.rpartition("/")
        now = Division(province, new_city or city, name)
        self._replace(old, Division(province, city, old), now)

    def _replace(self, name: str, former: Division, now: Division) -> None:
        """Let a former name lead to the place of now."""
        self._add(now.name, now)
        for table, key in ((self.full, name), (self.short, short_name(name))):
            found = [
                d for d in table[key] if d != former and (d.name != name or d.city != now.city or d.name == now.name)
            ]
            table[key] = found if now in found else [*found, now]


@cache
def divisions() -> DivisionIndex:
    """Build the index once (some 10 ms)."""
    return DivisionIndex()
