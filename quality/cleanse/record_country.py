"""The country of records that name none."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.batch import Batch
from quality.cleanse.record_codes import COUNTRY_FROM_ADDRESS, COUNTRY_FROM_PHONE


def country_from_address(batch: Batch) -> None:
    """Fill the country that an address names or can only lie in.

    Args:
        batch: with its addresses cleansed; its ``country`` and findings change.
    """
    named = batch.part("address", "country")
    if named is not None:
        batch.fill("country", named, COUNTRY_FROM_ADDRESS)


def country_from_phone(batch: Batch) -> None:
    """Fill the country that the telephone numbers themselves name, if they all name the same.

    Args:
        batch: with its telephone numbers cleansed; its ``country`` and findings change.
    """
    named = [p for column in batch.cleansed.get("phone", ()) if (p := column.part("country")) is not None]
    if not named:
        return
    agreed = pc.coalesce(*named)
    for one in named:
        agreed = pc.if_else(pc.fill_null(pc.not_equal(one, agreed), False), pa.scalar(None, pa.string()), agreed)
    batch.fill("country", agreed, COUNTRY_FROM_PHONE)
