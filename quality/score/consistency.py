"""Rules between the fields of one record.

Each rule looks at distinct combinations of values and says whether they agree, or nothing where it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.cn_regions import province_of
from quality.cleanse.text import has_han
from quality.score.columns import Floats, array_of
from quality.score.reasons import Reasons
from schemas.model import EntityType

_RESIDENT = re.compile(r"[1-8]\d{16}[\dX]")
_TITLES = {"先生": "male", "Mr.": "male", "女士": "female", "Ms.": "female"}
_CHINESE = frozenset({"CN", "HK", "MO", "TW", "SG"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Two fields and what must hold between them; ``judge`` gets text or a tuple of texts, and may abstain."""

    one: str
    other: str
    judge: Callable[..., bool | None]


def consistency(table: pa.Table, entity: EntityType, reasons: Reasons) -> Floats:
    """Judge every record by the rules that apply to it.

    Args:
        table: standardised columns.
        entity: the entity type; rules about fields it lacks are left out.
        reasons: gets ``inconsistent:<field>:<field>`` for every broken rule.

    Returns:
        100 × share of the applicable rules that hold; NaN where none applies.
    """
    held, applied = np.zeros(table.num_rows), np.zeros(table.num_rows)
    for rule in RULES:
        if rule.one in table.column_names and rule.other in table.column_names and rule.one in entity.fields:
            verdict = _verdicts(rule, table)
            held += verdict == 1
            applied += verdict >= 0
            reasons.add(verdict == 0, "inconsistent", rule.one, rule.other)
    share: Floats = np.divide(100 * held, applied, out=np.full(table.num_rows, np.nan), where=applied > 0)
    return share


def _verdicts(rule: Rule, table: pa.Table) -> np.ndarray:
    """Return 1 where the rule holds, 0 where it is broken, -1 where it does not apply."""
    one, other = array_of(table, rule.one), array_of(table, rule.other)
    verdict = np.full(table.num_rows, -1, dtype=np.int8)
    both = np.flatnonzero(pc.and_(pc.is_valid(one), pc.is_valid(other)).to_numpy(zero_copy_only=False))
    known: dict[tuple[object, object], int] = {}
    pairs = zip(one.take(pa.array(both)).to_pylist(), other.take(pa.array(both)).to_pylist(), strict=True)
    for row, (a, b) in zip(both, pairs, strict=True):
        key = (tuple(a) if isinstance(a, list) else a, tuple(b) if isinstance(b, list) else b)
        if key not in known:
            said = rule.judge(*key)
            known[key] = -1 if said is None else int(said)
        verdict[row] = known[key]
    return verdict


def _born_as_id_says(birth_date: str, national_id: str) -> bool | None:
    if not _RESIDENT.fullmatch(national_id) or len(birth_date) != 10:
        return None
    return birth_date.replace("-", "") == national_id[6:14]


def _gender_as_id_says(gender: str, national_id: str) -> bool | None:
    if not _RESIDENT.fullmatch(national_id) or gender not in {"male", "female"}:
        return None
    return gender == ("male" if int(national_id[16]) % 2 else "female")


def _gender_as_title_says(gender: str, salutation: str) -> bool | None:
    said = _TITLES.get(salutation)
    return None if said is None or gender not in {"male", "female"} else gender == said


def _postcode_in_province(postcode: str, province: str) -> bool | None:
    if not re.fullmatch(r"\d{6}", postcode) or not has_han(province):
        return None
    home = province_of("post", postcode)
    return None if home is None else province.startswith(home)


def _landline_in_province(phones: Sequence[str], province: str) -> bool | None:
    """Mobiles move with their owners; landlines do not. One landline in the province is enough."""
    homes = [province_of("area", "0" + p[3:]) for p in phones if re.match(r"\+86(?!1[3-9]|[48]00)\d", p)]
    homes = [home for home in homes if home]
    if not homes or not has_han(province):
        return None
    return any(province.startswith(home) for home in homes if home)


def _phone_of_country(phones: Sequence[str], country: str) -> bool | None:
    regions = [_regions(phone) for phone in phones if phone.startswith("+")]
    regions = [found for found in regions if found]
    if not regions or not re.fullmatch(r"[A-Z]{2}", country):
        return None
    return any(country in found for found in regions)


@cache
def _calling_codes() -> dict[str, frozenset[str]]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return {str(code): frozenset(regions) for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()}


def _regions(phone: str) -> frozenset[str]:
    codes = _calling_codes()
    return next((codes[phone[1:n]] for n in (2, 3, 4) if phone[1:n] in codes), frozenset())


def _country_of_province(province: str, country: str) -> bool | None:
    return country in _CHINESE if re.search(r"(?:省|自治区)$", province) else None


def _name_of_parts(full_name: str, part: str) -> bool | None:
    if part in full_name:
        return True
    letters = re.sub(r"\W", "", full_name.casefold())
    return re.sub(r"\W", "", part.casefold()) in letters


def _city_in_address(city: str, address: str) -> bool | None:
    if not has_han(city) or not re.search(r"[市省]|自治区", address):
        return None  # an address that names no city at all
    return re.sub(r"(?:市|地区|自治州|盟)$", "", city) in address


def _after_birth(registered_on: str, birth_date: str) -> bool | None:
    if len(registered_on) < 10 or len(birth_date) != 10:
        return None
    return registered_on >= birth_date


RULES = (
    Rule("birth_date", "national_id", _born_as_id_says),
    Rule("gender", "national_id", _gender_as_id_says),
    Rule("gender", "salutation", _gender_as_title_says),
    Rule("full_name", "family_name", _name_of_parts),
    Rule("full_name", "given_name", _name_of_parts),
    Rule("postcode", "province", _postcode_in_province),
    Rule("phone", "province", _landline_in_province),
    Rule("phone", "country", _phone_of_country),
    Rule("province", "country", _country_of_province),
    Rule("city", "address", _city_in_address),
    Rule("registered_on", "birth_date", _after_birth),
)
"""All rules, in the order in which their reasons are given."""
