"""The HTTP API: routes that parse a request, ask the desk of whoever asks, and answer; nothing else.

``api(service)`` returns the application that :mod:`cdm.serve` mounts under ``/api/v1``.
"""

from __future__ import annotations

from cdm.api.app import api

__all__ = ["api"]
