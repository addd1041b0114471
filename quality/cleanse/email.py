"""E-mail addresses: one or several per cell, syntax after RFC 5321/5322 as mail providers apply it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.reference_data import reference
from quality.cleanse.text import fold
from schemas.types import Severity

INVALID = Code("email_invalid", Severity.ERROR, "不是有效的电子邮箱", "Not a valid e-mail address")
ROLE = Code("email_role", Severity.INFO, "部门公用邮箱，不属于个人", "Address of a function, shared by several people")
DOMAIN_TYPO = Code("email_domain_typo", Severity.WARNING, "邮箱域名可能有误", "The domain is probably mistyped")
SPLIT = Code("email_split", Severity.INFO, "一格多个邮箱，已拆分", "Several addresses in one cell, split")
MASKED = Code("email_masked", Severity.WARNING, "邮箱已脱敏，只能作弱证据", "Masked address, weak evidence only")
REPAIRED = Code("email_repaired", Severity.INFO, "邮箱书写已修正", "Spelling of the address mended")

_LONGEST = 1000
_PREFIX = re.compile(r"^(?:mailto|e-?mail|电子邮箱|邮箱|邮件)\s*[::]\s*", re.IGNORECASE)
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|@)\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*(?:\(dot\)|\[dot\]|。)\s*", re.IGNORECASE)
_SPACED_DOT = re.compile(r" +\.(?=\w)|(?<=\w)\. +(?=(?:com|cn|net|org|edu|gov|co|de|fr|uk|io)\b)")
_COMMA = re.compile(r"(?<=[\w]),(?=(?:com|cn|net|org|edu|gov|co|com\.[a-z]{2})(?:[\s;]|$))")
_SEPARATORS = re.compile(r"[\s;,、/|<>()\[\]\"]+")
_PLAIN = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
"""Nothing in it can need mending."""
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(rf"([\w!#$%&'*+=?^`{{}}~-]+(?:\.[\w!#$%&'*+=?^`{{}}~-]+)*)@((?:{_LABEL}\.)+[^\W\d_]{{2,24}})")


@cache
def _tables() -> Mapping[str, Any]:
    data = reference("email")
    sets: dict[str, Any] = {key: frozenset(data[key]) for key in ("addresses", "locals", "filler", "roles")}
    sets["typos"] = {wrong: right for right, wrongs in data["typos"].items() for wrong in wrongs}
    return sets


def clean_email(value: str, country: str) -> Cleansed:
    """Standardise an e-mail cell.

    Args:
        value: the cell; may hold several addresses, display names, ``mailto:``, full-width characters.
        country: not used; e-mail knows no country.

    Returns:
        One lower-case address per address in the cell; none for placeholders (test@test.com, noreply@…). Text that is
        no address is kept. ``parts['domain']`` is the first address's domain.
    """
    folded = fold(value[:_LONGEST])
    if is_placeholder(folded):
        return Cleansed((), codes=(PLACEHOLDER,) if folded else ())
    mended = _mended(folded)
    found: dict[str, None] = {}
    codes: dict[Code, None] = {REPAIRED: None} if mended != folded.lower() else {}
    for token in _SEPARATORS.split(mended):
        if "@" in token:
            address, its_codes = _read(token.strip(".'"))
            found |= {address: None} if address else {}
            codes |= dict.fromkeys(its_codes)
    if not found and PLACEHOLDER not in codes:
        return Cleansed((folded,), codes=(INVALID,))
    if len(found) > 1:
        codes[SPLIT] = None
    domain = next((a.rpartition("@")[2] for a in found), "")
    return Cleansed(tuple(found), {"domain": domain} if domain else {}, tuple(codes))


def _mended(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text.lower()
    text = _PREFIX.sub("", text.lower())
    return _COMMA.sub(".", _SPACED_DOT.sub(".", _DOT.sub(".", _AT.sub("@", text))))


def _read(token: str) -> tuple[str, tuple[Code, ...]]:
    """Return the address and what was found; no address for a placeholder."""
    match = _ADDRESS.fullmatch(token)
    if match is None or len(match[1]) > 64:
        return token, (INVALID,)
    tables = _tables()
    local, domain = match[1], match[2]
    label = domain.split(".")[0]
    filler = local in tables["filler"] and label in tables["filler"]
    if filler or token in tables["addresses"] or local in tables["locals"]:
        return "", (PLACEHOLDER,)
    judged = {
        ROLE: local in tables["roles"],
        DOMAIN_TYPO: domain in tables["typos"],
        MASKED: "**" in local or "xxx" in local,
    }
    return token, tuple(code for code, true in judged.items() if true)
