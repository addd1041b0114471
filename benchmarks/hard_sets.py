"""Precision, recall and F1 of ``cdm dedupe`` on small built tables of the awkward kinds.

``python -m benchmarks.hard_sets [--seed N] [SET …]``. Names and places come from the reference data at run time;
errors, families, namesakes, siblings and branches are drawn with a seed. Every set goes the whole way a user's file
goes.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
import pyarrow as pa

from benchmarks.dedupe_accuracy import measure
from benchmarks.hard_chinese import companies, persons, shifted
from benchmarks.hard_western import businesses, people
from benchmarks.labelled import LabelledSet, data_root

Build = Callable[..., tuple[list[dict[str, str]], list[int]]]


@dataclass(frozen=True)
class Recipe:
    """How a set is built: records, columns, and the share of fields that are filled."""

    build: Build
    records: int
    columns: tuple[str, ...]
    keep: float = 0.9


FULL = ("姓名", "性别", "手机号", "出生日期", "身份证号", "城市", "地址", "邮箱")
COMPANY = ("公司名称", "联系人", "电话", "城市", "地址")
WESTERN = ("name", "address", "city", "phone", "type")
RECIPES: dict[str, Recipe] = {
    "cn_person_50": Recipe(persons, 50, FULL),
    "cn_person_300": Recipe(persons, 300, FULL),
    "cn_person_900": Recipe(persons, 900, FULL),
    "cn_person_sparse_900": Recipe(persons, 900, ("姓名", "手机号", "出生日期", "城市", "地址", "邮箱"), 0.6),
    "cn_name_phone_city_600": Recipe(persons, 600, ("姓名", "手机号", "城市")),
    "cn_name_phone_200": Recipe(persons, 200, ("姓名", "手机号"), 0.95),
    "cn_name_address_600": Recipe(persons, 600, ("姓名", "地址")),
    "cn_name_birth_city_900": Recipe(persons, 900, ("姓名", "性别", "出生日期", "城市")),
    "cn_person_shifted_600": Recipe(shifted(persons, 0.2), 600, ("姓名", "手机号", "城市", "地址")),
    "cn_person_5000": Recipe(persons, 5000, FULL, 0.75),
    "cn_company_100": Recipe(companies, 100, COMPANY),
    "cn_company_800": Recipe(companies, 800, COMPANY),
    "cn_company_sparse_800": Recipe(companies, 800, COMPANY, 0.6),
    "cn_company_name_address_600": Recipe(companies, 600, ("公司名称", "地址")),
    "cn_company_name_city_600": Recipe(companies, 600, ("公司名称", "城市")),
    "cn_company_shifted_600": Recipe(shifted(companies, 0.2), 600, COMPANY),
    "restaurants_100": Recipe(businesses, 100, WESTERN),
    "restaurants_864": Recipe(businesses, 864, WESTERN, 0.97),
    "restaurants_name_address_600": Recipe(businesses, 600, ("name", "address")),
    "restaurants_shifted_800": Recipe(shifted(businesses, 0.3), 800, WESTERN),
    "people_name_address_600": Recipe(people, 600, ("name", "address", "city")),
    "people_name_city_phone_300": Recipe(people, 300, ("name", "city", "phone")),
    "people_shifted_800": Recipe(shifted(people, 0.3), 800, ("name", "address", "city", "phone")),
}


def built(name: str, seed: int) -> LabelledSet:
    """Build one set."""
    recipe = RECIPES[name]
    rows, truth = recipe.build(
        recipe.records,
        recipe.columns,
        recipe.keep,
        Random(seed * 1009 + zlib.crc32(name.encode())),
    )
    order = Random(seed).sample(range(len(rows)), len(rows))
    table = pa.table({c: [rows[i][c] or None for i in order] for c in recipe.columns})
    return LabelledSet(name, "auto", table, np.array([truth[i] for i in order], dtype=np.int64), {})


def main() -> None:
    """Print one line per set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(RECIPES))
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if not (data_root() / "reference").is_dir():
        print("skipped: reference data not found")
        return
    for name in chosen.sets:
        print(f"{name:28s} {measure(built(name, chosen.seed))}", flush=True)


if __name__ == "__main__":
    main()
