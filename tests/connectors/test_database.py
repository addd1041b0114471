"""Databases: SQLite always, PostgreSQL for what SQLite cannot show."""

from __future__ import annotations

import datetime as dt
import json
import random
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import (
    ColumnMissing,
    DriverMissing,
    OptionsInvalid,
    PartMissing,
    QueryFailed,
    SourceDenied,
    SourceEmpty,
    SourceNotFound,
    SourceUnavailable,
    SourceUnreadable,
)
from connectors.sql.database import SqlConnector, SqlOptions

SCHEMA = """
CREATE TABLE customers (FNUMBER TEXT PRIMARY KEY NOT NULL, "客户 名称" TEXT, phone REAL, card INTEGER, changed TEXT);
INSERT INTO customers VALUES
  ('C003', '大华有限公司', 13800138000.0, 110101199003070011, '2024-01-03'),
  ('C001', ' 张三 ', NULL, 7, '2024-01-01'),
  ('C002', '', 1.5, NULL, '2024-01-03'),
  ('C004', '100% "引号''', 2.0, 8, NULL);
CREATE TABLE orders (customer TEXT, amount NUMERIC);
INSERT INTO orders VALUES ('C001', 5), ('C001', 5), (NULL, 7), ('C002', 1.25), (NULL, 6);
CREATE VIEW vip AS SELECT * FROM customers WHERE card > 7;
"""


@pytest.fixture
def erp(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "erp.db") as connection:
        connection.executescript(SCHEMA)
    connection.close()
    return f"sqlite:///{tmp_path}/erp.db"


def connect(url: str, **options: Any) -> SqlConnector:
    return SqlConnector(url, SqlOptions(**options))


def rows(connector: SqlConnector, cursor: object = None, size: int = 2) -> list[dict[str, str | None]]:
    return [row for page in connector.read(cursor, size) for row in page.table.to_pylist()]  # type: ignore[arg-type]


def test_table_in_the_order_of_its_key(erp: str) -> None:
    connector = connect(erp, table="customers")
    dataset = connector.describe()
    assert (dataset.key, dataset.rows, dataset.notes) == ("FNUMBER", 4, ())
    assert rows(connector) == [
        {"FNUMBER": "C001", "客户 名称": "张三", "phone": None, "card": "7", "changed": "2024-01-01"},
        {"FNUMBER": "C002", "客户 名称": None, "phone": "1.5", "card": None, "changed": "2024-01-03"},
        {
            "FNUMBER": "C003",
            "客户 名称": "大华有限公司",
            "phone": "13800138000",
            "card": "110101199003070011",
            "changed": "2024-01-03",
        },
        {"FNUMBER": "C004", "客户 名称": "100% \"引号'", "phone": "2", "card": "8", "changed": None},
    ]
    assert next(connector.read()).origins[0] == "erp.customers[FNUMBER=C001]"


def test_view_and_query(erp: str) -> None:
    assert [row["FNUMBER"] for row in rows(connect(erp, table="vip", key="FNUMBER"))] == ["C003", "C004"]
    query = "-- the good ones\nSELECT FNUMBER AS id, ':x' || changed AS \"at :y\" FROM customers WHERE card > 7;"
    connector = connect(erp, query=query, key="id")
    assert rows(connector) == [{"id": "C003", "at :y": ":x2024-01-03"}, {"id": "C004", "at :y": None}]
    assert connector.describe().rows == 2
    assert connect(erp, query=query).describe().rows is None


def test_key_that_repeats_or_is_missing(erp: str) -> None:
    connector = connect(erp, table="orders", key="customer")
    assert list(connector.describe().notes) == [
        "key 'customer' is null in 2 row(s)",
        "key 'customer' repeats an earlier row's in 1 row(s)",
    ]
    (page,) = connector.read()
    assert page.table["amount"].to_pylist() == ["5", "5", "1.25", "6", "7"]
    assert page.origins[:2] == ["erp.orders[customer=C001]!1", "erp.orders[customer=C001]!2"]


