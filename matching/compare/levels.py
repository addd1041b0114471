"""The seven comparison levels every kind of value shares, and what they are called.

A comparison says how much two values agree, never how likely the records are one customer: that is learned. Levels 1–3
mean something else for every kind (``LABELS``); equality is split by how common the value is (term frequency).
"""

from __future__ import annotations

from typing import Final

from schemas.model import Label

MISSING: Final = -1
CONFLICT: Final = 0
WEAK: Final = 1
CLOSE: Final = 2
NEAR: Final = 3
COMMON: Final = 4
"""Equal, and shared by more records than chance would have it."""
USUAL: Final = 5
RARE: Final = 6
"""Equal, and shared by few."""
LEVELS: Final = 7

EQUAL_LABELS: Final = (
    Label("相同，但很常见", "equal, a common value"),
    Label("相同", "equal"),
    Label("相同，且少见", "equal, a rare value"),
)
UNKNOWN: Final = Label("有一方未填", "not known on one side")
NEITHER: Final = Label("双方均未填", "known on neither side")
COVERED: Final = Label("已由其他字段代表，不重复计", "covered by other fields")
DIFFERENT: Final = Label("不同", "different")

LABELS: Final[dict[str, tuple[Label, Label, Label, Label]]] = {
    "name": (
        DIFFERENT,
        Label("略相似", "somewhat alike"),
        Label("相似，或仅首字母", "alike, or an initial"),
        Label("拼写极近、前后互换或同音", "spelled nearly the same, swapped or same sound"),
    ),
    "given": (
        DIFFERENT,
        Label("略相似", "somewhat alike"),
        Label("相似、首字母或多个名之一", "alike, an initial or one of several"),
        Label("极相近、同音或昵称", "nearly the same, same sound or a nickname"),
    ),
    "pinyin": (
        Label("读音不同", "different in sound"),
        Label("少数音节相同", "few sounds shared"),
        Label("多数音节相同", "most sounds shared"),
        Label("读音几乎相同", "nearly the same sound"),
    ),
    "organization": (
        Label("不同，或同品牌的另一家公司", "different or a sibling"),
        Label("略相似，或在别的地区", "somewhat alike or elsewhere"),
        Label("相似", "alike"),
        Label("除缺少的部分外相同", "same but for missing parts"),
    ),
    "address": (
        Label("别处", "elsewhere"),
        Label("仅地区相同", "same place only"),
        Label("同一街道，或相似", "same street or alike"),
        Label("同一门牌，或街道有笔误", "same house, or street misspelt"),
    ),
    "text": (
        DIFFERENT,
        Label("部分词语相同", "some words shared"),
        Label("多数词语相同", "most words shared"),
        Label("几乎相同", "nearly the same"),
    ),
    "email": (
        DIFFERENT,
        Label("略相似", "somewhat alike"),
        Label("相似", "alike"),
        Label("几乎相同，或仅域名不同", "nearly the same or another domain"),
    ),
    "phone": (
        DIFFERENT,
        Label("有两位不同", "two digits differ"),
        Label("有一位不同，或部分隐藏", "one digit differs, or masked"),
        Label("同一用户号码", "same subscriber number"),
    ),
    "date": (
        DIFFERENT,
        Label("少数数字相同，或相差不足两月（农历）", "few digits shared, or within two months (lunar calendar)"),
        Label("有两位不同，或日期不完整", "two digits differ, or partly known"),
        Label("有一位不同，或日月互换", "one digit or day and month differ"),
    ),
    "code": (
        DIFFERENT,
        Label("数字相同但顺序不同", "same digits in another order"),
        Label("有两个字符不同", "two characters differ"),
        Label("有一个字符不同", "one character differs"),
    ),
    "digits": (
        DIFFERENT,
        Label("数字相同但顺序不同", "same digits in another order"),
        Label("有两位不同", "two digits differ"),
        Label("有一位不同", "one digit differs"),
    ),
    "website": (
        DIFFERENT,
        DIFFERENT,
        Label("同名网站，后缀不同", "one name under another ending"),
        Label("同一网站的另一页面", "another page of one site"),
    ),
    "category": (DIFFERENT, DIFFERENT, DIFFERENT, DIFFERENT),
}


def label(kind: str, level: int) -> Label:
    """Return what ``level`` means for values of ``kind``, in words."""
    if level == MISSING:
        return UNKNOWN
    return LABELS[kind][level] if level <= NEAR else EQUAL_LABELS[level - COMMON]
