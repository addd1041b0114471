"""Splink 5 on DuckDB, set up as its documentation advises: ``python -m benchmarks.peers.splink TASK.json``.

``splink.yaml`` holds the settings and where they come from.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from benchmarks.peers.blocking import affordable, pairs_of, present
from benchmarks.peers.task import Answer, Task, main

SETTINGS = yaml.safe_load((Path(__file__).parent / "splink.yaml").read_text(encoding="utf-8"))
DEFAULTS = {"max_pairs": 1e7, "seed": 1, "training": SETTINGS["training"]}


def run(task: Task, answer: Answer) -> None:
    """Link one table and hand over clusters at the advised threshold, and every scored pair."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    table = featured(task.table())
    db = DuckDBAPI()
    data = db.register(table)
    with answer.stage("block"):
        rules = [block_on(*r) for r in (task.rules or affordable(table))]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons(table),
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
    )
    linker = Linker(data, settings)
    with answer.stage("learn"):
        certain = present(SETTINGS["prior"]["rules"], table)
        certain = certain if task.rules else [rule for _, rule in pairs_of(certain, table)]
        train(linker, certain, table, answer, {**DEFAULTS, **task.options})
    with answer.stage("score"):
        scored = linker.inference.predict(threshold_match_probability=task.options.get("keep"))
    with answer.stage("cluster"):
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            scored, threshold_match_probability=SETTINGS["threshold"]
        )
    answer.clusters(found.as_duckdbpyrelation().project("unique_id, cluster_id").to_arrow_table())
    answer.pairs(scored.as_duckdbpyrelation().project("unique_id_l, unique_id_r, match_weight").to_arrow_table())
    if "keep" in task.options:
        answer.facts["likely pairs"] = answer.facts.pop("pairs")


def train(linker: Any, rules: list[list[str]], table: pa.Table, answer: Answer, options: dict[str, Any]) -> None:
    """Estimate prior, u and m in the order of the tutorial; a session that cannot be fitted is left out and named."""
    from splink import block_on
    from splink.internals.exceptions import SplinkException

    if rules:
        linker.training.estimate_probability_two_random_records_match(
            [block_on(*rule) for rule in rules], recall=SETTINGS["prior"]["recall"]
        )
    linker.training.estimate_u_using_random_sampling(max_pairs=options["max_pairs"], seed=options["seed"])
    for rule in present(options["training"], table):
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule), estimate_without_term_frequencies=True
            )
        except (ValueError, SplinkException) as error:
            answer.facts.setdefault("left_out", []).append(f"{rule}: {error}"[:200])


def comparisons(table: pa.Table) -> list[Any]:
    """Return the comparisons of ``splink.yaml`` whose columns the table has."""
    import splink.comparison_library as library

    chosen = []
    for entry in SETTINGS["comparisons"]:
        if entry["of"] not in table.column_names:
            continue
        if entry["use"] == "tokens":
            chosen.append(tokens(entry["of"]))
            continue
        one = getattr(library, entry["use"])(entry["of"], **entry.get("arguments", {}))
        chosen.append(one.configure(term_frequency_adjustments=True) if entry.get("tf") else one)
    return chosen


def tokens(column: str) -> dict[str, Any]:
    """Compare words in common by the product of their frequencies, as the business rates example does."""
    product = (
        f"list_reduce(list_concat([1.0::DOUBLE], list_transform(list_intersect({column}_l, {column}_r), "
        "lambda x: x.share)), lambda p, q: p * q)"
    )
    limits = [{"sql_condition": f"{product} < {limit}", "label_for_charts": limit} for limit in
              ("1e-12", "1e-10", "1e-8", "1e-6", "1e-4")]  # fmt: skip
    nothing = {"sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL", "is_null_level": True,
               "label_for_charts": "null"}  # fmt: skip
    other = {"sql_condition": "ELSE", "label_for_charts": "other"}
    return {"output_column_name": column, "comparison_levels": [nothing, *limits, other]}


def featured(table: pa.Table) -> pa.Table:
    """Add the columns its business example derives: words with their frequency, rare words, first number."""
    import duckdb

    con = duckdb.connect()
    if "address" in table.column_names:
        con.register("records", table)
        table = con.sql("SELECT *, regexp_extract(address, '\\d+[a-z]?') AS first_number FROM records").to_arrow_table()
    for column in ("name", "address"):
        if column in table.column_names:
            table = worded(con, table, column)
    return table


def worded(con: Any, table: pa.Table, column: str) -> pa.Table:
    """Add the words of a column with their share of all words; of names also the two rarest."""
    con.register("records", table)
    words = f"""
        WITH word AS (SELECT unique_id, unnest(list_distinct(regexp_split_to_array({column}, '[^\\w]+'))) AS token
                      FROM records),
             share AS (SELECT token, count(*)::DOUBLE / (SELECT count(*) FROM word) AS share
                       FROM word WHERE token <> '' GROUP BY token),
             listed AS (SELECT unique_id, array_agg(struct_pack(token := token, share := share)) AS tokens,
                               array_agg(token ORDER BY share, token) FILTER (share < 0.01) AS rare
                        FROM word JOIN share USING (token) GROUP BY unique_id)"""
    rare = ", rare[1] AS rare_1, rare[2] AS rare_2" if column == "name" else ""
    return con.sql(
        f"{words} SELECT records.*, tokens AS {column}_tokens{rare} FROM records LEFT JOIN listed USING (unique_id)"
    ).to_arrow_table()


if __name__ == "__main__":
    main(run)
