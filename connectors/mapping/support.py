"""How well the values of a column support one field: do they fit, and would they prove it alone?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.mapping.profile import ColumnProfile
from schemas.model import Field
from schemas.types import SemanticType


@dataclass(frozen=True, slots=True)
class Support:
    """``fit``: share of values that may be of this type. ``proof``: how surely they are, whatever the header says."""

    fit: float
    proof: float = 0.0


def support(field: Field, column: ColumnProfile) -> Support:
    """Judge the values of ``column`` for ``field``; an empty column supports everything a little."""
    if column.filled == 0 or (column.filled <= 2 and column.fill < 0.02):
        return Support(0.7)
    judge = _BY_FIELD.get(field.name) or _BY_TYPE.get(field.type) or (lambda _: Support(1.0))
    return judge(column)


def _person_name(column: ColumnProfile) -> Support:
    people = max(column.share("person_zh"), min(1.0, column.share("person_en") * 1.4))
    organizations = column.share("organization")
    fit = max(column.share("name_like"), people) * (1 - organizations)
    if column.filled >= 100 and column.variety < 0.03:
        fit *= 0.5  # a handful of names over and over: the salesman, not the customer
        people = 0.0
    return Support(fit, people * (1 - organizations))


def _given_name(column: ColumnProfile) -> Support:
    fit = column.share("name_like") * (1 - column.share("organization"))
    if column.share("full_name") > 0.75:
        fit *= 0.4
    return Support(fit, min(1.0, column.share("person_en") * 1.2) if column.share("surname_zh") < 0.5 else 0.0)


def _family_name(column: ColumnProfile) -> Support:
    return Support(column.share("name_like") * (1 - column.share("organization")), column.share("surname_zh"))


def _organization_name(column: ColumnProfile) -> Support:
    organizations = column.share("organization")
    people = column.share("person_zh")
    fit = max(column.share("letters") - 0.9 * people - column.share("at"), organizations)
    if column.share("address_zh") > 0.5:
        fit *= 0.3
    return Support(fit * (0.4 if column.share("date") > 0.5 else 1), organizations)


def _address(column: ColumnProfile) -> Support:
    western = max(column.share("address_en"), 0.8 * column.share("european_address"))
    proof = max(column.share("address_zh"), 0.8 * column.share("address_en"))
    texts = max(column.share("letters") - column.share("at") - column.share("url"), 0.0)
    # "# 701" and "12" are second lines and house numbers; only a header can say so.
    fit = max(proof, western, texts + 0.7 * min(column.share("house_number"), 1 - column.share("letters")))
    return Support(fit * (1 - 0.7 * column.share("date")), proof)


def _place(column: ColumnProfile) -> Support:
    codes = column.share("area_code")
    return Support(max(column.share("place_like"), 0.75 * codes if column.distinct > 15 else 0.3 * codes))


def _city(column: ColumnProfile) -> Support:
    return Support(_place(column).fit, column.share("city") if column.share("organization") < 0.1 else 0.0)


def _province(column: ColumnProfile) -> Support:
    return Support(_place(column).fit, column.share("province") if column.distinct >= 3 else 0.0)


def _country(column: ColumnProfile) -> Support:
    named = column.share("country")
    coded = max(column.share("country_code"), column.share("place_like"), 0.8 * column.share("area_code"))
    return Support(max(named, coded if column.variety < 0.6 or column.filled < 30 else 0.4 * coded), named)


def _phone(column: ColumnProfile) -> Support:
    proof = max(column.share("mobile"), 0.9 * column.share("formatted_phone"))
    dates = max(0.0, column.share("date") - column.share("mobile"))
    return Support(max(proof, column.share("phone_like") * (1 - dates)), proof)


def _gender(column: ColumnProfile) -> Support:
    if column.distinct > 60 and column.share("gender") < 0.6:
        return Support(0.2 * column.share("gender"))
    return Support(column.share("gender"), column.share("clear_gender") if column.distinct <= 12 else 0.0)


def _date(column: ColumnProfile) -> Support:
    return Support(column.share("date_like"))


def _birth_date(column: ColumnProfile) -> Support:
    return Support(column.share("date_like"), column.birth_years)


def _category(column: ColumnProfile) -> Support:
    few = column.distinct <= 60 or column.variety < 0.2
    return Support(1.0 if few else 0.4)


def _customer_no(column: ColumnProfile) -> Support:
    # A number that repeats is rather a reference to another table than the customer's own.
    return Support(column.share("code") * (1.0 if column.variety >= 0.95 else 0.6))


def _identifier(column: ColumnProfile) -> Support:
    return Support(column.share("code"))


_BY_TYPE: Mapping[SemanticType, Callable[[ColumnProfile], Support]] = {
    SemanticType.PERSON_NAME: _person_name,
    SemanticType.GIVEN_NAME: _given_name,
    SemanticType.FAMILY_NAME: _family_name,
    SemanticType.ORGANIZATION_NAME: _organization_name,
    SemanticType.GENDER: _gender,
    SemanticType.DATE: _date,
    SemanticType.DATETIME: _date,
    SemanticType.PHONE: _phone,
    SemanticType.EMAIL: lambda c: Support(min(1.0, 1.1 * c.share("at")), c.share("email")),
    SemanticType.URL: lambda c: Support(c.share("url"), c.share("url")),
    SemanticType.ADDRESS: _address,
    SemanticType.STREET: _address,
    SemanticType.HOUSE_NUMBER: lambda c: Support(c.share("house_number")),
    SemanticType.DISTRICT: _place,
    SemanticType.CITY: _city,
    SemanticType.PROVINCE: _province,
    SemanticType.POSTCODE: lambda c: Support(c.share("postcode")),
    SemanticType.COUNTRY: _country,
    SemanticType.NATIONAL_ID: lambda c: Support(c.share("identity_code"), c.share("cn_id")),
    SemanticType.TAX_ID: lambda c: Support(max(c.share("identity_code"), c.share("uscc")), c.share("uscc")),
    SemanticType.LEI: lambda c: Support(c.share("lei"), c.share("lei")),
    SemanticType.IDENTIFIER: _identifier,
    SemanticType.INDUSTRY: lambda c: Support(1.0 if c.share("number") < 0.5 or c.distinct < 200 else 0.4),
    SemanticType.CATEGORY: _category,
    SemanticType.MONEY: lambda c: Support(c.share("number")),
    SemanticType.NUMBER: lambda c: Support(max(c.share("number"), 0.6 * c.share("house_number"))),
}

_BY_FIELD: Mapping[str, Callable[[ColumnProfile], Support]] = {
    "birth_date": _birth_date,
    "customer_no": _customer_no,
    "salutation": lambda c: Support(c.share("salutation"), c.share("salutation")),
    "name_suffix": lambda c: Support(c.share("suffix"), c.share("suffix")),
    "name_pinyin": lambda c: Support(c.share("latin") * c.share("name_like")),
    "job_title": lambda c: Support(c.share("letters") * (1 - c.share("salutation")), c.share("job")),
    "room": lambda c: Support(c.share("short")),
    "established_on": lambda c: Support(max(c.share("date_like"), c.share("number"))),
}
