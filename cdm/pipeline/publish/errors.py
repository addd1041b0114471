# ruff: noqa: N818  (the names say what is the matter, as in cdm.errors)
"""What can go wrong with a target."""

from __future__ import annotations

from cdm.errors import CdmError, ExitCode


class TargetRefused(CdmError):
    """A target cannot be registered or used as asked."""

    code, status, exit_code = "target_refused", 422, int(ExitCode.USAGE)


class TargetFailed(CdmError):
    """A target could not be written; it holds what it held before."""

    code, status, exit_code, retryable = "target_failed", 502, int(ExitCode.TARGET), True
