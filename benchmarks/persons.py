"""A seeded generator of person records with duplicates: ``python -m benchmarks.persons RECORDS OUT``.

Every record has first name, surname, birth date, city, postcode, e-mail and phone. 30 % of the records are duplicates
of another one with up to three errors: a typo, a missing value, a nickname, names in each other's place, another phone
or e-mail, a move, a surname changed, day and month swapped. So that precision means something, a third of the persons
live in the household of another (surname, address, often the phone, now and then the first name; a few are twins), and
names are drawn from a Zipf-like distribution over made-up names, so that common names are shared by many, as in life.
Column ``person`` is the truth. Everything is drawn a part of ``PART`` persons at a time, so that memory stays bounded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.spoil import spoiled

FIELDS = ("first_name", "surname", "birth_date", "city", "postcode", "email", "phone")
DUPLICATES = 0.3
PART = 350_000
HOUSEHOLD = 0.35
MISSING = {"birth_date": 0.04, "postcode": 0.03, "email": 0.15, "phone": 0.10}
ONSETS = [*"bcdfghjklmnprstvw", "br", "ch", "cl", "dr", "fr", "gr", "kr", "pl", "pr", "sh", "st", "th", "tr"]
NUCLEI = [*"aeiou", "ai", "ea", "ee", "ia", "io", "ou"]
CODAS = ["", "n", "r", "s", "l", "m", "t", "nd", "rt", "ck", "ll"]
DOMAINS = pa.array(["gmail.com", "outlook.com", "mail.example", "post.example", "home.example"])
Columns = dict[str, pa.Array]


def words(count: int, seed: int) -> pa.Array:
    """Return ``count`` different made-up names of two syllables."""
    rng = np.random.default_rng(seed)
    syllables = np.array([o + n + c for o in ONSETS for n in NUCLEI for c in CODAS])
    drawn = rng.choice(len(syllables) ** 2, count * 2, replace=False)
    made = np.char.capitalize(np.char.add(syllables[drawn // len(syllables)], syllables[drawn % len(syllables)]))
    return pa.array(list(dict.fromkeys(made.tolist()))[:count])


FIRST, LAST, CITIES = words(2000, 11), words(60_000, 12), words(1500, 13)


def zipf(size: int, among: int, rng: np.random.Generator) -> np.ndarray:
    """Draw ``size`` ranks below ``among`` with probability falling as 1 / (rank + 10)."""
    grown = np.cumsum(1 / (np.arange(among) + 10.0))
    return np.searchsorted(grown, rng.random(size) * grown[-1])


def persons(count: int, rng: np.random.Generator) -> Columns:
    """Return ``count`` different persons, column by column; some live in the household of the one before."""
    home = np.arange(count)
    joins = rng.random(count) < HOUSEHOLD
    joins[:1] = False
    home = np.maximum.accumulate(np.where(joins, 0, home))
    born = rng.integers(0, 27_000, count)
    twin = joins & (rng.random(count) < 0.01)
    born = np.where(twin, born[home], born)
    first = zipf(count, len(FIRST), rng)
    first = np.where(joins & (rng.random(count) < 0.01), first[home], first)
    last = zipf(count, len(LAST), rng)
    last = np.where(joins & (rng.random(count) < 0.85), last[home], last)
    city = zipf(count, len(CITIES), rng)[home]
    code = (city * 40 + rng.integers(0, 40, count)[home]) * 10 + 10_000
    phone = rng.integers(0, 10**9, count)
    phone = np.where(joins & (rng.random(count) < 0.5), phone[home], phone)
    names = {"first_name": FIRST.take(pa.array(first)), "surname": LAST.take(pa.array(last))}
    return {
        **names,
        "birth_date": pc.strftime(pa.array(np.datetime64("1935-01-01") + born).cast(pa.date32()), "%Y-%m-%d"),
        "city": CITIES.take(pa.array(city)),
        "postcode": pa.array(code).cast(pa.string()),
        "email": emails(names["first_name"], names["surname"], rng),
        "phone": phones(phone),
    }


def emails(first: pa.Array, last: pa.Array, rng: np.random.Generator) -> pa.Array:
    """Return addresses made from the names, as most are, with a number and a provider."""
    number = pa.array(rng.integers(1, 1000, len(first))).cast(pa.string())
    domain = DOMAINS.take(pa.array(rng.integers(0, len(DOMAINS), len(first))))
    local = pc.binary_join_element_wise(pc.utf8_lower(first), ".", pc.utf8_lower(last), number, "")
    return pc.binary_join_element_wise(local, domain, "@")


def phones(number: np.ndarray) -> pa.Array:
    """Return nine digits behind a country code."""
    return pc.binary_join_element_wise("+44", pc.utf8_lpad(pa.array(number).cast(pa.string()), 9, "0"), "")


def without(columns: Columns, rng: np.random.Generator) -> Columns:
    """Leave values out, as filled-in forms do."""
    out = dict(columns)
    for name, share in MISSING.items():
        out[name] = pc.if_else(pa.array(rng.random(len(columns[name])) < share), None, columns[name])
    return out


def parts(count: int, seed: int = 1) -> Iterator[pa.Table]:
    """Yield ``count`` records in parts, each in random order, with ``id``, the fields and the truth ``person``."""
    seen = known = 0
    while seen < count:
        size = min(int(PART / (1 - DUPLICATES)), count - seen)
        rng = np.random.default_rng([seed, seen])
        originals = size - int(size * DUPLICATES)
        base = persons(originals, rng)
        copied = rng.integers(0, originals, size - originals)
        others = rng.integers(0, originals, size - originals)
        copies = spoiled({n: c.take(pa.array(copied)) for n, c in base.items()},
                         {n: c.take(pa.array(others)) for n, c in base.items()}, rng)  # fmt: skip
        base, copies = without(base, rng), without(copies, rng)
        order = pa.array(rng.permutation(size))
        truth = pa.array(np.concatenate([np.arange(originals), copied]) + known)
        columns = {n: pa.concat_arrays([base[n], copies[n]]).take(order) for n in FIELDS}
        yield pa.table({"id": numbered(seen, size), **columns, "person": truth.take(order)})
        seen, known = seen + size, known + originals


def numbered(start: int, count: int) -> pa.Array:
    """Return record identifiers R0, R1, …"""
    return pc.binary_join_element_wise("R", pa.array(np.arange(start, start + count)).cast(pa.string()), "")


def generate(count: int, seed: int = 1) -> pa.Table:
    """Return all records as one table; the same ``count`` and ``seed`` give the same table."""
    return pa.concat_tables(list(parts(count, seed))).combine_chunks()


def write(count: int, out: Path, seed: int = 1) -> None:
    """Write a Parquet file with the truth in it, a part at a time."""
    writer: pq.ParquetWriter | None = None
    for part in parts(count, seed):
        writer = writer or pq.ParquetWriter(out, part.schema)
        writer.write_table(part)
    if writer is not None:
        writer.close()


def main() -> None:
    """Write a file: CSV or Parquet by its ending; the truth goes beside it."""
    count, out = int(sys.argv[1]), Path(sys.argv[2])
    table = generate(count)
    data, truth = table.drop_columns(["person"]), table.select(["id", "person"])
    if out.suffix == ".parquet":
        pq.write_table(data, out)
    else:
        pa.csv.write_csv(data, out)
    pa.csv.write_csv(truth, out.with_suffix(".truth.csv"))
    print(f"{count:,} records, {pc.count_distinct(table['person']).as_py():,} persons → {out}")


if __name__ == "__main__":
    main()
