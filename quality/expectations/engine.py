"""Great Expectations, started so that it keeps to itself: nothing is sent anywhere and nothing is written at home."""

from __future__ import annotations

import os
from typing import Any

QUIET = "GX_ANALYTICS_ENABLED"


def great_expectations() -> Any:
    """Return the library, analytics switched off before it is imported."""
    os.environ[QUIET] = "false"
    import great_expectations

    return great_expectations


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
