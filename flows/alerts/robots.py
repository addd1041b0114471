"""The shapes in which a webhook wants its message: a program's own, or one of the robots of chat groups.

Sources: the documentation of group robots of WeCom (企业微信), DingTalk (钉钉) and Feishu (飞书).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from cdm.settings import AlertFormat
from flows.alerts.message import Alert


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted."""

    url: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """Where an alert goes, and how it is signed."""

    url: str
    secret: str
    language: str
    now: datetime


def request_of(alert: Alert, form: AlertFormat, to: Sender) -> Request:
    """Return what is posted to a webhook that understands ``form``."""
    return _FORMS[form](alert, to)


def understood(answer: Any) -> bool:
    """Tell whether a webhook took the message; robots answer 200 and say in the body that they did not."""
    if not isinstance(answer, dict):
        return True
    return all(answer.get(name, 0) == 0 for name in ("errcode", "code", "StatusCode"))


def _json(alert: Alert, to: Sender) -> Request:
    return Request(to.url, alert.as_json(to.language))


def _wecom(alert: Alert, to: Sender) -> Request:
    return Request(to.url, {"msgtype": "text", "text": {"content": alert.text(to.language)}})


def _dingtalk(alert: Alert, to: Sender) -> Request:
    """The signature is the time in milliseconds and the secret, keyed with the secret."""
    body = {"msgtype": "text", "text": {"content": alert.text(to.language)}}
    if not to.secret:
        return Request(to.url, body)
    stamp = str(int(to.now.timestamp() * 1000))
    sign = _hmac(to.secret, f"{stamp}\n{to.secret}")
    joint = "&" if "?" in to.url else "?"
    return Request(f"{to.url}{joint}timestamp={stamp}&sign={quote_plus(sign)}", body)


def _feishu(alert: Alert, to: Sender) -> Request:
    """The signature is nothing at all, keyed with the time in seconds and the secret."""
    body = {"msg_type": "text", "content": {"text": alert.text(to.language)}}
    if not to.secret:
        return Request(to.url, body)
    stamp = str(int(to.now.timestamp()))
    return Request(to.url, {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{to.secret}", ""), **body})


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


_FORMS: Mapping[AlertFormat, Callable[[Alert, Sender], Request]] = {
    AlertFormat.JSON: _json,
    AlertFormat.WECOM: _wecom,
    AlertFormat.DINGTALK: _dingtalk,
    AlertFormat.FEISHU: _feishu,
}
