"""Built sets of Chinese persons and companies: families, namesakes, branches and siblings are no matches."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks import hard_errors as errors
from benchmarks.hard_sources import (
    FORMS,
    ROADS,
    TRADES,
    brands,
    characters,
    identity_number,
    places,
    surnames,
)

Row = dict[str, str]


def _address(rng: Random) -> tuple[str, str, str, str, str]:
    """Return province, city, district, street with number, and room."""
    street = f"{rng.choice(ROADS)}{rng.choice(['路', '街', '大道', '东路', '西路'])}{rng.randrange(1, 400)}号"
    return (*rng.choice(places()), street, f"{rng.randrange(1, 20)}号楼{rng.randrange(101, 1800)}室")


def _mobile(rng: Random) -> str:
    return f"1{rng.choice('3578')}{rng.randrange(10**9):09d}"


def _given(gender: str, rng: Random) -> str:
    return "".join(characters(gender).draw(rng) for _ in range(1 if rng.random() < 0.2 else 2))


def _person(rng: Random, relative: Row | None = None, namesake: Row | None = None) -> Row:
    gender = rng.choice(["male", "female"])
    province, city, district, street, room = _address(rng)
    birth = f"{rng.randrange(1950, 2005)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
    name = (relative["name"][0] if relative else surnames().draw(rng)) + _given(gender, rng)
    person = {
        "name": namesake["name"] if namesake else name,
        "gender": {"male": "男", "female": "女"}[namesake["sex"] if namesake else gender],
        "sex": namesake["sex"] if namesake else gender,
        "birth": birth,
        "phone": _mobile(rng),
        "province": province,
        "city": city,
        "district": district,
        "street": street,
        "room": room,
        "identity": identity_number("110105", birth, rng),
        "email": f"{rng.choice(['a', 'wx', 'q', 'm'])}{rng.randrange(10**8)}@{rng.choice(['qq.com', '163.com'])}",
    }
    if relative:
        person |= {k: relative[k] for k in ("province", "city", "district", "street", "room")}
        if rng.random() < 0.5:
            person["phone"] = relative["phone"]
    return person


def line(one: Row, rng: Random) -> str:
    """Write an address in one line, with levels left out the way people do."""
    province = rng.choices([one["province"], one["province"].removesuffix("省").removesuffix("市"), ""], (3, 1, 2))[0]
    city = rng.choices([one["city"], one["city"].removesuffix("市")], (4, 1))[0] if province != one["city"] else ""
    room = rng.choices([one["room"], one["room"].replace("号楼", "-").removesuffix("室"), ""], (4, 1, 1))[0]
    return f"{province}{city}{one['district'] if rng.random() < 0.85 else ''}{one['street']}{room}"


def _name(name: str, sex: str, rng: Random) -> str:
    """Write a person's name as it is, mistyped, in another script, or only as a form of address."""
    kind = rng.choices(range(6), (70, 8, 5, 6, 8, 3))[0]
    title = "先生" if sex == "male" else "女士"
    return [
        name,
        errors.homophone(name, rng),
        errors.traditional(name),
        errors.pinyin(name, rng),
        f"{name[0]}{title}",
        f"{name}{title}",
    ][kind]


def _view(one: Row, rng: Random, keep: float) -> Row:
    """Write one record of a person; every field but the name is there with probability ``keep``."""
    said = {
        "姓名": _name(one["name"], one["sex"], rng),
        "性别": one["gender"],
        "手机号": errors.phone(one["phone"], rng) if rng.random() < 0.93 else _mobile(rng),
        "出生日期": rng.choice(["{}-{}-{}", "{}/{}/{}", "{}年{}月{}日"]).format(
            one["birth"][:4], one["birth"][4:6], one["birth"][6:]
        ),
        "身份证号": one["identity"] if rng.random() < 0.95 else one["identity"].lower(),
        "城市": one["city"],
        "地址": line(one, rng),
        "邮箱": one["email"],
    }
    return {k: v if k == "姓名" or rng.random() < keep else "" for k, v in said.items()}


