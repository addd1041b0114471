"""Great Expectations, started so that it keeps to itself: nothing is sent anywhere and nothing is written at home."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

QUIET = "GX_ANALYTICS_ENABLED"
SPARK = ("pyspark", "pyspark.sql.connect")


def great_expectations() -> Any:
    """Return the library, analytics switched off before it is imported."""
    os.environ[QUIET] = "false"
    with _without_spark():
        import great_expectations

    return great_expectations


@contextmanager
def _without_spark() -> Iterator[None]:
    """Hide PySpark while the library looks for it.

    It imports PySpark wherever that is installed, seconds for nothing: the hub checks data frames. PySpark's Connect
    part also ends the process (`sys.exit`) where gRPC is missing and the main module has no file.
    """
    hidden = [name for name in SPARK if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden, cast(Any, None)))
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


def ephemeral_context() -> Any:
    """Return a context that lives in memory only and shows no progress bars."""
    gx = great_expectations()
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        analytics_enabled=False,
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    return gx.get_context(project_config=config, mode="ephemeral")
