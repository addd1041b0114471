"""A web server for faults that a real one cannot be made to show; its answers have the real ones' shapes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """One answer; ``length`` promises more or fewer bytes than there are."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None

    @staticmethod
    def json(document: object, **headers: str) -> Answer:
        text = json.dumps(document, ensure_ascii=False).encode()
        return Answer(text, headers={"Content-Type": "application/json", **headers})


class FakeServer:
    """Answers by :meth:`answer`, after the ``faults`` that wait; remembers what it was ``asked``."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: list[Answer] = []
        self.url = ""

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    @contextmanager
    def running(self) -> Iterator[FakeServer]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.command, self.path, dict(self.headers), body)
                fake.asked.append(asked)
                given = fake.faults.pop(0) if fake.faults else fake.answer(asked)
                with suppress(ConnectionError):  # whoever asked did not wait for the answer
                    self._send(given)

            def _send(self, given: Answer) -> None:
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(given.body) if given.length is None else given.length))
                self.end_headers()
                self.wfile.write(given.body)

            do_GET = do_POST  # noqa: N815 - the standard library's name

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
