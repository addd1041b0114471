"""A process that cleanses pages for a reading: run as ``python -m cdm.pipeline.page_worker`` by ``page_workers``.

It gets frames through its standard input — a page reader, then raw pages — and answers each page with its records. It
holds nothing that matters: where the reading ends, however that happens, its input ends, and with it the process.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from typing import BinaryIO

_LENGTH = struct.Struct("<Q")
FAILED = b""
"""The answer to a page that cannot be cleansed here: the reading then does it itself and meets the error."""


def write_frame(stream: BinaryIO, content: bytes) -> None:
    """Write one frame: its length as 8 bytes, then its content."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes:
    """Read one frame.

    Raises:
        EOFError: the stream ended, in a frame or before it.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(head)
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer pages until there are no more."""
    from cdm.pipeline.memory import rare_collection

    try:
        reader = pickle.loads(read_frame(requests))  # noqa: S301 - from the process that started this one
        with rare_collection():
            while True:
                raw, origins = pickle.loads(read_frame(requests))  # noqa: S301
                try:
                    answer = pickle.dumps(reader.records(raw, origins), pickle.HIGHEST_PROTOCOL)
                except Exception:  # noqa: BLE001 - whatever it is, the reading meets it again and reports it
                    answer = FAILED
                write_frame(answers, answer)
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the reading is interrupted, and ends its workers itself
    own_answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not stand among the answers
    serve(sys.stdin.buffer, own_answers)
