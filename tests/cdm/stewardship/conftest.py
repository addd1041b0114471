"""A small company for stewards to work on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv

from cdm.pipeline.hub import Hub
from cdm.pipeline.run import run_all


@pytest.fixture
def company(hub: Hub, add: Callable[..., None], tmp_path: Path) -> Hub:
    """A hub with two sources: the first customer of both is one person."""
    add("sales", write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES), key="客户编号")
    add("shop", write_csv(tmp_path / "shop.csv", SHOP_HEADER, SHOP), key="user_id")
    run_all(hub)
    return hub
