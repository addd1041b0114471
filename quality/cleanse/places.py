"""Countries, states and postcodes as addresses in Latin letters write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from quality.cleanse.reference_data import reference


@dataclass(frozen=True)
class Places:
    """The tables of ``international_address.yaml``, ready for look-up."""

    countries: Mapping[str, str]
    """Name in lower case → ISO code."""
    states: Mapping[str, str]
    """Name in lower case → code; of the United States, Australia and Canada."""
    state_codes: Mapping[str, frozenset[str]]
    postcodes: Mapping[str, re.Pattern[str]]
    number_last: frozenset[str]


@cache
def places() -> Places:
    """Load the tables once."""
    data = reference("international_address")
    return Places(
        {name: code for code, names in data["countries"].items() for name in names},
        {name: code for states in data["states"].values() for code, name in states.items()},
        {country: frozenset(states) for country, states in data["states"].items()},
        {c: re.compile(rf"(?<![\w-])(?:{p})(?![\w-])") for c, p in data["postcodes"].items()},
        frozenset(data["number_last"].split()),
    )


def state_code(text: str, country: str) -> str:
    """Return the code of a state of the United States, Australia or Canada, '' where the text names none.

    Args:
        text: a code or a full name in any case.
        country: ISO code; a country without states here, or '', allows all of them.
    """
    known = places().state_codes
    allowed = known[country] if country in known else frozenset[str]().union(*known.values())
    code = places().states.get(text.lower().strip(" ."), text.upper().replace(".", "").strip())
    return code if code in allowed else ""
