"""Post an alert to the webhook of the settings; a webhook that cannot be reached never makes a run fail."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from urllib.error import HTTPError, URLError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import orjson

from cdm.settings import Settings
from flows.alerts.message import Alert
from flows.alerts.robots import Request, Sender, request_of, understood

WAITS = (1.0, 5.0, 20.0)
"""Seconds before each further try."""
TIMEOUT = 10.0
"""Seconds a webhook may take to answer."""
_LOG = logging.getLogger("cdm.alerts")


def send(
    alert: Alert, settings: Settings, now: datetime, *, waits: Sequence[float] = WAITS, timeout: float = TIMEOUT
) -> bool:
    """Post an alert, again where the webhook is down.

    Args:
        alert: what is told.
        settings: where to, and in which form.
        now: the present time, for signatures.
        waits: seconds before each further try.
        timeout: seconds a webhook may take to answer.

    Returns:
        Whether it was taken; ``False`` also where nobody is to be told.
    """
    url = settings.alert_url.get_secret_value()
    if not url:
        return False
    to = Sender(url, settings.alert_secret.get_secret_value(), settings.language, now)
    request = request_of(alert, settings.alert_format, to)
    for wait in (*waits, None):
        why = _post(request, timeout)
        if why is None:
            return True
        # The address holds the robot's key and is not told.
        _LOG.warning("the alert could not be delivered: %s", why)
        if wait is not None:
            time.sleep(wait)
    return False


def _post(request: Request, timeout: float) -> str | None:
    """Post once; return why it was not taken, ``None`` where it was."""
    data, headers = orjson.dumps(request.body), {"Content-Type": "application/json; charset=utf-8"}
    posted = HttpRequest(request.url, data, headers, method="POST")  # noqa: S310 - settings admit http and https only
    try:
        with urlopen(posted, timeout=timeout) as answer:  # noqa: S310
            body = answer.read(65_536)
    except HTTPError as error:
        error.close()
        return f"it answered {error.code}"
    except (URLError, OSError) as error:
        return type(error).__name__
    try:
        return None if understood(orjson.loads(body)) else "the robot refused the message"
    except orjson.JSONDecodeError:
        return None
