"""Completing records: what one field says about another, where it is certain."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.batch import Batch
from quality.cleanse.distinct import cleanse_column
from quality.cleanse.gender import clean_gender
from quality.cleanse.record_address import complete_addresses
from quality.cleanse.record_codes import (
    CURRENCY_FROM_AMOUNT,
    FOREIGN_CURRENCY,
    GENDER_FROM_TITLE,
)
from quality.cleanse.record_names import complete_names
from schemas.types import SemanticType

_HOME = {"CN": "CNY", "US": "USD", "GB": "GBP", "JP": "JPY", "HK": "HKD", "TW": "TWD", "CH": "CHF", "AU": "AUD"}
_HOME |= dict.fromkeys(("DE", "FR", "IT", "ES", "NL", "AT", "BE", "IE", "PT", "FI", "GR"), "EUR")


def complete_records(batch: Batch) -> None:
    """Fill fields from others of the same record and put right what stands in the wrong field.

    Args:
        batch: cleansed and with derived fields filled; its fields and findings change.
    """
    if batch.knows("family_name", "given_name", "full_name"):
        complete_names(batch)
    if "gender" in batch.entity.fields and "salutation" in batch.fields:
        _gender_from_title(batch)
    if batch.knows("address"):
        complete_addresses(batch)
    _currency(batch)


def _gender_from_title(batch: Batch) -> None:
    """Herr, Ms. and 先生 tell the gender; 李总 and Dr. do not."""
    titles = cleanse_column(batch.text("salutation"), None, batch.default_country, clean_gender)
    genders = [r.standard[0] if r.standard and not r.codes else None for r in titles.results]
    at = pa.array(titles.at, mask=titles.at < 0)
    batch.fill("gender", pa.array(genders, pa.string()).take(at), GENDER_FROM_TITLE)


def _currency(batch: Batch) -> None:
    """An amount that names its currency fills the currency field; where there is none, a foreign one is pointed out."""
    for field in batch.entity.fields.values():
        currency = batch.part(field.name, "currency") if field.type is SemanticType.MONEY else None
        if currency is None:
            continue
        if "currency" in batch.entity.fields:
            batch.fill("currency", currency, CURRENCY_FROM_AMOUNT)
            continue
        home = _HOME.get(batch.default_country)
        rows = np.flatnonzero(pc.fill_null(pc.not_equal(currency, home), False).to_numpy(zero_copy_only=False))
        batch.findings.add(field.name, FOREIGN_CURRENCY, rows, currency.take(pa.array(rows)))
