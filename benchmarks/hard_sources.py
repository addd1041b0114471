"""Names, companies and places for built test sets, read from the reference data at run time."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from itertools import islice
from random import Random

import pyarrow.parquet as pq

from benchmarks.labelled import data_root

TRADES = [
    "科技",
    "贸易",
    "机械",
    "电子",
    "食品",
    "服饰",
    "物流",
    "建筑工程",
    "信息技术",
    "生物科技",
    "文化传媒",
    "餐饮管理",
    "化工",
    "环保",
    "医疗器械",
]
FORMS = ["有限公司", "有限责任公司", "股份有限公司", "集团有限公司"]
ROADS = [
    "人民",
    "中山",
    "解放",
    "建设",
    "和平",
    "文化",
    "新华",
    "长江",
    "黄河",
    "北京",
    "南京",
    "胜利",
    "光明",
    "朝阳",
    "迎宾",
    "学府",
    "科技",
    "创业",
    "滨河",
    "花园",
]


def _rows(path: str) -> list[dict[str, str]]:
    with (data_root() / "reference" / path).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@dataclass(frozen=True)
class Weighted:
    """Values and how often they occur."""

    values: list[str]
    weights: list[float]

    def draw(self, rng: Random) -> str:
        """Draw one value."""
        return rng.choices(self.values, self.weights)[0]


@cache
def surnames() -> Weighted:
    """Chinese family names by frequency."""
    rows = list(islice(_rows("wainshine_names/chinese_family_name_1k.csv"), 200))
    return Weighted([r["NameB"] for r in rows], [float(r["TF"]) for r in rows])


@cache
def characters(gender: str) -> Weighted:
    """Characters of given names by frequency among ``male`` or ``female``."""
    rows = [r for r in islice(_rows("cn_name_char_gender/charfreq.csv"), 900) if float(r[gender]) > 300]
    return Weighted([r["char"] for r in rows], [float(r[gender]) for r in rows])


@cache
def brands() -> list[str]:
    """Short names of Chinese companies of two to four characters."""
    table = pq.read_table(data_root() / "reference/cn_company_short_names/company_short_28w.parquet")
    return [n for n in table["short_name"].to_pylist()[::37] if n and 2 <= len(n) <= 4]


@cache
def places() -> list[tuple[str, str, str]]:
    """Province, city and district."""
    provinces = {r["code"]: r["name"] for r in _rows("cn_divisions/provinces.csv")}
    cities = {r["code"]: r["name"] for r in _rows("cn_divisions/cities.csv")}
    found = []
    for area in _rows("cn_divisions/areas.csv"):
        province, city = provinces[area["provinceCode"]], cities.get(area["cityCode"], "")
        if city.endswith("市") and area["name"].endswith(("区", "市")):
            found.append((province, city, area["name"]))
    return found


@cache
def us_surnames() -> Weighted:
    """American family names by frequency."""
    rows = pq.read_table(data_root() / "reference/intl_names/us_last_name.parquet").slice(0, 3000).to_pylist()
    return Weighted([r["last_name"] for r in rows], [float(r["count"]) for r in rows])


@cache
def us_given() -> Weighted:
    """American given names by frequency."""
    rows = sorted(_rows("intl_names/us_given_name.csv"), key=lambda r: -float(r["count"]))[:800]
    return Weighted([r[next(iter(r))] for r in rows], [float(r["count"]) for r in rows])


@cache
def cn_identity() -> tuple[int, ...]:
    """Weights of the check character of an identity number (GB 11643)."""
    return tuple(2 ** (17 - i) % 11 for i in range(17))


def identity_number(area: str, birth: str, rng: Random) -> str:
    """Return an identity number of 18 characters with its check character."""
    body = f"{area}{birth}{rng.randrange(1000):03d}"
    total = sum(int(d) * w for d, w in zip(body, cn_identity(), strict=True))
    return body + "10X98765432"[total % 11]
