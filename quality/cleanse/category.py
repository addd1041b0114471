"""Values out of a list: levels, states, channels, forms of address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from quality.cleanse.contract import Cleansed
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.reference_data import reference
from quality.cleanse.text import fold, simplify


@cache
def _synonyms(field: str) -> Mapping[str, str]:
    data = reference("category")
    forms: Mapping[str, Sequence[str]] = data.get(field, {})
    return {word.casefold(): form for form, words in forms.items() for word in (form, *words)}


def clean_category(value: str, country: str, *, field: str = "", allowed: Sequence[str] = ()) -> Cleansed:
    """Standardise a value out of a list.

    Args:
        value: the text of the cell.
        country: not used.
        field: the field's name in the model; some fields have synonyms of their own.
        allowed: the values the model allows; one that differs only in case, width or script is written their way.

    Returns:
        The standard form, or the folded text where it is no known synonym.
    """
    text = fold(value[:500])
    key = simplify(text).casefold()
    for form in allowed:
        if simplify(fold(form)).casefold() == key:
            return Cleansed((form,))
    known = _synonyms(field).get(key)
    if known is not None:
        return Cleansed((known,))
    if is_placeholder(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    return Cleansed((text,))
