"""Which blocking rules a peer is given: ``blocking.yaml``, cheapest first, within a number of pairs."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import yaml

SETTINGS = yaml.safe_load((Path(__file__).parent / "blocking.yaml").read_text(encoding="utf-8"))


def present(rules: list[list[str]], table: pa.Table) -> list[list[str]]:
    """Return the rules whose columns the table has."""

    def column(part: str) -> str:
        return part.removeprefix("substr(").split(",")[0]

    return [rule for rule in rules if {column(part) for part in rule} <= set(table.column_names)]


def pairs_of(rules: list[list[str]], table: pa.Table) -> list[tuple[int, list[str]]]:
    """Return how many pairs each rule gives, cheapest first; rules that give none are left out."""
    import duckdb

    con = duckdb.connect()
    con.register("records", table)
    found = []
    for rule in rules:
        known = " AND ".join(f"{part} IS NOT NULL" for part in rule)
        blocks = f"SELECT {', '.join(rule)}, count(*) AS n FROM records WHERE {known} GROUP BY ALL"
        pairs = con.sql(f"SELECT sum(n * (n - 1) / 2) FROM ({blocks})").fetchall()[0][0]
        if pairs:
            found.append((int(pairs), rule))
    return sorted(found)


def affordable(table: pa.Table, budget: int = SETTINGS["pairs"]) -> list[list[str]]:
    """Return the blocking rules that together stay below a number of pairs."""
    chosen, spent = [], 0
    for cost, rule in pairs_of(present(SETTINGS["rules"], table), table):
        if spent + cost <= budget:
            chosen.append(rule)
            spent += cost
    return chosen
