"""Invented phone numbers and identifiers with the check digits of the real ones."""

from __future__ import annotations

import re
from datetime import date
from random import Random

_MOBILE = {"13": "0123456789", "15": "012356789", "16": "6", "17": "3678", "18": "0123456789", "19": "189"}
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_RIC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def digits(rng: Random, count: int) -> str:
    """Return ``count`` random digits."""
    return "".join(rng.choices("0123456789", k=count))


def mobile(rng: Random) -> str:
    """Return a mainland mobile number of a real range, 11 digits."""
    prefix = rng.choice(("13", "13", "15", "18", "18", "17", "19", "16"))
    return prefix + rng.choice(_MOBILE[prefix]) + digits(rng, 8)


def landline(rng: Random, area: str) -> str:
    """Return a mainland landline as ``area-number``; large cities have eight digits."""
    return f"{area}-{rng.randint(3, 8)}{digits(rng, 7)}"


def national_id(rng: Random, region: str, birth: date, female: bool) -> str:
    """Return an 18-digit resident identity number (GB 11643: check digit mod 11-2, MOD 11 gives X for 10)."""
    sequence = rng.randrange(100) * 10 + rng.randrange(5) * 2 + (0 if female else 1)
    body = f"{region}{birth:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _RIC_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def tax_id_china(rng: Random, region: str) -> str:
    """Return an 18-character unified social credit code (GB 32100, with the organization code of GB 11714)."""
    organization = digits(rng, 8)
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(int(d) * w for d, w in zip(organization, weights, strict=True)) % 11) % 11
    body = f"91{region}{organization}{'X' if check == 10 else check}"
    total = sum(_USCC.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + _USCC[(31 - total % 31) % 31]


def _vat_germany(rng: Random) -> str:
    body, product = rng.choice("123456789") + digits(rng, 7), 10
    for digit in body:
        product = 2 * (((int(digit) + product) % 10) or 10) % 11
    return f"DE{body}{(11 - product) % 10}"


def _vat_britain(rng: Random) -> str:
    body = rng.choice("123456789") + digits(rng, 6)
    total = sum(int(digit) * weight for digit, weight in zip(body, range(8, 1, -1), strict=True))
    return f"GB{body}{97 - total % 97:02d}"


def _vat_france(rng: Random) -> str:
    body = rng.choice("345678") + digits(rng, 7)
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(body))
    siren = f"{body}{-total % 10}"
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def tax_id_world(rng: Random, country: str) -> str:
    """Return a tax number of ``country`` with its check digits: VAT in DE, GB and FR, else '' where we know no rule."""
    makers = {"DE": _vat_germany, "GB": _vat_britain, "FR": _vat_france}
    return makers[country](rng) if country in makers else ""


def lei(rng: Random) -> str:
    """Return a 20-character legal entity identifier (ISO 17442, check digits of ISO 7064 mod 97-10)."""
    body = f"9845{digits(rng, 2)}" + "".join(rng.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=12))
    number = int("".join(str(int(char, 36)) for char in body) + "00")
    return f"{body}{98 - number % 97:02d}"


def patterned(rng: Random, pattern: str, area: str = "") -> str:
    """Fill a pattern: ``#`` is any digit, ``[347]`` one of the characters in it, ``~`` the area code.

    Args:
        pattern: e.g. ``+4420[37]#######``.
        area: put in place of ``~``.
    """
    text = re.sub(r"\[([^]]+)]", lambda found: rng.choice(found[1]), pattern.replace("~", area))
    return re.sub("#", lambda _: rng.choice("0123456789"), text)
