"""The blocking keys of one row: :func:`matching.rowkeys.row_keys` with plain integers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import xxhash

from matching.columns import Kind
from matching.compare.organizations import BRAND
from matching.compare.parts import part
from matching.compare.texts import tokens
from matching.keys import COARSER, GOLDEN, SEVERAL
from matching.lookup.rows import Held
from matching.plan import PROOF, VALUE, WORD, KeyForm, Plan

_MASK = 2**64 - 1
_GOLDEN = int(GOLDEN)


class PlanKeys:
    """Makes the keys of single rows under a plan.

    Args:
        plan: the blocking rules.
        kinds: compared column → how it is compared; rules on other columns have no keys.
    """

    def __init__(self, plan: Plan, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._rules = [(at, rule.keys, _hashed(rule.name, "rule")) for at, rule in enumerate(plan.rules)]

    def __call__(self, columns: Mapping[str, Held], proofs: Mapping[str, Held]) -> list[tuple[int, int]]:
        """Return (position of the rule, key) of one row, each once per rule and in the order of the rules.

        Args:
            columns: compared column → values of the row.
            proofs: identifier → verified values of the row.
        """
        made: dict[KeyForm, list[int]] = {}
        found: list[tuple[int, int]] = []
        for at, forms, salt in self._rules:
            whole: list[int] | None = None
            for form in forms:
                if form not in made:
                    made[form] = self._entries(form, columns, proofs)
                whole = made[form] if whole is None else _combined(whole, made[form])
                if not whole:
                    break
            found += [(at, key ^ salt) for key in dict.fromkeys(whole or ())]
        return found

    def _entries(self, form: KeyForm, columns: Mapping[str, Held], proofs: Mapping[str, Held]) -> list[int]:
        """Return the keys of one column in one form."""
        if form.form == PROOF:
            return [_hashed(value, VALUE) for value in proofs.get(form.column, ())]
        kind = self._kinds.get(form.column)
        values = columns.get(form.column, ())
        if kind is None or not values:
            return []
        if form.form == VALUE:
            return [_hashed(value, VALUE) for value in values]
        if form.form == WORD:
            return [_hashed(word, WORD) for value in values for word in _words(kind, value)]
        make = _coarser(kind, form.form)
        return [_hashed(text, form.form) for value in values if (text := make(value))]


def _combined(whole: Sequence[int], more: Sequence[int]) -> list[int]:
    """Return one key per combination (see :func:`matching.keys.combined`)."""
    mine = [((key ^ (key >> 29)) * _GOLDEN) & _MASK for key in whole[:SEVERAL]]
    return [(mixed + key) & _MASK for mixed in mine for key in more[:SEVERAL]]


def _words(kind: Kind, value: str) -> list[str]:
    text = part(value, BRAND) if kind is Kind.ORGANIZATION else value
    return [word for word in sorted(set(tokens(text))) if len(word) > 2 or not word.isascii()]


@lru_cache(maxsize=256)
def _coarser(kind: Kind, form: str) -> Callable[[str], str | None]:
    return dict(COARSER.get(kind, ()))[form]


def _hashed(text: str, form: str) -> int:
    """Return the stable hash of a text in one form (see :func:`matching.keys.hashed`)."""
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) ^ _salt(form)


@lru_cache(maxsize=256)
def _salt(form: str) -> int:
    return xxhash.xxh3_64_intdigest(form.encode())