def test_later_reads_take_what_changed(erp: str, tmp_path: Path) -> None:
    connector = connect(erp, table="customers", updated_at="changed")
    pages = list(connector.read(page_size=2))
    assert [row["FNUMBER"] for page in pages for row in page.table.to_pylist()] == ["C001", "C002", "C003", "C004"]
    with sqlite3.connect(tmp_path / "erp.db") as connection:
        connection.execute("INSERT INTO customers VALUES ('C000', 'new', 1, 1, '2024-02-01')")
        connection.execute("UPDATE customers SET changed = '2024-01-31' WHERE FNUMBER = 'C001'")
        connection.execute("INSERT INTO customers VALUES ('C0021', 'late', 1, 1, '2024-01-03')")
    connection.close()
    cursor = json.loads(json.dumps(pages[-1].cursor))
    changed = [row["FNUMBER"] for row in rows(connector, cursor)]
    assert changed == ["C002", "C0021", "C003", "C001", "C000", "C004"]  # C004 does not say when it changed
    (page,) = connector.read(cursor, page_size=100)
    assert [row["FNUMBER"] for row in rows(connector, page.cursor)] == ["C000", "C004"]


def test_cursor_of_another_question_is_not_used(erp: str) -> None:
    cursor = list(connect(erp, table="customers").read())[-1].cursor
    assert rows(connect(erp, table="customers"), cursor) == []
    assert len(rows(connect(erp, table="orders"), cursor)) == 5


def test_only_table_is_taken(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "one.db") as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert connect(f"sqlite:///{tmp_path}/one.db").describe().notes[0] == "read from table 't', the only one"


