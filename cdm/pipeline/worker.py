"""A process that works for a job: run as ``python -m cdm.pipeline.worker`` by :mod:`cdm.pipeline.workers`.

It gets frames through its standard input — what is to be done, then what to do it with — and answers each with the
outcome. It holds nothing that matters: where the job ends, however that happens, its input ends, and with it the
process.
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
"""The answer to what cannot be done here: the job then does it itself and meets the error."""


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
    """Answer until nothing more is asked."""
    from cdm.pipeline.memory import rare_collection

    try:
        work = pickle.loads(read_frame(requests))  # noqa: S301 - from the process that started this one
        with rare_collection():
            while True:
                arguments = pickle.loads(read_frame(requests))  # noqa: S301
                try:
                    answer = pickle.dumps(work(*arguments), pickle.HIGHEST_PROTOCOL)
                except Exception:  # noqa: BLE001 - whatever it is, the job meets it again and reports it
                    answer = FAILED
                write_frame(answers, answer)
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the job is interrupted, and ends its workers itself
    own_answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not stand among the answers
    serve(sys.stdin.buffer, own_answers)
