"""Alerts by webhook: what they say, in every robot's own shape, and that a webhook that is down does no harm."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest

from cdm.errors import SettingsError
from cdm.settings import AlertFormat, Settings, load_settings
from flows.alerts import Alert, send
from flows.alerts.message import Event
from flows.alerts.robots import Sender, request_of

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ALERT = Alert(Event.HELD, NOW.isoformat(), "sqlite:///hub.db", "busy-bee", ["12 erp: 来源 erp 缺少 45.0% 的已有记录"])


class Webhook(ThreadingHTTPServer):
    """A webhook that keeps what it was told, and answers what it is told to answer."""

    daemon_threads = True

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.told: list[tuple[str, Any]] = []
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/robot?key=secret-key"


class _Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, orjson.loads(body)))
        status, answer = self.server.answers.pop(0) if self.server.answers else (200, b"{}")
        if not status:
            self.server.released.wait(30)
            status = 200
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


def settings(webhook: Webhook, **more: Any) -> Settings:
    return load_settings(alert_url=webhook.url, language="zh", **more)


def test_a_program_is_told_everything(webhook: Webhook) -> None:
    assert send(ALERT, settings(webhook), NOW)
    ((path, body),) = webhook.told
    assert path == "/robot?key=secret-key"
    assert (body["event"], body["flow_run"], body["lines"]) == ("held", "busy-bee", list(ALERT.lines))
    assert "45.0%" in body["text"]


@pytest.mark.parametrize(
    ("form", "where"),
    [
        (AlertFormat.WECOM, ("text", "content")),
        (AlertFormat.DINGTALK, ("text", "content")),
        (AlertFormat.FEISHU, ("content", "text")),
    ],
)
def test_robots_are_told_in_their_own_shape(webhook: Webhook, form: AlertFormat, where: tuple[str, str]) -> None:
    assert send(ALERT, settings(webhook, alert_format=form), NOW)
    ((_, body),) = webhook.told
    assert body[where[0]][where[1]] == ALERT.text("zh")
    assert (body.get("msgtype") or body.get("msg_type")) == "text"


def test_signatures() -> None:
    to = Sender("https://robot/x?key=1", "s3cret", "en", NOW)
    stamp = str(int(NOW.timestamp()))
    ding = request_of(ALERT, AlertFormat.DINGTALK, to).url
    assert ding.startswith(f"https://robot/x?key=1&timestamp={stamp}000&sign=")
    sign = base64.b64encode(hmac.new(f"{stamp}\ns3cret".encode(), b"", hashlib.sha256).digest()).decode()
    body = request_of(ALERT, AlertFormat.FEISHU, to).body
    assert (body["timestamp"], body["sign"]) == (stamp, sign)
    assert "sign" not in request_of(ALERT, AlertFormat.FEISHU, Sender("https://robot", "", "en", NOW)).body


def test_it_is_tried_again_and_given_up_without_a_word_of_the_address(
    webhook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    webhook.answers = [(500, b"oops"), (200, b'{"errcode": 93000}'), (200, b'{"errcode": 0}')]
    assert send(ALERT, settings(webhook), NOW, waits=(0, 0))
    webhook.answers = [(500, b"oops")] * 3
    assert not send(ALERT, settings(webhook), NOW, waits=(0, 0))
    assert len(webhook.told) == 6
    assert "500" in caplog.text
    assert "secret-key" not in caplog.text


def test_a_webhook_that_does_not_answer_does_no_harm(webhook: Webhook) -> None:
    webhook.answers = [(0, b"")]
    assert not send(ALERT, settings(webhook), NOW, waits=(), timeout=0.2)
    webhook.server_close()
    nobody = load_settings(alert_url="http://127.0.0.1:9/nobody")
    assert not send(ALERT, nobody, NOW, waits=(), timeout=2)


def test_nobody_is_told_where_there_is_no_webhook() -> None:
    assert not send(ALERT, load_settings(), NOW)


def test_a_wrong_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="CDM_ALERT_URL") as wrong:
        load_settings(alert_url="ftp://robot?key=secret-key")
    assert "secret-key" not in str(wrong.value)
    with pytest.raises(SettingsError, match="CDM_TIMEZONE"):
        load_settings(timezone="Middle/Earth")