def test_reading_never_writes(erp: str, tmp_path: Path) -> None:
    connector = connect(erp, query="WITH x AS (SELECT 1 AS a) SELECT a FROM x")
    assert rows(connector) == [{"a": "1"}]
    for query in (
        "DELETE FROM orders",
        "DROP TABLE orders",
        "  /* x */ update orders set amount = 0",
        "-- select\nfoo",
    ):
        with pytest.raises(OptionsInvalid, match="does not begin with SELECT"):
            connect(erp, query=query).describe()
    with pytest.raises(QueryFailed):
        connect(erp, query="SELECT 1) x; DROP TABLE orders; --").describe()
    assert len(rows(connect(erp, table="orders"))) == 5


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"table": "custmers"}, PartMissing, r"no table 'custmers'\. Did you mean 'customers'\? There are: customers"),
        ({"table": "customers", "schema": "nope"}, PartMissing, "in schema 'nope'"),
        ({}, OptionsInvalid, "The database has 3 tables: customers, orders, vip"),
        ({"table": "orders", "query": "select 1"}, OptionsInvalid, "Both 'table' and 'query'"),
        (
            {"query": "SELECT 'x' AS name", "key": "FNUMBER"},
            ColumnMissing,
            r"query has no column 'FNUMBER' \(option 'key'",
        ),
        ({"table": "orders", "updated_at": "amout"}, ColumnMissing, "Did you mean 'amount'"),
        ({"query": "SELECT * FROM gone"}, QueryFailed, "no such table: gone"),
        ({"query": "SELECT FROM"}, QueryFailed, "syntax error"),
    ],
    ids=str,
)
def test_bad_options(erp: str, options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        connect(erp, **options).describe()
    with pytest.raises(error, match=message):
        list(connect(erp, **options).read())


def test_bad_locations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.db").write_text("this is no database at all, but it is long enough to be looked at. " * 20)
    sqlite3.connect(tmp_path / "none.db").executescript("CREATE TABLE t (a); DROP TABLE t; VACUUM;")
    for location, error, message in (
        (f"sqlite:///{tmp_path}/gone.db", SourceNotFound, r"gone\.db' does not exist"),
        (f"sqlite:///{tmp_path}/text.db", SourceUnreadable, "not a database"),
        (f"sqlite:///{tmp_path}/none.db", SourceEmpty, "no tables"),
        ("sqlite://", OptionsInvalid, "needs a file"),
        ("mysql+pymysql://root:geheim@127.0.0.1:1/x", DriverMissing, "Install 'pymysql'"),
        ("klingon://host/x", DriverMissing, "'klingon'"),
    ):
        with pytest.raises(error, match=message):
            connect(location).describe()
    for location in ("postgresql://u:geheim@host:port/x", "no url"):
        with pytest.raises(OptionsInvalid, match="not a database URL") as caught:
            connect(location)
        assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("driver", ["postgresql", "postgres", "postgresql+psycopg"])
def test_database_that_is_down(driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP_PASSWORD", "s3cret@/:")
    with pytest.raises(SourceUnavailable, match=r"'127\.0\.0\.1:1/erp' does not answer") as caught:
        connect(f"{driver}://user:${{ERP_PASSWORD}}@127.0.0.1:1/erp", table="customers").describe()
    assert caught.value.retryable
    assert "s3cret" not in str(caught.value) and "s3cret" not in repr(caught.value.values)


def test_locked_database_may_answer_later(erp: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.sql.engine.CONNECT_SECONDS", 0.05)
    writer = sqlite3.connect(tmp_path / "erp.db", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SourceUnavailable, match="locked"):
        connect(erp, table="orders").describe()
    writer.close()


CELL = st.one_of(st.none(), st.integers(-3, 3), st.sampled_from(["a", "b", "A", "张"]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=9),
    options=st.integers(0, 3),
    size=st.integers(1, 4),
)
def test_every_row_once_wherever_reading_resumed(
    tmp_path: Path, data: list[tuple[object, ...]], options: int, size: int
) -> None:
    """Nulls, ties, mixed types: pages partition the table and every cursor resumes with exactly the rest."""
    path = tmp_path / f"{uuid.uuid4()}.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (k, u, v)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", data)
    connection.close()
    chosen = {"key": "k" if options & 1 else None, "updated_at": "u" if options & 2 else None}
    connector = connect(f"sqlite:///{path}", table="t", **chosen)
    pages = list(connector.read(page_size=size))
    everything = [tuple(row.values()) for page in pages for row in page.table.to_pylist()]
    texts = [tuple(None if v is None else str(v) for v in row) for row in data]
    assert sorted(everything, key=repr) == sorted(texts, key=repr)
    for number, page in enumerate(pages[:-1], start=1):
        rest = [tuple(row.values()) for row in rows(connector, json.loads(json.dumps(page.cursor)), 3)]
        assert rest == everything[number * size :]


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[str]:
    """A schema of its own with one table of every type people use, 2,000 rows."""
    engine = sa.create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)
    kinds = sa.text("""
        CREATE SCHEMA "erp 库";
        CREATE SEQUENCE "erp 库".numbers;
        CREATE TYPE "erp 库".level AS ENUM ('gold', 'silver');
        CREATE TABLE "erp 库"."客户" (
            id uuid PRIMARY KEY, name text, card bigint, amount numeric(12,2), active boolean, born date,
            changed timestamptz, payload jsonb, tags text[], raw bytea, level "erp 库".level, "100%" json);
    """)
    source = random.Random(7)
    with engine.begin() as connection:
        connection.execute(kinds)
        connection.execute(
            sa.text("""INSERT INTO "erp 库"."客户" VALUES (:id, :name, :card, :amount, :active, :born, :changed,
                :payload, :tags, :raw, :level, '{"a": 1}')"""),
            [
                {
                    "id": uuid.UUID(int=source.getrandbits(128)),
                    "name": f" 张三{n} ",
                    "card": 110101199003070011 + n,
                    "amount": f"{n}.50",
                    "active": n % 2 == 0,
                    "born": dt.date(1990, 3, 7),
                    "changed": None if n % 100 == 0 else dt.datetime(2024, 1, 1 + n % 28, tzinfo=dt.UTC),
                    "payload": '{"城市": "北京"}',
                    "tags": ["a", "b"],
                    "raw": b"\xff",
                    "level": "gold",
                }
                for n in range(2000)
            ],
        )
    yield postgres_url
    with engine.begin() as connection:
        connection.execute(sa.text('DROP SCHEMA "erp 库" CASCADE'))
    engine.dispose()


def test_postgres_types_become_exact_text(postgres: str) -> None:
    connector = connect(postgres, table="客户", schema="erp 库")
    dataset = connector.describe(sample_rows=1)
    assert (dataset.rows, dataset.key) == (2000, "id")
    query = 'SELECT * FROM "erp 库"."客户" WHERE card = 110101199003070012'
    (row,) = rows(connect(postgres, query=query))
    assert uuid.UUID(row.pop("id"))
    assert row == {
        "name": "张三1",
        "card": "110101199003070012",
        "amount": "1.50",
        "active": "FALSE",
        "born": "1990-03-07",
        "changed": "2024-01-02 00:00:00+00:00",
        "payload": '{"城市": "北京"}',
        "tags": '["a", "b"]',
        "raw": "ff",
        "level": "gold",
        "100%": '{"a": 1}',
    }


@pytest.mark.parametrize("key", ["id", "card", "amount", "changed", "born", "level", "name"])
def test_postgres_resumes_on_keys_of_every_type(postgres: str, key: str) -> None:
    connector = connect(postgres, table="erp 库.客户", key=key)
    pages = list(connector.read(page_size=700))
    everything = [row["card"] for page in pages for row in page.table.to_pylist()]
    assert sorted(everything) == [str(110101199003070011 + n) for n in range(2000)]
    for number, page in enumerate(pages, start=1):
        rest = [row["card"] for row in rows(connector, json.loads(json.dumps(page.cursor)), 999)]
        assert rest == everything[number * 700 :]


def test_postgres_reads_changes(postgres: str) -> None:
    connector = connect(postgres, table="客户", schema="erp 库", updated_at="changed")
    last = list(connector.read())[-1].cursor
    changed = [row["changed"] for row in rows(connector, last, 100)]
    assert set(changed) == {"2024-01-28 00:00:00+00:00", None}
    assert changed.count(None) == 20


def test_postgres_errors(postgres: str) -> None:
    url = sa.make_url(postgres)
    with pytest.raises(SourceNotFound, match="does not exist"):
        connect(url.set(database="nope").render_as_string(hide_password=False), table="x").describe()
    with pytest.raises(SourceDenied, match="refuses access"):
        connect(url.set(username="nobody").render_as_string(hide_password=False), table="x").describe()
    with pytest.raises(PartMissing, match=r"no table '客'.*'客户'"):
        connect(postgres, table="客", schema="erp 库").describe()
    with pytest.raises(QueryFailed, match="read-only transaction"):
        connect(postgres, query="SELECT setval('\"erp 库\".numbers', 1)").describe()


def test_postgres_that_goes_down_in_between(postgres: str) -> None:
    connector = connect(postgres, table="客户", schema="erp 库", key="card")
    pages = connector.read(page_size=50)
    seen = [next(pages)]
    engine = sa.create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as other:
        reading = "FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE 'FETCH%'"
        assert other.execute(sa.text(f"SELECT pg_terminate_backend(pid) {reading}")).all() == [(True,)]
    engine.dispose()
    with pytest.raises(SourceUnavailable, match="does not answer"):
        seen.extend(pages)
    seen.extend(connector.read(seen[-1].cursor))
    cards = [row["card"] for page in seen for row in page.table.to_pylist()]
    assert cards == [str(110101199003070011 + n) for n in range(2000)]
