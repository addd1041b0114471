"""Recognise values that stand for "nothing": 无, 待补充, n/a, test, xxx, 000 …"""

from __future__ import annotations

import re
from functools import cache

from quality.cleanse.contract import Code
from quality.cleanse.reference_data import reference
from quality.cleanse.text import fold, simplify
from schemas.types import Severity

PLACEHOLDER = Code(
    "placeholder", Severity.WARNING, "占位内容，视为没有填写", "Placeholder text, taken as not filled in"
)

_EDGES = " .,;:!?'\"`·-–—_~*/\\|+=()[]{}<>【】《》「」、。，；：！？…·“”‘’"
_REPEATED = re.compile(r"(?:([xX?*#.\-_~×某])\1+|0{2,}|([a-zA-Z哈啊])\2{3,}|x{1,3}先生|某某?某?|0+[.\-]0+)")
_TRAILING_DIGITS = re.compile(r"[\s_\-#]*\d{1,4}$")
_CJK_GAPS = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_LONGEST = 40


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    data = reference("placeholders")
    nothing, exactly, trials = (data[key] for key in ("nothing", "nothing_exactly", "trials"))
    return frozenset(nothing), frozenset(exactly), frozenset(trials)


def is_placeholder(text: str) -> bool:
    """Tell whether a cell says nothing although something is written in it.

    Args:
        text: one value as it stands in the source.

    Returns:
        True for empty cells, punctuation alone, words for "nothing" in several languages, trial input and
        repeated filler characters. A single digit is a value.
    """
    if len(text) > _LONGEST * 4:
        return False
    folded = fold(text)
    if not folded.isascii():
        folded = _CJK_GAPS.sub("", simplify(folded))
    if len(folded) > _LONGEST:
        return False
    nothing, exactly, trials = _words()
    bare = folded.strip(_EDGES)
    if not bare or folded in exactly or bare in exactly:
        return True
    lowered, bare_lowered = folded.casefold(), bare.casefold()
    if lowered in nothing or bare_lowered in nothing or bare_lowered in trials:
        return True
    if _REPEATED.fullmatch(bare) is not None:
        return True
    return bare[-1].isdecimal() and _TRAILING_DIGITS.sub("", bare_lowered) in trials
