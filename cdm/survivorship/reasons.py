"""Why a value won, as code and in words."""

from __future__ import annotations

from schemas.model import Label

ONLY = "only"
AGREED = "agreed"
UNITED = "united"
WITH_ADDRESS = "with_address"
VALID = "valid"
COMPLETE = "most_complete"
TRUSTED = "most_trusted"
RECENT = "most_recent"
FREQUENT = "most_frequent"
LONGEST = "longest"
STATED = "stated"
ORDER = "first_in_order"

REASONS: dict[str, Label] = {
    ONLY: Label("唯一取值", "the only value"),
    AGREED: Label("各来源一致", "all records agree"),
    UNITED: Label("合并全部取值", "all values are kept"),
    WITH_ADDRESS: Label("随地址取值", "comes with the address"),
    VALID: Label("其他取值无效", "the others are not valid"),
    COMPLETE: Label("信息最完整", "the most complete"),
    TRUSTED: Label("来源最可信", "from the most trusted source"),
    RECENT: Label("更新时间最近", "the most recent"),
    FREQUENT: Label("出现次数最多", "the most frequent"),
    LONGEST: Label("内容最长", "the longest"),
    STATED: Label("由数据管理员确定", "stated by a steward"),
    ORDER: Label("按固定顺序取值", "first in a fixed order"),
}
"""Every reason code a provenance may carry."""


def describe(code: str, language: str) -> str:
    """Return a reason in words (``zh`` or ``en``); an unknown code, from another release, is returned as it is."""
    label = REASONS.get(code)
    return label.text(language) if label else code
