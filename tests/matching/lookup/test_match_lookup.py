"""One row against a few others gets what applying the model to a table of them gives, to the last bit."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from matching import Model, apply, blocking_keys, columns_of, train
from matching.lookup import Lookup
from matching.lookup.scoring import RememberingScorer
from schemas.loader import builtin_model
from schemas.types import MatchRole

Record = Mapping[str, Any]
FAMILY = ("王", "李", "欧阳", "Smith", "Müller", "O'Brien", "Wong", "van der Berg")
GIVEN = ("小明", "明", "秀英", "John", "Johnny", "Anna Maria", "Anna-Maria", "J", "Ka Ming")
CITIES = ("上海", "杭州", "Berlin", "New York")
STREETS = ("南京路", "文三路", "Main Street", "Mian Street", "Hauptstr")
BRANDS = ("华兴", "安康得雅", "Nordwind", "Acme Tools", "中国平安")
TRADES = ("科技", "信息科技", "贸易", "")
FORMS = ("有限公司", "集团", "GmbH", "Ltd", "")
IDS = ("110101199003078515", "110101199003078523", "91310000MA1FL0LL1X", "440301198201014530")


def person(rng: random.Random) -> Record:
    """A customer, much of it missing, some of it in several values."""
    family, given = rng.choice(FAMILY), rng.choice(GIVEN)
    number = f"138{rng.randrange(40):08d}"
    row = {
        "family_name": family,
        "given_name": given,
        "full_name": f"{family}{given}",
        "gender": rng.choice("MF"),
        "birth_date": f"19{rng.randrange(60, 99)}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}",
        "phone": rng.choice(([number], [number, f"+4930{rng.randrange(30):07d}"], ["138****0012"])),
        "email": [f"{given.lower()[:4]}{rng.randrange(20)}@{rng.choice(('qq.com', '163.com'))}"],
        "city": rng.choice(CITIES),
        "street": rng.choice(STREETS),
        "house_number": rng.choice(("12号", "12a", "7")),
        "postcode": rng.choice(("200000", "310000")),
        "national_id": rng.choice(IDS),
    }
    return {name: value for name, value in row.items() if rng.random() < 0.7}


def organization(rng: random.Random) -> Record:
    """A company, with the parts of its name or without."""
    brand, trade, form = rng.choice(BRANDS), rng.choice(TRADES), rng.choice(FORMS)
    row = {
        "name": f"{brand}{trade}{form}",
        "name_brand": brand,
        "name_trade": trade or None,
        "name_region": rng.choice(("上海", "浦东", "上海浦东", None)),
        "legal_form": form or None,
        "branch": rng.choice((None, None, "温州分公司")),
        "phone": [f"+8621{rng.randrange(40):08d}"],
        "website": rng.choice(("https://www.acme.com/de", "acme.cn")),
        "address": rng.choice(("上海市南京路12号", "Hauptstr 7, Berlin")),
        "city": rng.choice(CITIES),
        "tax_id": rng.choice(IDS),
    }
    return {name: value for name, value in row.items() if value is not None and rng.random() < 0.75}


def tables(entity: str, rows: Sequence[Record]) -> tuple[pa.Table, pa.Table]:
    """Return the columns that occur, and the identifiers."""
    fields = builtin_model()[entity].fields
    columns = {
        name: pa.array([row.get(name) for row in rows], pa.list_(pa.string()) if field.multi else pa.string())
        for name, field in fields.items()
        if any(name in row for row in rows)
    }
    found = pa.table(columns)
    strong = [n for n, f in fields.items() if f.match is MatchRole.IDENTIFIER and n in found.column_names]
    return found, found.select(strong)


def proofs(entity: str, row: Record) -> Record:
    """Return the identifiers of a row."""
    fields = builtin_model()[entity].fields.values()
    return {one.name: row.get(one.name) for one in fields if one.match is MatchRole.IDENTIFIER}


MAKERS = {"person": person, "organization": organization}


@pytest.fixture(scope="module", params=["person", "organization"])
def learned(request: pytest.FixtureRequest) -> tuple[str, list[Record], Model]:
    """Rows, some of them twice, and the model learned from them."""
    rng = random.Random(7)
    rows = [MAKERS[request.param](rng) for _ in range(700)]
    rows += rng.sample(rows, 100)
    table, identifiers = tables(request.param, rows)
    return request.param, rows, train(table, columns_of(builtin_model()[request.param], table), identifiers=identifiers)


def test_odds_and_explanations_are_those_of_the_engine(learned: tuple[str, list[Record], Model]) -> None:
    entity, rows, model = learned
    rng, lookup = random.Random(1), Lookup(model)
    seen = 0
    for _ in range(60):
        others = rng.sample(rows, rng.randrange(25))
        row = rng.choice([MAKERS[entity](rng), rng.choice(rows), *others[:1]])
        if not row:
            continue
        table, identifiers = tables(entity, [*others, row])
        last = len(others)
        pairs = np.stack([np.arange(last), np.full(last, last)], axis=1)
        whole = apply(table, model, identifiers=identifiers, candidates=pairs, closed=True)
        lean = lookup.compare(row, proofs(entity, row), others, [proofs(entity, one) for one in others])
        assert lean.probabilities.tolist() == whole.probabilities(*pairs.T).tolist()
        explained = list(whole.explain_many([last] * last, range(last)))
        assert [one.to_dict() for one in lean.explain(range(last))] == [one.to_dict() for one in explained]
        seen += sum(one.together for one in explained)
    assert seen


def test_keys_are_those_of_the_engine(learned: tuple[str, list[Record], Model]) -> None:
    entity, rows, model = learned
    lookup, rng = Lookup(model), random.Random(2)
    made = 0
    for row in filter(None, rng.sample(rows, 150)):
        table, identifiers = tables(entity, [row])
        whole = blocking_keys(table, model, identifiers)
        lean = lookup.keys(row, proofs(entity, row))
        assert sorted(lean) == sorted({*zip(whole.rules.tolist(), whole.keys.tolist(), strict=True)})
        made += len(lean)
    assert made > 300


def test_patterns_are_weighed_once_and_forgotten_when_there_are_too_many(
    learned: tuple[str, list[Record], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    entity, rows, model = learned
    monkeypatch.setattr("matching.lookup.scoring.MOST", 30)
    lookup, row = Lookup(model), next(one for one in rows if len(one) > 5)
    others = [one for one in rows if one][:100]
    proven = [proofs(entity, one) for one in others]
    first = lookup.compare(row, proofs(entity, row), others, proven)
    assert isinstance(first.scorer, RememberingScorer)
    before = first.probabilities.tolist()
    known = dict(first.scorer.known)
    assert known
    for start in range(0, 100, 20):
        some = lookup.compare(row, proofs(entity, row), others[start : start + 20], proven[start : start + 20])
        assert some.probabilities.tolist() == before[start : start + 20]
    assert len(first.scorer.known) <= len(known)
