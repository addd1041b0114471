"""What is published is what the hub holds, however often and from wherever; masked, safe and whole."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hub_pages import Clock
from random_life import RandomLife
from small_company import write_csv
from sqlalchemy import MetaData, create_engine, make_url, select, text

from cdm.errors import Conflict, NotFound
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.publish import How, Options, TargetFailed, TargetRefused, add_target, publish_all, remove_target
from cdm.pipeline.publish import database as publishing
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.security import Role

HEADER = ("编号", "姓名", "手机", "邮箱", "生日", "身份证", "备注")
ROWS = (
    ("=1+1", "王小明", "13812340001", "wang@firma.cn", "1980-01-02", "11010519491231002X", "=HYPERLINK(1)"),
    ("K2", "李雷", "13912340002", "lilei@firma.cn", "1990", "", "@SUM(A1)"),
    ("K3", "韩梅梅", "13712340003", "hanmm@firma.cn", "", "", ""),
)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Hub]:
    """A hub of three customers; what is published of it does not depend on the kind of its store."""
    path = write_csv(tmp_path / "crm.csv", HEADER, ROWS)
    with open_hub(str(tmp_path / "hub.db"), now=Clock()) as hub:
        add_source(hub, NewSource("crm", str(path), options={"key": "编号"}, entity="person"))
        run_all(hub)
        yield hub


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of others to publish to."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'others.db'}"
    url: str = request.getfixturevalue("postgres_url")
    name = f"others_{tmp_path.name}".lower().replace("-", "_")[:60]
    server = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def tables(url: str, prefix: str = "golden") -> dict[str, list[dict[str, Any]]]:
    """Return everything a database holds, but for the note of how far it has got."""
    engine, found = create_engine(url), MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        rows = {t.name: [dict(r) for r in connection.execute(select(t)).mappings()] for t in found.sorted_tables}
    engine.dispose()
    return {
        name.removeprefix(prefix): sorted(held, key=repr)
        for name, held in rows.items()
        if name.startswith(f"{prefix}_") and name != f"{prefix}_published"
    }


def run(hub: Hub, *names: str, **more: Any) -> list[How]:
    done = publish_all(hub, names or None, **more)
    for one in done:
        if one.error is not None:
            raise one.error
    return [one.how for one in done]


def test_a_database_in_step_holds_what_one_written_anew_holds(hub: Hub, database: str, tmp_path: Path) -> None:
    life = RandomLife(hub, tmp_path, seed=3, people=120)
    life.begin()
    add_target(hub, "step", database, Options(Role.ADMINISTRATOR, sensitive=True))
    add_target(hub, "anew", database, Options(Role.ADMINISTRATOR, sensitive=True, prefix="anew"))
    assert run(hub, "step") == [How.FULL]
    done = []
    for _ in range(4):
        for _ in range(10):
            life.step()
        done += run(hub, "step")
        run(hub, "anew", full=True)
        assert tables(database) == tables(database, "anew")
    assert done == [How.CHANGES] * 4
    before = tables(database)
    assert run(hub, "step") == [How.NOTHING]
    assert tables(database) == before
    assert {row["golden_id"] for row in before["_person"]} == set(life.ids())
    mine = {(row["source"], row["key"]): row["golden_id"] for row in before["_crosswalk"]}
    table = hub.store.crosswalk.table("person").to_pylist()
    assert mine == {(row["source"], row["key"]): row["golden_id"] for row in table}
    assert len(before["_former"]) > 5
    for row in before["_former"]:
        assert json.loads(row["successors"]) or row["kind"] == "retired"


def test_values_have_the_types_of_the_model_and_none_is_lost(company: Hub, database: str, tmp_path: Path) -> None:
    add_target(company, "db", database, Options(Role.ADMINISTRATOR, sensitive=True))
    add_target(company, "lake", str(tmp_path / "lake" / "g.parquet"), Options(Role.ADMINISTRATOR, sensitive=True))
    run(company)
    rows = {row["full_name"]: row for row in tables(database)["_person"]}
    assert (rows["王小明"]["birth_date"], rows["王小明"]["untyped"]) == (date(1980, 1, 2), None)
    assert (rows["李雷"]["birth_date"], json.loads(rows["李雷"]["untyped"])) == (None, {"birth_date": "1990"})
    assert json.loads(rows["李雷"]["phone"]) == ["+8613912340002"]
    assert rows["王小明"]["national_id"] == "11010519491231002X"
    lake = {row["full_name"]: row for row in pq.read_table(tmp_path / "lake" / "g-person.parquet").to_pylist()}
    assert lake["李雷"]["phone"] == ["+8613912340002"]
    for name, row in rows.items():
        assert (lake[name]["birth_date"], lake[name]["untyped"]) == (row["birth_date"], row["untyped"])
    organizations = pq.read_schema(tmp_path / "lake" / "g-organization.parquet")
    assert str(organizations.field("registered_capital").type) == "decimal128(24, 6)"
    assert sorted(path.name for path in (tmp_path / "lake").iterdir()) == [
        "g-crosswalk.parquet", "g-former.parquet", "g-organization.parquet", "g-person.parquet",
    ]  # fmt: skip


@pytest.mark.parametrize("sensitive", [False, True])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.STEWARD, Role.ADMINISTRATOR])
def test_nothing_a_role_may_not_see_is_published(company: Hub, tmp_path: Path, role: Role, sensitive: bool) -> None:
    options = Options(role, sensitive=sensitive)
    for name in ("db.sqlite", "g.parquet", "g.csv", "g.jsonl", "g.xlsx"):
        place = tmp_path / "out" / name
        add_target(company, name, f"sqlite:///{place}" if name.endswith("sqlite") else str(place), options)
    (tmp_path / "out").mkdir()
    run(company)
    held = _texts(tmp_path / "out")
    assert ("11010519491231002X" in held) == (sensitive and role is Role.ADMINISTRATOR)
    assert ("national_id" in held) == (sensitive and role is not Role.VIEWER)
    for value in ("13812340001", "wang@firma.cn", "王小明"):
        assert (value in held) == (role is not Role.VIEWER)
    if role is Role.VIEWER:
        assert "138****0001" in held


def _texts(folder: Path) -> str:
    """Return all that can be read in some files."""
    parts = [str(tables(f"sqlite:///{folder / 'db.sqlite'}"))]
    parts += [str(pq.read_table(path).to_pylist()) for path in folder.glob("*.parquet")]
    parts += [path.read_text(encoding="utf-8") for path in (*folder.glob("*.csv"), *folder.glob("*.jsonl"))]
    for path in folder.glob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        parts += [str(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
    return "\n".join(parts)


def test_keys_that_are_personal_are_told_to_whom_may_see_them(hub: Hub, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "crm.csv", HEADER, ROWS[1:])
    add_source(hub, NewSource("crm", str(path), options={"key": "手机"}, entity="person"))
    run_all(hub)
    for name, role in (("few", Role.VIEWER), ("all", Role.STEWARD)):
        add_target(hub, name, str(tmp_path / f"{name}.jsonl"), Options(role))
    run(hub)
    assert (tmp_path / "few-crosswalk.jsonl").read_text(encoding="utf-8") == ""
    assert "13912340002" in (tmp_path / "all-crosswalk.jsonl").read_text(encoding="utf-8")


def test_no_cell_runs_as_a_formula(company: Hub, tmp_path: Path) -> None:
    for name in ("g.csv", "g.xlsx"):
        add_target(company, name, str(tmp_path / name), Options(Role.ADMINISTRATOR, sensitive=True))
    run(company)
    for path in tmp_path.glob("g-*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell.startswith(("=", "@", "+", "-")) and not cell[1:].isdigit()]
    book = openpyxl.load_workbook(tmp_path / "g.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert any(cell.value == "=HYPERLINK(1)" for cell in cells)


def test_files_are_written_again_only_where_anything_changed(company: Hub, tmp_path: Path) -> None:
    add_target(company, "g", str(tmp_path / "g.csv"), Options())
    assert [run(company) for _ in range(2)] == [[How.FULL], [How.NOTHING]]
    (tmp_path / "g-person.csv").unlink()
    assert run(company) == [How.FULL]
    write_csv(tmp_path / "crm.csv", HEADER, ROWS[:2])
    run_all(company)
    assert [run(company) for _ in range(2)] == [[How.FULL], [How.NOTHING]]
    assert "retired" in (tmp_path / "g-former.csv").read_text(encoding="utf-8-sig")


def test_one_target_that_fails_does_not_stop_the_others(company: Hub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    add_target(company, "down", "postgresql://hub:geheim@127.0.0.1:1/x", Options())
    add_target(company, "nowhere", str(tmp_path / "file" / "g.csv"), Options())
    add_target(company, "unset", "postgresql://hub:${NO_SUCH_VARIABLE}@127.0.0.1/x", Options())
    add_target(company, "good", str(tmp_path / "g.csv"), Options())
    done = {one.target: one for one in publish_all(company)}
    assert [one.how for one in done.values()] == [How.FAILED] * 3 + [How.FULL]
    for name, word in (("down", "127.0.0.1"), ("nowhere", "g.csv"), ("unset", "NO_SUCH_VARIABLE")):
        error = done[name].error
        assert error is not None
        assert word in error.message
        assert error.remedy
        assert "geheim" not in error.message
        kept = company.store.targets.get(name)
        assert (kept.error, kept.published_at, kept.position) == (error.message, None, None)
    told = [(one.action, one.subject) for one in company.store.audit.list(limit=10)]
    assert ("published", "good") in told


def test_a_target_cut_off_holds_what_it_held(
    company: Hub, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_target(company, "db", database, Options())
    run(company)
    before = tables(database)
    write_csv(tmp_path / "crm.csv", HEADER, ROWS[:2])
    run_all(company)
    for name, full in (("note", False), ("_insert", True), ("_insert", False)):
        with monkeypatch.context() as patch:
            patch.setattr(publishing, name, _cut_off)
            if name == "note":
                patch.setattr("cdm.pipeline.publish.run.note", _cut_off)
            with pytest.raises(KeyboardInterrupt):
                publish_all(company, full=full)
        assert tables(database) == before
    assert run(company) == [How.CHANGES]
    assert len(tables(database)["_person"]) == 2


def _cut_off(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_views_of_others_stay_and_tables_of_others_are_left_alone(company: Hub, database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine_person (x INTEGER)"))
    add_target(company, "mine", database, Options(prefix="mine"))
    with pytest.raises(TargetRefused, match="mine_person"):
        run(company)
    remove_target(company, "mine")
    add_target(company, "db", database, Options())
    run(company)
    with engine.begin() as connection:
        connection.execute(text("CREATE VIEW names AS SELECT full_name FROM golden_person"))
    run(company, full=True)
    remove_target(company, "db")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM names")).scalar() == 3
    engine.dispose()


def test_another_role_or_entity_type_makes_the_tables_anew(company: Hub, database: str) -> None:
    shapes: tuple[tuple[Options, set[str], bool], ...] = (
        (Options(), {"_person", "_organization", "_crosswalk", "_former"}, True),
        (Options(entity="person"), {"_person", "_crosswalk", "_former"}, True),
        (Options(Role.VIEWER, entity="person"), {"_person", "_crosswalk", "_former"}, False),
    )
    for options, names, clear in shapes:
        add_target(company, "db", database, options)
        assert run(company) == [How.FULL]
        held = tables(database)
        assert held.keys() == names
        assert ("王小明" in {row["full_name"] for row in held["_person"]}) is clear
        remove_target(company, "db")


def test_a_database_put_back_from_a_backup_catches_up(company: Hub, tmp_path: Path) -> None:
    place = tmp_path / "others.db"
    add_target(company, "db", f"sqlite:///{place}", Options())
    run(company)
    kept = place.read_bytes()
    write_csv(tmp_path / "crm.csv", HEADER, ROWS[:2])
    run_all(company)
    run(company)
    after = tables(f"sqlite:///{place}")
    place.write_bytes(kept)
    assert run(company) == [How.CHANGES]
    assert tables(f"sqlite:///{place}") == after
    place.unlink()
    assert run(company) == [How.FULL]
    assert tables(f"sqlite:///{place}") == after


@pytest.mark.parametrize(
    ("name", "location", "more"),
    [
        ("bad name", "g.csv", {}),
        ("x", "g.txt", {}),
        ("x", "mysql://u:geheim@h/x", {}),
        ("x", "g.csv", {"prefix": "Drop Table"}),
        ("x", "g.csv", {"role": Role.SERVICE}),
    ],
)
def test_what_cannot_be_a_target_is_refused(hub: Hub, name: str, location: str, more: Mapping[str, Any]) -> None:
    with pytest.raises(TargetRefused) as refused:
        add_target(hub, name, location, Options(**more))
    assert refused.value.remedy
    assert "geheim" not in refused.value.message
    assert hub.store.targets.list() == []


def test_what_is_taken_or_unknown_is_refused(hub: Hub, tmp_path: Path) -> None:
    add_target(hub, "a", str(tmp_path / "g.csv"), Options())
    add_target(hub, "b", "postgresql://h/x", Options())
    refused: tuple[tuple[type[Exception], Callable[[], object]], ...] = (
        (Conflict, lambda: add_target(hub, "a", "other.csv", Options())),
        (TargetRefused, lambda: add_target(hub, "c", str(tmp_path / "g.csv"), Options())),
        (TargetRefused, lambda: add_target(hub, "c", "postgresql://h/x", Options())),
        (TargetRefused, lambda: add_target(hub, "c", hub.settings.url, Options())),
        (NotFound, lambda: remove_target(hub, "c")),
        (NotFound, lambda: publish_all(hub, ["c"])),
        (NotFound, lambda: add_target(hub, "c", "x.csv", Options(entity="transaction"))),
    )
    for kind, attempt in refused:
        with pytest.raises(kind):
            attempt()
    add_target(hub, "c", "postgresql://h/x", Options(prefix="other"))
    assert [one.name for one in hub.store.targets.list()] == ["a", "b", "c"]


def test_a_broken_database_is_told_as_such(company: Hub, tmp_path: Path) -> None:
    place = tmp_path / "others.db"
    place.write_bytes(b"this is no database" * 100)
    add_target(company, "db", f"sqlite:///{place}", Options())
    with pytest.raises(TargetFailed, match="not a database"):
        run(company)
