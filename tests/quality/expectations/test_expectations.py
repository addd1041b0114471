"""Expectations made from the model: what they find, that they agree with the scores, and that they tell no value."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pytest
import yaml

from quality.cleanse.findings import SCHEMA
from quality.cleanse.registry import cleanser_for
from quality.expectations import Batch, Bounds, Gravity, Kind, Outcome, Result, Usual, run_checkpoint
from quality.expectations.formats import formats
from quality.score import field_scores
from schemas.model import EntityType, Field, Label
from schemas.types import EntityKind, MatchRole, SemanticType, Severity

NOW = datetime(2026, 1, 15, tzinfo=UTC)
CASES = Path(__file__).parents[2] / "cases"
LABEL = Label("名称", "name")
OPTIONS = ("day_first", "digits")


def field(name: str, kind: SemanticType = SemanticType.TEXT, **more: object) -> Field:
    return Field(name, LABEL, kind, **more)  # type: ignore[arg-type]


THING = EntityType(
    "thing",
    LABEL,
    EntityKind.PARTY,
    {
        one.name: one
        for one in (
            field("name", required=True, weight=2),
            field("phone", SemanticType.PHONE, multi=True),
            field("number", SemanticType.NATIONAL_ID, match=MatchRole.IDENTIFIER),
            field("level", SemanticType.CATEGORY, allowed=("gold", "silver")),
            field("code", pattern="^[A-Z]+$"),
            field("since", SemanticType.DATE),
            field("worth", SemanticType.MONEY),
        )
    },
)


def findings(*rows: tuple[int, str, str, str]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, (*r, ""), strict=True)) for r in rows], schema=SCHEMA)


def batch(found: pa.Table | None = None, *, golden: bool = False, **columns: Sequence[object]) -> Batch:
    arrays = {n: pa.array(c, pa.list_(pa.string()) if THING[n].multi else pa.string()) for n, c in columns.items()}
    rows = len(next(iter(columns.values())))
    ids = pa.array([f"r{number}" for number in range(rows)])
    found = findings() if found is None else found
    return Batch("source.things", THING, ids, pa.table(arrays), found, list(THING.fields), golden=golden)


def check(one: Batch, **more: object) -> Outcome:
    (outcome,) = run_checkpoint([one], now=NOW, run_name="run 1", **more)  # type: ignore[arg-type]
    return outcome


def result(outcome: Outcome, name: str, kind: Kind) -> Result:
    (found,) = [one for one in outcome.results if (one.field, one.kind) == (name, kind)]
    return found


@pytest.mark.parametrize("kind", sorted(formats()))
def test_what_cleansing_accepts_has_the_form(kind: SemanticType) -> None:
    pattern = re.compile(formats()[kind].pattern)
    clean = cleanser_for(kind)
    seen = 0
    for case in yaml.safe_load((CASES / f"{kind.value}.yaml").read_text(encoding="utf-8")):
        options = {name: case[name] for name in OPTIONS if name in case}
        cleansed = clean(case["in"], case.get("country", "CN"), **options)
        if not any(code.severity in (Severity.ERROR, Severity.WARNING) for code in cleansed.codes):
            seen += len(cleansed.standard)
            assert [one for one in cleansed.standard if not pattern.fullmatch(one)] == []
    assert seen > 2


def test_what_is_wrong_is_found_and_named_by_record() -> None:
    outcome = check(
        batch(
            findings((1, "phone", "phone_invalid", "error"), (2, "phone", "phone_no_area_code", "warning")),
            name=["a", None, "c", "d"],
            phone=[["+8613812340001"], ["12", "+8613812340002"], ["62331234"], []],
            number=["11010519491231002X", "11010519491231002X", None, "H12345678"],
            level=["gold", "tin", None, "silver"],
            code=["AB", "ab", "AB", None],
            since=["1990-01-02", "0490-01-02", "1990", None],
            worth=["1", "-5.5", "13812340001", "x"],
        )
    )
    told = {
        (one.field, one.kind): one.examples
        for one in outcome.results
        if one.unexpected and one.kind not in (Kind.PRESENT, Kind.SOUND)
    }
    assert told == {
        ("phone", Kind.VALID): ("r1",),
        ("phone", Kind.FORMAT): ("r1", "r2"),
        ("number", Kind.UNIQUE): ("r0", "r1"),
        ("level", Kind.ALLOWED): ("r1",),
        ("code", Kind.PATTERN): ("r1",),
        ("since", Kind.RANGE): ("r1",),
        ("worth", Kind.RANGE): ("r2",),
        ("worth", Kind.FORMAT): ("r3",),
    }
    assert result(outcome, "phone", Kind.SOUND).examples == ("r1", "r2")
    assert result(outcome, "name", Kind.PRESENT).examples == ("r1",)
    assert not outcome.success  # a required field is empty in a quarter of the records
    assert {one.gravity for one in outcome.results if not one.success} == set(Gravity)


def test_golden_records_share_no_identifier_at_all() -> None:
    numbers = [f"H{number:08d}" for number in range(100)] + ["H00000000"]
    for golden in (False, True):
        outcome = check(batch(name=["a"] * 101, number=numbers, golden=golden))
        assert result(outcome, "number", Kind.UNIQUE).success is not golden


def test_a_fall_below_the_usual_is_critical() -> None:
    one = batch(name=["a"] * 10, level=["gold"] * 5 + [None] * 5)
    assert check(one).success
    assert check(one, usual={one.name: Usual(12, {"level": 0.59})}).success
    for usual, kind, name in ((Usual(13, {}), Kind.ROWS, ""), (Usual(10, {"level": 0.7}), Kind.PRESENT, "level")):
        outcome = check(one, usual={one.name: usual})
        assert not outcome.success
        assert [(r.field, r.kind) for r in outcome.results if not r.success] == [(name, kind)]


def test_bounds_can_be_set() -> None:
    one = batch(name=["a", None, "c", "d"])
    assert not check(one).success
    assert check(one, bounds=Bounds(required_missing=0.25)).success


def test_repeated_keys_are_found_though_one_row_of_a_key_is_kept() -> None:
    one = batch(name=["a", "b"])
    keys = pa.table({"record": ["r0", "r1", None], "key": ["k1", "k2", "k1"]})
    outcome = check(Batch(**{**vars(one), "keys": keys}))
    found = result(outcome, "", Kind.KEY)
    assert (found.success, found.unexpected, found.examples) == (False, 2, ("r0",))


def test_a_batch_without_any_value_is_judged_without_complaint_but_for_what_is_required() -> None:
    outcome = check(batch(name=[None, None]))
    assert [(r.field, r.kind) for r in outcome.results if not r.success] == [("name", Kind.PRESENT)]


@pytest.mark.parametrize("seed", range(4))
def test_it_measures_what_the_scores_measure(seed: int) -> None:
    chance = random.Random(seed)
    rows = chance.randrange(1, 120)

    def value(name: str) -> object:
        texts = [f"{name}{chance.randrange(30)}" for _ in range(chance.randrange(3))]
        return texts if THING[name].multi else (texts[0] if texts else None)

    found = findings(
        *(
            (chance.randrange(rows), name, code, severity)
            for name in THING.fields
            for code, severity in (("bad", "error"), ("odd", "warning"), ("placeholder", "error"), ("fine", "info"))
            for _ in range(chance.randrange(rows))
        )
    )
    one = batch(found, **{name: [value(name) for _ in range(rows)] for name in THING.fields})
    agrees(check(one), field_scores(one.table, found, THING).to_pylist())


def agrees(outcome: Outcome, scores: Sequence[dict[str, object]]) -> None:
    """Completeness, validity and uniqueness of every field are the same in both."""
    for score in scores:
        name = str(score["field"])
        present, valid, sound = (result(outcome, name, kind) for kind in (Kind.PRESENT, Kind.VALID, Kind.SOUND))
        assert 100 * (present.observed or 0) == pytest.approx(score["completeness"])
        filled = valid.elements - valid.missing
        assert (filled, valid.unexpected) == (score["filled"], score["errors"])
        assert sound.unexpected - valid.unexpected == score["warnings"]
        if filled:
            doubtful = sound.unexpected - valid.unexpected
            assert 100 * (filled - valid.unexpected - 0.5 * doubtful) / filled == pytest.approx(score["validity"])
        distinct = [one for one in outcome.results if (one.field, one.kind) == (name, Kind.DISTINCT)]
        for one in distinct:
            assert 100 * (one.observed or 0) == pytest.approx(score["uniqueness"])
        assert bool(distinct) == (bool(filled) and THING[name].type is not SemanticType.CATEGORY)


def test_the_pages_stand_alone_and_tell_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    canary = "canary4711"
    one = batch(
        name=[canary, None],
        phone=[[canary], [canary, canary]],
        number=[canary, canary],
        level=[canary, canary],
        since=[canary, "0001"],
    )
    outcome = check(one, docs=tmp_path / "docs")
    check(one, docs=tmp_path / "docs")  # written again in place of the first
    pages = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "docs").rglob("*.html")}
    assert len(pages) >= 5
    assert canary not in repr(outcome)
    for path, page in pages.items():
        assert canary not in page, path
        assert "<script" not in page
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", page), path
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "home"]
    assert list(home.iterdir()) == []
    links = re.findall(r'href="([^"]+)"', pages[tmp_path / "docs" / "index.html"])
    assert len(links) == 2  # the rows, and the values of the field that may have several
    assert all((tmp_path / "docs" / unquote(link)).exists() for link in links)