def persons(count: int, columns: tuple[str, ...], keep: float, rng: Random) -> tuple[list[Row], list[int]]:
    """Build records of about ``count / 1.6`` persons, a fifth of them relatives or namesakes of others."""
    rows: list[Row] = []
    truth: list[int] = []
    known: list[Row] = []
    while len(rows) < count:
        kind = rng.random()
        one = _person(
            rng,
            relative=rng.choice(known) if known and kind < 0.15 else None,
            namesake=rng.choice(known) if known and 0.15 <= kind < 0.2 else None,
        )
        known.append(one)
        for _ in range(rng.choices([1, 2, 3], (55, 32, 13))[0]):
            view = _view(one, rng, keep)
            rows.append({c: view[c] for c in columns})
            truth.append(len(known))
    return rows, truth


def _company(rng: Random, relative: Row | None) -> Row:
    province, city, district, street, room = _address(rng)
    one = {
        "brand": rng.choice(brands()),
        "trade": rng.choice(TRADES),
        "form": rng.choices(FORMS, (10, 2, 2, 1))[0],
        "region": city.removesuffix("市"),
        "branch": "",
        "contact": surnames().draw(rng) + _given("male", rng),
        "phone": rng.choice(
            [_mobile(rng), f"0{rng.randrange(310, 999)}-{rng.randrange(2, 9)}{rng.randrange(10**7):07d}"]
        ),
        "province": province,
        "city": city,
        "district": district,
        "street": street,
        "room": room,
    }
    if relative is None:
        return one
    kept = ("brand", "form") if rng.random() < 0.5 else ("brand", "trade", "form", "region")
    one |= {k: relative[k] for k in kept}
    while len(kept) == 2 and one["trade"] == relative["trade"]:  # a sibling of one name at one door is no other company
        one["trade"] = rng.choice(TRADES)
    if len(kept) == 4:
        one["branch"] = f"{one['city'].removesuffix('市')}分公司"
    elif rng.random() < 0.6:
        one |= {k: relative[k] for k in ("region", "province", "city", "district", "street", "room", "phone")}
    return one


def _company_name(one: Row, rng: Random) -> str:
    """Write a company's name: registered, its region left out or put in brackets, short, in traditional characters."""
    region, brand, trade, form, branch = (one[k] for k in ("region", "brand", "trade", "form", "branch"))
    kind = rng.choices(range(6), (50, 12, 10, 10, 8, 10))[0]
    return [
        f"{region}{brand}{trade}{form}",
        f"{region}市{brand}{trade}{form}",
        f"{brand}（{region}）{trade}{form}",
        f"{brand}{trade}",
        errors.traditional(f"{region}{brand}{trade}{form}"),
        f"{brand}{trade}{form}",
    ][kind] + branch


def _company_view(one: Row, rng: Random, keep: float) -> Row:
    name = _company_name(one, rng)
    if rng.random() < 0.06:
        name += f"（{one['contact'][0]}总）"
    said = {
        "公司名称": name,
        "联系人": _name(one["contact"], "male", rng)
        if rng.random() < 0.8
        else surnames().draw(rng) + _given("male", rng),
        "电话": one["phone"] if "-" in one["phone"] else errors.phone(one["phone"], rng),
        "城市": one["city"],
        "地址": line(one, rng),
    }
    return {k: v if k == "公司名称" or rng.random() < keep else "" for k, v in said.items()}


def companies(count: int, columns: tuple[str, ...], keep: float, rng: Random) -> tuple[list[Row], list[int]]:
    """Build records of companies, a fifth of them siblings or branches of others."""
    rows: list[Row] = []
    truth: list[int] = []
    known: list[Row] = []
    while len(rows) < count:
        one = _company(rng, rng.choice(known) if known and rng.random() < 0.2 else None)
        known.append(one)
        for _ in range(rng.choices([1, 2, 3], (55, 32, 13))[0]):
            view = _company_view(one, rng, keep)
            rows.append({c: view[c] for c in columns})
            truth.append(len(known))
    return rows, truth


def shifted(
    build: Callable[..., tuple[list[Row], list[int]]], share: float
) -> Callable[..., tuple[list[Row], list[int]]]:
    """Return a builder whose lines are thrown together with probability ``share``."""

    def run(count: int, columns: tuple[str, ...], keep: float, rng: Random) -> tuple[list[Row], list[int]]:
        rows, truth = build(count, columns, keep, rng)
        for row in rows:
            if rng.random() < share:
                row |= dict(zip(columns, errors.shift([row[c] for c in columns], rng), strict=True))
        return rows, truth

    return run
