"""Errors as records of the same person show them, drawn for whole columns at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Columns = dict[str, pa.Array]
LETTERS = pa.array(list("abcdefghijklmnopqrstuvwxyz"))
DIGITS = pa.array(list("0123456789"))
ERRORS = (0.10, 0.45, 0.33, 0.12)
"""How often a duplicate has no, one, two or three errors."""


def spoiled(columns: Columns, others: Columns, rng: np.random.Generator) -> Columns:
    """Return the columns with up to three errors per record.

    Args:
        columns: field → values, copies of true records.
        others: the same fields of other persons, where a new phone, address or surname comes from.
        rng: the source of chance.
    """
    out = dict(columns)
    count = len(out["surname"])
    errors = rng.choice(len(ERRORS), count, p=ERRORS)
    for turn in range(1, len(ERRORS)):
        kind = rng.choice(len(KINDS), count, p=[share for share, _ in KINDS])
        for number, (_, error) in enumerate(KINDS):
            error(out, others, (kind == number) & (errors >= turn), rng)
    return out


def mistype(field: str, letters: pa.Array) -> Callable[..., None]:
    """Return an error that replaces, drops, doubles or swaps one character of a field."""

    def apply(out: Columns, others: Columns, hit: np.ndarray, rng: np.random.Generator) -> None:
        rows = np.flatnonzero(hit)
        values = out[field].take(pa.array(rows))
        length = np.maximum(pc.fill_null(pc.utf8_length(values), 1).to_numpy(zero_copy_only=False), 1)
        place = (rng.random(len(rows)) * length).astype(np.int64)
        letter = letters.take(pa.array(rng.integers(0, len(letters), len(rows))))
        kind = rng.integers(0, 4, len(rows))
        put(out, field, rows, typed(values, place, kind, letter))

    return apply


def typed(values: pa.Array, place: np.ndarray, kind: np.ndarray, letter: pa.Array) -> pa.Array:
    """Return the values with the character at ``place`` replaced, dropped, doubled or swapped with the next."""
    out, order = [], []
    for at in np.unique(place):
        rows = np.flatnonzero(place == at)
        text = values.take(pa.array(rows))
        head, here = pc.utf8_slice_codeunits(text, 0, int(at)), pc.utf8_slice_codeunits(text, int(at), int(at) + 1)
        following = pc.utf8_slice_codeunits(text, int(at) + 1, int(at) + 2)
        tail = pc.utf8_slice_codeunits(text, int(at) + 2)
        rest = pc.binary_join_element_wise(following, tail, "")
        ways = (
            pc.binary_join_element_wise(head, letter.take(pa.array(rows)), rest, ""),
            pc.binary_join_element_wise(head, rest, ""),
            pc.binary_join_element_wise(head, here, here, rest, ""),
            pc.binary_join_element_wise(head, following, here, tail, ""),
        )
        out.append(pc.choose(pa.array(kind[rows]), *ways))
        order.append(rows)
    if not out:
        return values
    return pa.concat_arrays(out).take(pa.array(np.argsort(np.concatenate(order), kind="stable")))


def put(out: Columns, field: str, rows: np.ndarray, values: pa.Array) -> None:
    """Write values into some rows of a column."""
    mask = np.zeros(len(out[field]), dtype=bool)
    mask[rows] = True
    out[field] = pc.replace_with_mask(out[field], pa.array(mask), values)


def lose(field: str) -> Callable[..., None]:
    """Return an error that leaves a field empty."""

    def apply(out: Columns, others: Columns, hit: np.ndarray, rng: np.random.Generator) -> None:
        out[field] = pc.if_else(pa.array(hit), None, out[field])

    return apply


def renew(*fields: str) -> Callable[..., None]:
    """Return an error that takes fields from somebody else: a new phone, a move, a married name."""

    def apply(out: Columns, others: Columns, hit: np.ndarray, rng: np.random.Generator) -> None:
        for field in fields:
            out[field] = pc.if_else(pa.array(hit), others[field], out[field])

    return apply


def nickname(out: Columns, others: Columns, hit: np.ndarray, rng: np.random.Generator) -> None:
    """Cut the first name short and end it on -y."""
    short = pc.binary_join_element_wise(pc.utf8_slice_codeunits(out["first_name"], 0, 3), "y", "")
    out["first_name"] = pc.if_else(pa.array(hit), short, out["first_name"])


def initial(out: Columns, others: Columns, hit: np.ndarray, rng: np.random.Generator) -> None:
    """Keep only the first letter of the first name."""
    out["first_name"] = pc.if_else(pa.array(hit), pc.utf8_slice_codeunits(out["first_name"], 0, 1), out["first_name"])


def swapped_names(out: Columns, others: Columns, hit: np.ndarray, rng: np.random.Generator) -> None:
    """Put first name and surname in each other's place."""
    first, last, rows = out["first_name"], out["surname"], pa.array(hit)
    out["first_name"], out["surname"] = pc.if_else(rows, last, first), pc.if_else(rows, first, last)


def swapped_date(out: Columns, others: Columns, hit: np.ndarray, rng: np.random.Generator) -> None:
    """Swap day and month of birth."""
    swapped = pc.replace_substring_regex(out["birth_date"], r"^(\d+)-(\d\d)-(\d\d)$", r"\1-\3-\2")
    out["birth_date"] = pc.if_else(pa.array(hit), swapped, out["birth_date"])


KINDS: tuple[tuple[float, Callable[..., None]], ...] = (
    (0.13, mistype("first_name", LETTERS)),
    (0.15, mistype("surname", LETTERS)),
    (0.06, mistype("birth_date", DIGITS)),
    (0.04, mistype("city", LETTERS)),
    (0.03, mistype("postcode", DIGITS)),
    (0.06, mistype("email", LETTERS)),
    (0.05, mistype("phone", DIGITS)),
    (0.04, lose("first_name")),
    (0.05, lose("birth_date")),
    (0.05, lose("email")),
    (0.05, lose("phone")),
    (0.06, nickname),
    (0.03, initial),
    (0.03, swapped_names),
    (0.02, swapped_date),
    (0.05, renew("phone")),
    (0.04, renew("email")),
    (0.04, renew("city", "postcode")),
    (0.02, renew("surname")),
)
