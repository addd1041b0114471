"""Addresses in Chinese characters: divisions, street, number, room."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quality.cleanse import address_codes as codes
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.divisions import Division, divisions, short_name
from quality.cleanse.place_search import Located, locate

_COUNTRY = re.compile(r"^(?:中华人民共和国|中国(?!大|电|石|银|人|科|建|农|工|移|联|国|铁))[\s,，]*")
_LABEL = re.compile(r"^(?:地址|住址|收货地址|联系地址|公司地址|注册地址|办公地址|详细地址|通讯地址)\s*[:：]?\s*")
_POSTCODE = re.compile(
    r"(?:\(?(?:邮政编码|邮编)[:：]?\s*(\d{6})\)?|^(\d{6})(?=[\s,，\u4e00-\u9fff])|(?<=[\s,，])(\d{6})$)"
)
_PHONE = re.compile(r"(?:电话|手机|联系电话|TEL|Tel)?[:：]?\s*(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
_BRACKETS = re.compile(r"[(\[{【《〈]([^()\[\]{}【】《》〈〉]*)(?:[)\]}】》〉]|$)")
_GAPS = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_EDGES = " .。,，、;；:：!！?？*\"'“”‘’`~^=+-_/\\|·…)]}】》([{【《"
_ZONE = re.compile(
    r"^[\u4e00-\u9fff]{0,5}?(?:经济技术开发区|高新技术产业开发区|高新技术开发区|高新技术产业园区|经济开发区|高新开发区|开发区|高新[东西南北]?区|经开区|"
    r"工业园区|保税区|新区|示范区|管理区|石岐区|火炬区)"
)
_NUMERAL = "一二三四五六七八九十百零〇"
_TAIWAN_DISTRICT = re.compile(r"^[\u4e00-\u9fff]{1,3}?区")
_TOWN = re.compile(
    r"^[\u4e00-\u9fff]{2,6}?(?:街道办事处|街道办|街道|地区办事处|镇(?!江|海|宁|平|安|康|远|雄|坪|原|赉|巴|沅)|乡(?!村)|苏木)(?=.)"
)
_NUMBER = re.compile(
    rf"[甲乙丙丁附增]?(?:\d+(?:[-~之、,/—]\d+)*|(?<![{_NUMERAL}第])[{_NUMERAL}]+)[甲乙丙丁A-Za-z]?"
    r"(?:弄(?:\d+支弄)?(?:\d+(?:[-~]\d+)*号)?|号(?!楼|线|路|街|大街|公路|仓|机|厂房|门))(?:院(?!\d*号?院)|大院)?"
    rf"(?:(?:之|-)[\d{_NUMERAL}]+|[甲乙丙丁](?![{_NUMERAL}\d])|[附增][\d{_NUMERAL}]+号?)?"
)
_ROAD = re.compile(
    r"^.*?(?:大道|大街|公路|国道|省道|胡同|马路|路|街(?!道)|道(?!路)|巷|里(?=\d)|弄)(?:[东南西北中]?[一二三四五六七八九十]?段)?(?![路街])"
)
_BARE_NUMBER = re.compile(r"(\d{1,4}(?:-\d{1,3})?)(?![\d层楼室栋幢座号单元弄F期米])")
_UNIT = re.compile(
    rf"(?:[A-Za-z]{{1,2}}\d{{0,3}}|\d+[A-Za-z]?(?:[-~、,/]\d+)*|[{_NUMERAL}]+|[东南西北](?=[座楼]))"
    r"(?:号楼|号院|栋|幢|座|单元|层|楼|室|房|户|[Ff](?![A-Za-z])|#楼?|号(?=\d|$))"
)
_TAIL_ROOM = re.compile(r"(?<![\dA-Za-z])([A-Za-z]{0,2}-?\d{1,5}(?:[-~]\d{1,5}){0,3})$")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass
class _Notes:
    postcode: str = ""
    remarks: list[str] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)


def cleanse_chinese_address(text: str) -> Cleansed:
    """Standardise an address in Chinese characters.

    Args:
        text: folded, simplified text.

    Returns:
        One line with the levels that could be inferred filled in; parts ``province city district street
        house_number room postcode country remark`` as far as known.
    """
    notes = _Notes()
    bare = _strip_notes(notes, text)
    if not bare:
        return Cleansed((text,), codes=(codes.NOT_AN_ADDRESS,))
    named_country = _COUNTRY.match(bare)
    located = locate(_COUNTRY.sub("", bare))
    place, rest = _with_zone(located)
    rest = rest.strip(_EDGES)
    parts = {"province": place.province, "city": place.city, "district": place.district}
    parts |= split_street(rest) | {"postcode": notes.postcode, "remark": "; ".join(notes.remarks)}
    parts["country"] = _country_of(place) or ("CN" if named_country else "")
    standard = _compose(place) + rest
    _judge(notes, located, place, standard)
    return Cleansed((standard or bare,), {k: v for k, v in parts.items() if v}, tuple(dict.fromkeys(notes.codes)))


def _strip_notes(notes: _Notes, text: str) -> str:
    """Take postcode, telephone and bracketed remarks off; close the gaps between Chinese characters."""
    text = _LABEL.sub("", text)
    found = _POSTCODE.search(text)
    if found:
        notes.postcode = next(g for g in found.groups() if g)
        text = text[: found.start()] + " " + text[found.end() :]
    for pattern in (_PHONE, _BRACKETS):
        for match in pattern.finditer(text):
            if match[1].strip(_EDGES):
                notes.remarks.append(match[1].strip(_EDGES))
        text = pattern.sub(" ", text)
    if notes.remarks:
        notes.codes.append(codes.REMARK_SPLIT)
    previous = None
    while previous != text:
        previous, text = text, _GAPS.sub("", text).strip(_EDGES)
    return text


def _with_zone(located: Located) -> tuple[Division, str]:
    """A development zone stands where a district would: 高新区, 苏州工业园区."""
    place = located.place or Division("")
    if place.district or not place.city:
        return place, located.rest
    zone = (_TAIWAN_DISTRICT if place.province == "台湾省" else _ZONE).match(located.rest)
    if not zone:
        return place, located.rest
    name = zone[0].removeprefix(place.city).removeprefix(short_name(place.city)) or zone[0]
    if short_name(place.city) + name in divisions().full:
        name = short_name(place.city) + name
    return Division(place.province, place.city, name), located.rest[zone.end() :]


def _compose(place: Division) -> str:
    city = "" if place.city == place.province else place.city
    return place.province + city + place.district


def _country_of(place: Division) -> str:
    special = {"香港特别行政区": "HK", "澳门特别行政区": "MO", "台湾省": "TW"}
    return special.get(place.province, "CN" if place.province or place.city else "")


def _judge(notes: _Notes, located: Located, place: Division, standard: str) -> None:
    if located.place is None:
        notes.codes.append(codes.NO_DIVISION)
    elif located.ambiguous:
        notes.codes.append(codes.AMBIGUOUS)
    elif located.renamed:
        notes.codes.append(codes.RENAMED)
    elif not standard.startswith(located.written) and _compose(place) != located.written:
        notes.codes.append(codes.COMPLETED)


def split_street(rest: str) -> dict[str, str]:
    """Divide what follows the divisions into ``street``, ``house_number`` and ``room``; empty where unknown.

    The town or subdistrict before a street is left out of ``street``: people give it or not.
    """
    rest = rest.replace(" ", "")
    town = _TOWN.match(rest)
    after = rest[town.end() :] if town else rest
    number = _NUMBER.search(after)
    if number:
        street, house, tail = after[: number.start()], _house(number[0]), after[number.end() :]
    else:
        street, house, tail = _without_number(after)
    if not street and town:
        street = town[0]
    return {"street": street.strip(_EDGES), "house_number": house, "room": _room(tail)}


def _without_number(after: str) -> tuple[str, str, str]:
    """No 号: a bare number after the road counts (建国路88), the road alone otherwise."""
    road = _ROAD.match(after)
    if road is None:
        unit = _UNIT.search(after)
        cut = unit.start() if unit else len(after)
        return after[:cut], "", after[cut:]
    tail = after[road.end() :]
    bare = _BARE_NUMBER.match(tail)
    if bare:
        return road[0], bare[1] + "号", tail[bare.end() :]
    return road[0], "", tail


def _house(number: str) -> str:
    number = re.sub(r"(?:大?院)$", "", number)
    number = re.sub(rf"[{_NUMERAL}]+(?=号)", lambda m: _arabic(m[0]), number)
    return re.sub(r"[~—、,/](?=\d)", "-", number)


def _arabic(numeral: str) -> str:
    """Write a Chinese numeral below one thousand in digits: 二十三 → 23; digit by digit where there is no 十."""
    if not set(numeral) & set("十百"):
        return "".join(str(_DIGITS[c]) for c in numeral)
    value, digit = 0, 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            value += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return str(value + digit)


def _room(tail: str) -> str:
    """Join building, unit, floor and room: 平安大厦B座8层 → B座8层, 3幢2单元1201 → 3栋2单元1201室."""
    found = [m[0] for m in _UNIT.finditer(tail)]
    last = max((m.end() for m in _UNIT.finditer(tail)), default=0)
    trailing = _TAIL_ROOM.search(tail[last:])
    if trailing:
        found.append(trailing[1] + "室")
    joined = "".join(found).upper().replace("幢", "栋").replace("#楼", "号楼").replace("#", "号楼")
    joined = re.sub(r"(?<=\d)号(?=\d)", "号楼", joined)
    joined = re.sub(r"(?<=[\d一二三四五六七八九十])(?<!号)楼(?=[\dA-Z]|$)", "层", joined)
    return re.sub(r"(?<=\d)F", "层", joined).replace("房", "室").replace("户", "室")
