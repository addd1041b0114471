"""Personal names in Chinese characters: surname, titles, nicknames, remarks, pinyin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from quality.cleanse import name_codes as codes
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.letter_case import capitalize_name
from quality.cleanse.pinyin import given_pinyin, surname_pinyin
from quality.cleanse.surnames import name_data, surname_of, surname_table

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_BRACKETS = re.compile(r"[(\[{【《<]([^()\[\]{}【】《》<>]*)(?:[)\]}】》>]|$)")
_DOTS = re.compile(r"\s*[·•‧∙⋅・｡.˙]\s*")
_HAN_DOTTED = re.compile(rf"[{HAN}]+(?:[·•‧∙⋅・.˙][{HAN}]+)+")
_SPLIT = re.compile(r"\s*[-–—_/\\,，、;；|:：+&~]+\s*|\s+(?=[\d+])|(?<=[\u4e00-\u9fff])(?=\d)")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_EDGES = " .。,，、;；:：!！?？*#\"'“”‘’`~^=+-_/\\|·…)]}】》(["


@dataclass(frozen=True)
class _Words:
    titles: re.Pattern[str]
    leading: re.Pattern[str]
    bare: frozenset[str]
    prefixes: re.Pattern[str]
    notes: frozenset[str]
    surname_titles: frozenset[str]
    japanese: frozenset[str]


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))


@cache
def _words() -> _Words:
    data = name_data()
    titles = data["titles"]
    return _Words(
        re.compile(rf"^(.*?)({_longest_first(titles)})$"),
        re.compile(rf"^({_longest_first(t for t in titles if len(t) > 1)})(.+)$"),
        frozenset(titles),
        re.compile(rf"^(?:{_longest_first(data['prefixes'])})\s*[:：]?\s*(?=.{{2}})"),
        frozenset(data["notes"]) | frozenset(data["prefixes"]),
        frozenset(data["surname_titles"]),
        frozenset(data["japanese_surnames"].split()),
    )


@dataclass
class _Notes:
    """What was taken off a name on the way."""

    title: str = ""
    remarks: list[str] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)


def is_titled(text: str) -> bool:
    """Tell whether a text is a name with a form of address: 李总, 张三经理, 王工."""
    found = _words().titles.match(text)
    if found and surname_of(found[1]) and len(found[1]) <= 4:
        return True
    return text[-1:] in _words().surname_titles and text[:-1] != "" and surname_of(text[:-1]) == text[:-1]


def looks_like_name(text: str) -> bool:
    """Tell whether two to four characters read like a full Chinese name with one of the common surnames."""
    surname = surname_of(text)
    limit = 2 if len(surname) == 1 else 3
    return surname in surname_table().common and len(surname) < len(text) <= len(surname) + limit


def cleanse_chinese_name(text: str, original: str) -> Cleansed:
    """Cleanse a name that has Chinese characters.

    Args:
        text: folded, simplified text.
        original: folded text before simplification; a Japanese name goes back to it.
    """
    notes = _Notes()
    bare = _BRACKETS.sub(lambda m: _take_bracket(notes, m[1]), text)
    bare = _words().prefixes.sub("", bare.strip(_EDGES)).strip(_EDGES)
    if not bare and notes.remarks:
        bare = notes.remarks.pop(0)
    dotted = _DOTS.sub("·", bare)
    if _HAN_DOTTED.fullmatch(dotted):
        return _finish(notes, dotted, _dotted_parts(dotted))
    japanese = _japanese(notes, bare, original)
    if japanese is not None:
        return japanese
    name = _choose_piece(notes, bare)
    name = _better(notes, _take_title(notes, name))
    if not name:
        notes.codes.append(codes.TITLE_ONLY)
        return Cleansed((), {"title": notes.title} if notes.title else {}, tuple(notes.codes))
    if not _HAN_RUN.fullmatch(name):
        return _mixed(notes, name)
    return _pure(notes, name)


def _japanese(notes: _Notes, bare: str, original: str) -> Cleansed | None:
    """A Japanese surname at either end, or at the beginning of four characters: the characters stay as typed."""
    surnames = _words().japanese
    shown = original if len(original) == len(bare) else bare
    tokens, parts = bare.split(" "), shown.split(" ")
    if 1 < len(tokens) <= 3 and all(_HAN_RUN.fullmatch(t) and len(t) <= 3 for t in tokens):
        if tokens[0] in surnames:
            return _finish(notes, shown, {"family": parts[0], "given": " ".join(parts[1:])})
        if tokens[-1] in surnames:
            return _finish(notes, shown, {"family": parts[-1], "given": " ".join(parts[:-1])})
    if len(bare) == 4 and bare[:2] in surnames and len(tokens) == 1:
        return _finish(notes, shown, {"family": shown[:2], "given": shown[2:]})
    return None


def _better(notes: _Notes, name: str) -> str:
    """'张总(张伟)': the remark has the full name of which only the surname was found."""
    if name and surname_of(name) == name:
        for remark in notes.remarks:
            if remark.startswith(name) and looks_like_name(remark) and not is_titled(remark):
                notes.remarks.remove(remark)
                return remark
    return name


def _take_bracket(notes: _Notes, content: str) -> str:
    content = content.strip()
    if content in _words().bare and not notes.title:
        notes.title = content
    elif content:
        notes.remarks.append(content)
        notes.codes.append(codes.REMARK_SPLIT)
    return " "


def _choose_piece(notes: _Notes, bare: str) -> str:
    """Of the pieces between separators, take the one that reads like a name; the others become remarks."""
    pieces = [p for p in (q.strip(_EDGES) for q in _SPLIT.split(bare)) if p]
    pieces = [p for piece in pieces for p in _join_spaced(piece)]
    if len(pieces) <= 1:
        notes.codes += [codes.REORDERED] if pieces and pieces[0] not in (bare, bare.replace(" ", "")) else []
        return pieces[0] if pieces else ""
    said = _words().notes | _words().bare
    named = [p for p in pieces if p not in said and (looks_like_name(p) or is_titled(p))]
    named.sort(key=is_titled)
    chosen = named[0] if named else next((p for p in pieces if p not in said), pieces[0])
    others = list(pieces)
    others.remove(chosen)
    title = next((p for p in others if p in _words().bare and not notes.title), None)
    if title is not None:
        notes.title = title
        notes.codes.append(codes.TITLE_SPLIT)
        others.remove(title)
    if others:
        notes.remarks += others
        notes.codes.append(codes.SEVERAL_NAMES if len(named) > 1 else codes.REMARK_SPLIT)
    return chosen


def _join_spaced(piece: str) -> list[str]:
    """'张 三' is one name, '张三 财务' are two pieces, '小明 张' is in western order, 'Tom 张' stays together."""
    tokens = piece.split(" ")
    if len(tokens) == 1:
        return tokens
    if not all(_HAN_RUN.fullmatch(t) for t in tokens):
        han = [t for t in tokens if _HAN_RUN.fullmatch(t)]
        alone = len(han) == 1 and len(han[0]) > 1
        return [han[0], " ".join(t for t in tokens if t != han[0])] if alone else [piece]
    if tokens[-1] in _words().bare or tokens[0] in _words().bare:
        cut = 1 if tokens[0] in _words().bare else len(tokens) - 1
        return [*_join_spaced(" ".join(tokens[:cut])), *_join_spaced(" ".join(tokens[cut:]))]
    return _join_han(tokens)


def _join_han(tokens: list[str]) -> list[str]:
    if _is_given_first(tokens):
        return [tokens[-1] + "".join(tokens[:-1])]
    apart = len(tokens[0]) > 1 and not _is_compound(tokens[0])
    if apart and (sum(map(len, tokens)) > 4 or looks_like_name(tokens[0]) or is_titled(tokens[0])):
        return tokens
    return ["".join(tokens)]


def _is_given_first(tokens: list[str]) -> bool:
    """'小明 张', '利 王': the last word is a surname, the first is none, or a rare one against a frequent one."""
    ranked = surname_table().ranked
    if surname_of(tokens[-1]) != tokens[-1]:
        return False
    return surname_of(tokens[0]) != tokens[0] or (tokens[-1] in ranked[:60] and tokens[0] not in ranked[:150])


def _is_compound(text: str) -> bool:
    return text in surname_table().compound


def _take_title(notes: _Notes, name: str) -> str:
    """Take a form of address off the end, or off the beginning of a name that reads as one without it."""
    words = _words()
    if name in words.bare or name in words.notes:
        notes.title = notes.title or (name if name in words.bare else "")
        return ""
    found = words.titles.match(name)
    if found and (found[1] or len(found[2]) > 1):
        return _titled(notes, found[2], found[1].rstrip(" 的"))
    if name[-1:] in words.surname_titles and surname_of(name[:-1]) == name[:-1] != "":
        return _titled(notes, name[-1], name[:-1])
    found = words.leading.match(name)
    if found and (looks_like_name(found[2]) or surname_of(found[2]) == found[2]):
        return _titled(notes, found[1], found[2])
    return name


def _titled(notes: _Notes, title: str, name: str) -> str:
    notes.title = title
    notes.codes.append(codes.TITLE_SPLIT)
    return name


def _pure(notes: _Notes, name: str) -> Cleansed:
    """A name in Chinese characters alone."""
    if len(name) == 2 and name[0] in "小老大阿" and name[1] != "小":
        return _nickname(notes, name)
    family = surname_of(name)
    given = name[len(family) :]
    if len(name) > len(family) + 3:
        notes.codes.append(codes.UNUSUAL_NAME)
        return _finish(notes, name, {})
    if len(name) == 4 and len(family) == 1:
        family, given = _split_four(name)
    parts = {"family": family, "given": given}
    if not family:
        notes.codes.append(codes.NO_SURNAME)
        parts["pinyin"] = given_pinyin(given)
    elif not given:
        notes.codes.append(codes.FAMILY_NAME_ONLY)
        return _finish(notes, name + notes.title, parts)
    else:
        parts["pinyin"] = f"{surname_pinyin(family)} {given_pinyin(given)}"
    return _finish(notes, name, parts)


def _split_four(name: str) -> tuple[str, str]:
    """Four characters: two surnames and a given name (范徐丽泰), a frequent surname and three, or no surname at all."""
    table = surname_table()
    if name[0] in table.common and name[1] in table.common:
        return name[:2], name[2:]
    return (name[:1], name[1:]) if name[0] in table.ranked[:120] else ("", name)


def _nickname(notes: _Notes, name: str) -> Cleansed:
    notes.codes.append(codes.NICKNAME)
    surname = name[0] != "阿" and name[1] in surname_table().ranked[:150]
    return _finish(notes, name, {"family" if surname else "given": name[1]})


def _mixed(notes: _Notes, name: str) -> Cleansed:
    """Characters and letters: '张Tom' is a surname with a western given name; else the letters are a remark."""
    han = "".join(_HAN_RUN.findall(name))
    rest = " ".join(_HAN_RUN.sub(" ", name).split()).strip(_EDGES)
    if surname_of(han) == han and han and re.fullmatch(r"[^\W\d_][^\W\d_'’.\-]+(?: [^\W\d_]+)?", rest):
        given = capitalize_name(rest) if rest.islower() or rest.isupper() else rest
        parts = {"family": han, "given": given, "pinyin": f"{surname_pinyin(han)} {given.lower().replace(' ', '')}"}
        return _finish(notes, f"{given} {han}", parts)
    if not _HAN_RUN.fullmatch(han) or len(_HAN_RUN.findall(name)) > 1:
        notes.codes.append(codes.UNUSUAL_NAME)
        return _finish(notes, name, {})
    if rest:
        notes.remarks.append(rest)
        notes.codes.append(codes.REMARK_SPLIT)
    return _pure(notes, han)


def _dotted_parts(dotted: str) -> dict[str, str]:
    given, *middle, family = dotted.split("·")
    return {
        "given": given,
        "middle": "·".join(middle),
        "family": family,
        "pinyin": " ".join(given_pinyin(p) for p in dotted.split("·")),
    }


def _finish(notes: _Notes, standard: str, parts: dict[str, str]) -> Cleansed:
    parts |= {"title": notes.title, "remark": "; ".join(notes.remarks)}
    return Cleansed((standard,), {k: v for k, v in parts.items() if v}, tuple(dict.fromkeys(notes.codes)))
