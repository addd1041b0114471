"""The closed vocabularies of the customer information model."""

from __future__ import annotations

from enum import StrEnum


class SemanticType(StrEnum):
    """What a field's values mean; each has one cleanser in ``quality/cleanse`` and one comparison in ``matching``."""

    PERSON_NAME = "person_name"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    ORGANIZATION_NAME = "organization_name"
    GENDER = "gender"
    DATE = "date"
    DATETIME = "datetime"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    ADDRESS = "address"
    STREET = "street"
    HOUSE_NUMBER = "house_number"
    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"
    POSTCODE = "postcode"
    COUNTRY = "country"
    NATIONAL_ID = "national_id"
    TAX_ID = "tax_id"
    LEI = "lei"
    IDENTIFIER = "identifier"
    INDUSTRY = "industry"
    CATEGORY = "category"
    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"


class EntityKind(StrEnum):
    """``party``: matched and merged; ``activity``: hangs on a party; ``relationship``: joins two parties."""

    PARTY = "party"
    ACTIVITY = "activity"
    RELATIONSHIP = "relationship"


class Privacy(StrEnum):
    """Personal-data class of a field (PIPL 个人信息 / 敏感个人信息, GDPR art. 4 and 9)."""

    NONE = "none"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Survivorship(StrEnum):
    """Which source value becomes the golden value (取值规则)."""

    MOST_TRUSTED = "most_trusted"
    MOST_RECENT = "most_recent"
    MOST_FREQUENT = "most_frequent"
    LONGEST = "longest"
    UNION = "union"


class MatchRole(StrEnum):
    """How a field takes part in deciding who is who."""

    IDENTIFIER = "identifier"
    """Issued to one customer for life: two different valid values mean two customers."""
    ATTRIBUTE = "attribute"
    """Evidence for or against, learned from the data."""
    NONE = "none"
    """Not an attribute of the customer's identity; never compared."""


class Severity(StrEnum):
    """``info``: changed for good reason; ``warning``: doubtful; ``error``: the value is not valid for its type."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
