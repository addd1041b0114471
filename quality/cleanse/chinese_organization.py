"""Names of organizations in Chinese: region, brand, trade, legal form, branch; what stands beside the name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from quality.cleanse import organization_codes as codes
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.divisions import division_data, divisions, short_name
from quality.cleanse.organization_remark import Beside, classify, is_region, organization_data
from quality.cleanse.place_search import locate

_BRACKET_STYLES = str.maketrans("[]{}【】〔〕《》〈〉", "()()()()()()")
_BRACKET = re.compile(r"\(([^()]*)\)|\(([^()]*)$")
_GAPS = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_SEPARATOR = re.compile(r"\s*[-–—_/|,，;；:：、]+\s*|\s+")
_LIMITED = re.compile(r"有限责任(?:总)?公司")
_STOCK = re.compile(r"股份(?:有限责任)?公司")
_STUTTER = re.compile(r"公司司+")
_KEPT = re.compile(r"\((集团|有限合伙|普通合伙|特殊普通合伙|个体工商户|个人独资)\)")
_PARENT = re.compile(r"^(.{2,}(?:公司|集团|银行|信用社|事务所|医院|大学|学院))([^(].{1,20})$")
_LATIN_NAME = re.compile(r"^(.*[\u4e00-\u9fff)])\s*[/|]?\s*([A-Za-z][\w.&'’-]*(?:[\s,]+[\w.&'’-]+)+[\s,]*)$")
_LEVELS = tuple("市县区州省")
_DIGIT = "[一二三四五六七八九]"
_NUMBERED = re.compile(rf"第?(\d{{1,3}}|{_DIGIT}|{_DIGIT}?十{_DIGIT}?)(\D)")
_EDGES = " 「」『』.。,，、;；:：!！?？*\"'“”‘’`~^=+-_/\\|·…"


@dataclass(frozen=True)
class _Words:
    forms: dict[str, str]
    form_suffix: re.Pattern[str]
    trades: frozenset[str]
    longest_trade: int
    numbered: dict[str, str]
    branches: tuple[str, ...]
    bare_branches: tuple[str, ...]
    not_a_place: frozenset[str]


@cache
def _words() -> _Words:
    data = organization_data()
    forms: dict[str, str] = data["forms"]
    trades = frozenset(data["trades"].split())
    longest_first = sorted(forms, key=lambda f: (-len(f), f))
    return _Words(
        forms,
        re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})$"),
        trades,
        max(map(len, trades)),
        data["numbered"],
        tuple(data["branches"].split()),
        tuple(data["bare_branches"].split()),
        frozenset(division_data()["not_a_place"].split()),
    )


@dataclass
class _Name:
    """A name while it is taken apart."""

    region: str = ""
    branch: str = ""
    contacts: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)


def cleanse_chinese_organization(text: str) -> Cleansed:
    """Standardise the Chinese name of an organization.

    Args:
        text: folded, simplified text with Chinese characters.

    Returns:
        The name without contact and remarks, legal form in standard writing; parts ``region brand trade form branch
        contact remark`` as far as known.
    """
    name = _Name()
    main = _take_latin_name(name, text.translate(_BRACKET_STYLES).strip(_EDGES))
    main = _STUTTER.sub("公司", _take_pieces(name, main))
    standard = _BRACKET.sub(lambda m: _take_bracket(name, m), main)
    standard = _STOCK.sub("股份有限公司", _LIMITED.sub("有限公司", _close(standard))).strip(_EDGES)
    if _LIMITED.search(main) or _STOCK.search(main):
        name.codes.append(codes.FORM_WRITTEN_OUT)
    core = _BRACKET.sub(lambda m: m[0] if _KEPT.fullmatch(m[0]) else _inner(m[1] or ""), standard)
    parts = _take_apart(name, core)
    parts |= {"contact": "; ".join(name.contacts), "remark": "; ".join(name.remarks), "branch": name.branch}
    if name.contacts:
        name.codes.append(codes.CONTACT_SPLIT)
    if name.remarks:
        name.codes.append(codes.REMARK_SPLIT)
    return Cleansed((standard or text,), {k: v for k, v in parts.items() if v}, tuple(dict.fromkeys(name.codes)))


def _close(text: str) -> str:
    """Close the gaps beside Chinese characters; gaps between words in letters stay."""
    previous = None
    while previous != text:
        previous, text = text, _GAPS.sub("", text)
    return text


def _inner(content: str) -> str:
    """What a bracket that stays in the standard form adds to the core: nothing where it is a region or a branch."""
    return "" if classify(content)[0] in (Beside.REGION, Beside.BRANCH) else content


def _take_latin_name(name: _Name, text: str) -> str:
    """'华为技术有限公司 Huawei Technologies Co., Ltd.': the name in letters is a remark."""
    found = _LATIN_NAME.match(text)
    if found and _words().form_suffix.search(found[1].rstrip(_EDGES)):
        name.remarks.append(found[2].strip(_EDGES))
        return found[1].rstrip(_EDGES)
    return text


def _take_pieces(name: _Name, text: str) -> str:
    """Take pieces after dashes and blanks off: contacts, branches, remarks; anything after a legal form."""
    outside = _BRACKET.sub(lambda m: "\0" * len(m[0]), text)
    pieces: list[tuple[str, str]] = []
    position = 0
    for found in _SEPARATOR.finditer(outside):
        pieces.append((text[position : found.start()], text[found.start() : found.end()]))
        position = found.end()
    pieces.append((text[position:], ""))
    kept, glue, formed = "", "", False
    for at, (piece, separator) in enumerate(pieces):
        if not piece:
            continue
        ended = formed or not any(_words().form_suffix.search(later) for later, _ in pieces[at + 1 :])
        if kept and ended and _keep_aside(name, piece, formed):
            continue
        if formed and classify(piece)[0] is Beside.BRANCH:
            glue = ""
        kept += glue + piece if kept else piece
        glue = separator if separator.strip() else (" " if separator else "")
        formed = formed or bool(_words().form_suffix.search(_BRACKET.sub("", piece)))
    return kept


def _keep_aside(name: _Name, piece: str, formed: bool) -> bool:
    kind, bare = classify(piece)
    if kind is Beside.CONTACT:
        name.contacts.append(bare)
    elif (kind is Beside.REMARK and bare) or (kind is None and formed and not _words().form_suffix.search(piece)):
        name.remarks.append(bare)
    else:
        return False
    return True


def _take_bracket(name: _Name, match: re.Match[str]) -> str:
    """Contacts and remarks go; regions, branches and legal forms stay; an unknown text goes where it ends the name."""
    content = _close((match[1] if match[1] is not None else match[2]).strip())
    if _KEPT.fullmatch(f"({content})"):
        return f"({content})"
    kind, bare = classify(content)
    if kind is Beside.CONTACT:
        name.contacts.append(bare)
        return ""
    if kind is Beside.REMARK or (kind is None and match.end() == len(match.string)):
        name.remarks += [bare] if bare else []
        return ""
    if kind is Beside.BRANCH:
        name.branch = bare
    elif kind is Beside.REGION and bare not in ("集团", "控股", "国际") and not name.region:
        name.region = _region(bare)
    return f"({content})"


def _region(text: str) -> str:
    """Write a region as its short name now: 北京市 → 北京, 襄樊 → 襄阳, 北京市朝阳区 → 朝阳."""
    index = divisions()
    found = index.full.get(text) or index.short.get(text) or []
    names = {short_name(d.name) for d in found}
    return names.pop() if len(names) == 1 else short_name(text)


def _take_apart(name: _Name, core: str) -> dict[str, str]:
    core = _take_branch(name, core)
    found = _words().form_suffix.search(core)
    form = ""
    if found and found.start() >= 2:
        form, core = _words().forms[found[0]], core[: found.start()]
    core = core.replace("(", "").replace(")", "")
    stem = _take_region(name, core)
    if name.region and not form:
        stem, form = _written_out(stem)
    brand, trade = _split_trade(stem)
    if not brand:
        brand, trade = core, ""
    return {"region": name.region, "brand": brand.lower(), "trade": trade, "form": form}


def _written_out(stem: str) -> tuple[str, str]:
    """Number and form of a numbered body that is called by one character: 三院 → 第三, 医院; others stay."""
    found = _NUMBERED.fullmatch(stem)
    form = _words().numbered.get(found[2], "") if found else ""
    return (f"第{found[1]}", form) if found and form else (stem, "")


def _take_branch(name: _Name, core: str) -> str:
    """'北京华为技术有限公司上海分公司' and '中国银行上海分行'; a branch of a branch is one branch."""
    words = _words()
    tail = ""
    while found := _PARENT.match(core):
        if not found[2].endswith(words.branches) or found[2] in words.forms:
            break
        core, tail = found[1], found[2] + tail
    if tail:
        name.branch = name.branch or tail
        return core
    for word in words.bare_branches:
        if core.endswith(word) and len(core) > len(word) + 3:
            return _bare_branch(name, core, len(core) - len(word))
    return core


def _bare_branch(name: _Name, core: str, cut: int) -> str:
    """Without a legal form before it, a branch begins with the longest name of a place before the branch word."""
    index = divisions()
    for length in range(min(8, cut - 2), 1, -1):
        place = core[cut - length : cut]
        if place in index.full or place in index.short:
            name.branch = name.branch or core[cut - length :]
            return core[: cut - length]
    return core


def _take_region(name: _Name, core: str) -> str:
    """Take the region off the beginning, or off the end where nothing stands at the beginning."""
    region, rest = _leading_region(core)
    if region:
        name.region = name.region or region
        return region + rest if _is_trade_only(rest) else rest
    if not name.region:
        for length in (4, 3, 2):
            tail = core[-length:]
            if len(core) - length >= 4 and (tail in divisions().full or _is_short_city(tail)):
                name.region = _region(tail)
                return core[:-length].removesuffix("集团")
    return core


def _leading_region(core: str) -> tuple[str, str]:
    """Short name of the place a name begins with, and the rest; brands that are also places stay brands (东方).

    So does a larger place behind a smaller one: 昆明|云南白药.
    """
    if core[:2] in _words().not_a_place and core[2:3] not in _LEVELS:
        return "", core
    located = locate(core, downwards=True)
    if located.place is not None:
        return short_name(located.place.name), located.rest.lstrip(_EDGES)
    for length in (3, 2):
        found = divisions().short.get(core[:length], [])
        if len(found) == 1 and found[0].district.endswith("市"):
            return core[:length], core[length:]
    return "", core


def _is_trade_only(text: str) -> bool:
    """Tell whether nothing but words of trade is left, which names no one: 北京|银行, 上海浦东|发展银行."""
    if len(text) < 2:
        return True
    trades, longest = _words().trades, _words().longest_trade
    cuts = range(2, min(longest, len(text)) + 1)
    return any(text[:cut] in trades and (cut == len(text) or _is_trade_only(text[cut:])) for cut in cuts)


def _is_short_city(text: str) -> bool:
    found = divisions().short.get(text, [])
    return bool(found) and not any(d.district for d in found) and text not in _words().not_a_place


def _is_too_general(text: str) -> bool:
    """A province, a city or 中国 alone is no brand: 上海|电气 stays together."""
    return _is_short_city(text) or (len(text) <= 4 and is_region(text) and text not in divisions().short)


def _split_trade(stem: str) -> tuple[str, str]:
    """Take words of trade off the end as long as a brand of two characters remains."""
    words = _words()
    brand, trade = stem, ""
    while True:
        for length in range(min(words.longest_trade, len(brand) - 2), 1, -1):
            rest = brand[:-length]
            if brand[-length:] in words.trades and rest not in words.trades and not _is_too_general(rest):
                brand, trade = rest, brand[-length:] + trade
                break
        else:
            return brand, trade
