"""Which parts of a value each semantic type can give to derived fields (``derived: full_name.family``)."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.types import SemanticType

PARTS: Mapping[SemanticType, frozenset[str]] = {
    SemanticType.PERSON_NAME: frozenset({"family", "given", "middle", "pinyin", "title", "suffix", "remark"}),
    SemanticType.ORGANIZATION_NAME: frozenset({"region", "brand", "trade", "form", "branch", "contact", "remark"}),
    SemanticType.ADDRESS: frozenset(
        {"province", "city", "district", "street", "house_number", "room", "postcode", "country"}
    ),
    SemanticType.NATIONAL_ID: frozenset({"gender", "birth_date"}),
}
