"""Prefect flows over :mod:`cdm.pipeline`: the same functions on a schedule, with retries, run history and alerts.

:mod:`flows.nightly` is the flow, :mod:`flows.deployments` says when it runs, :mod:`flows.serve` runs Prefect's server
and the schedules on one machine, :mod:`flows.alerts` tells people what went wrong.
"""

from __future__ import annotations

import os

# Before Prefect is imported anywhere in this package: nothing is told to anybody.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
