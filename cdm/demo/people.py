"""Invented persons: who they truly are, before any system writes them down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cdm.demo.numbers import digits, landline, mobile, national_id, patterned
from cdm.demo.places import Address, china, moved, world
from cdm.demo.words import Spelled, chance, listed, spelled, surnames, weighted, words


@dataclass(frozen=True, slots=True)
class Person:
    """One person. ``family`` and ``given`` are (characters, pinyin); both are the same outside China."""

    truth_id: str
    family: Spelled
    given: Spelled
    female: bool
    birth: date
    identity: str
    mobile: str
    second_phone: str
    email: str
    wechat: str
    home: Address
    old_home: Address
    job: str
    since: date

    @property
    def country(self) -> str:
        """Where the person lives: ISO alpha-2."""
        return self.home.country

    @property
    def chinese(self) -> bool:
        """True for a person with a Chinese name."""
        return self.country == "CN"

    @property
    def name(self) -> str:
        """The name in the order of the person's language."""
        return f"{self.family[0]}{self.given[0]}" if self.chinese else f"{self.given[0]} {self.family[0]}"


def _surname(rng: Random) -> Spelled:
    names, weights = surnames()
    return rng.choices(names, weights=weights)[0]


def _given(rng: Random, female: bool) -> Spelled:
    gender = "female" if female else "male"
    if chance(rng, 0.3):
        return rng.choice(spelled("persons", f"common_{gender}"))
    pool = spelled("persons", gender)
    if chance(rng, 0.12):
        return rng.choice(pool)
    (first, sound), (second, echo) = rng.sample(pool, 2)
    return first + second, sound + echo


def _birth(rng: Random, today: date) -> date:
    return today - timedelta(days=rng.randint(20 * 365, 72 * 365))


def _email(rng: Random, family: Spelled, given: Spelled, birth: date, chinese: bool) -> str:
    if not chinese:
        first, last = (_ascii(given[1]), _ascii(family[1]))
        local = rng.choice((f"{first}.{last}", f"{first[:1]}{last}", f"{last}.{first}")) + digits(rng, 2)
        return f"{local}@{rng.choice(listed('persons', 'mail_western'))}"
    domain = rng.choice(listed("persons", "mail_zh"))
    if domain == "qq.com" or chance(rng, 0.2):
        return f"{rng.randint(1, 9)}{digits(rng, rng.randint(7, 9))}@{domain}"
    local = rng.choice((given[1] + family[1], family[1] + given[1], f"{family[1]}_{given[1]}"))
    return f"{local}{rng.choice((f'{birth:%y%m}', f'{birth:%m%d}', digits(rng, 3)))}@{domain}"


def _ascii(text: str) -> str:
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "é": "e", "è": "e", "'": "", " ": "", "ß": "ss"})
    return text.lower().translate(table)


def chinese_person(rng: Random, truth_id: str, today: date) -> Person:
    """Return a person living in China."""
    female, birth, home = chance(rng, 0.48), _birth(rng, today), china(rng, office=False)
    family, given = _surname(rng), _given(rng, female)
    return Person(
        truth_id=truth_id,
        family=family,
        given=given,
        female=female,
        birth=birth,
        identity=national_id(rng, str(rng.choice(words("places")["birthplaces"])), birth, female),
        mobile=mobile(rng),
        second_phone=mobile(rng) if chance(rng, 0.4) else landline(rng, home.area),
        email=_email(rng, family, given, birth, True),
        wechat=rng.choice((f"wxid_{digits(rng, 9)}", family[1] + given[1] + digits(rng, 4))),
        home=home,
        old_home=moved(rng, home, office=False),
        job=rng.choice(listed("persons", "jobs")),
        since=today - timedelta(days=rng.randint(20, 3600)),
    )


def western_person(rng: Random, truth_id: str, today: date) -> Person:
    """Return a person living elsewhere."""
    female, birth, home = chance(rng, 0.48), _birth(rng, today), world(rng, office=False)
    first = rng.choice(listed("persons", "western_female" if female else "western_male"))
    last = rng.choice(listed("persons", "western_surnames"))
    pattern = words("places")["world"][home.country]
    return Person(
        truth_id=truth_id,
        family=(last, last),
        given=(first, first),
        female=female,
        birth=birth,
        identity="",
        mobile=patterned(rng, pattern["mobile"], home.area),
        second_phone=patterned(rng, pattern["landline"], home.area),
        email=_email(rng, (last, last), (first, first), birth, False),
        wechat="",
        home=home,
        old_home=moved(rng, home, office=False),
        job="",
        since=today - timedelta(days=rng.randint(20, 3600)),
    )


def relative(rng: Random, person: Person, truth_id: str, today: date) -> Person:
    """Return a member of the same household: spouse, child or twin, sharing address and home phone."""
    make = chinese_person if person.chinese else western_person
    other = make(rng, truth_id, today)
    kind = weighted(rng, {"spouse": 5, "child": 4, "twin": 1})
    shared_mobile = person.mobile if chance(rng, 0.25) else other.mobile
    other = replace(other, home=person.home, second_phone=person.second_phone, mobile=shared_mobile)
    if kind == "spouse" and person.chinese:
        return other
    birth = person.birth if kind == "twin" else other.birth
    identity = national_id(rng, person.identity[:6], birth, other.female) if person.chinese else ""
    email = _email(rng, person.family, other.given, birth, person.chinese)
    while other.given == person.given:
        other = replace(other, given=make(rng, truth_id, today).given)
    return replace(other, family=person.family, birth=birth, identity=identity, email=email)
