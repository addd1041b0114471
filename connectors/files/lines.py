"""The lines of a text file, one by one, with the position to go on from."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from connectors.errors import SourceTooLarge
from connectors.files.encoding import TextEncoding
from connectors.limits import MAX_LINE_BYTES


class Lines:
    """Iterates over decoded lines (line ends kept); made for :func:`csv.reader`, which asks for one at a time.

    ``number`` counts the lines handed out, ``offset`` the bytes they took (0 for encodings that cannot be split by
    bytes). ``recent`` keeps the lines since it was last cleared, so that a record that went wrong can be given back.
    A line that is not valid in the encoding is handed out with replacement characters and listed in ``broken``.
    """

    def __init__(self, path: Path, encoding: TextEncoding, offset: int = 0, number: int = 0) -> None:
        self.path = path
        self.encoding = encoding
        self.number = 0
        self.offset = encoding.mark
        self.recent: list[tuple[str, int]] = []
        self.broken: dict[int, str] = {}
        self._given_back: deque[tuple[str, int]] = deque()
        self._stream = path.open("rb")
        self._source = self._bytewise() if encoding.bytewise_lines else self._decoded()
        if encoding.bytewise_lines and offset > encoding.mark:
            self.offset, self.number = offset, number
        self._stream.seek(self.offset)
        while self.number < number and self._next() is not None:
            pass
        self.recent.clear()

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        if line is None:
            raise StopIteration
        return line

    def _next(self) -> str | None:
        item = self._given_back.popleft() if self._given_back else next(self._source, None)
        if item is None:
            return None
        self.number += 1
        self.offset += item[1]
        self.recent.append(item)
        return item[0]

    def give_back(self, keep: int) -> None:
        """Hand the recent lines out again, except the first ``keep``."""
        again = self.recent[keep:]
        self.number -= len(again)
        self.offset -= sum(size for _, size in again)
        self._given_back.extendleft(reversed(again))
        del self.recent[keep:]

    def _bytewise(self) -> Iterator[tuple[str, int]]:
        name = self.encoding.name
        while line := self._stream.readline(MAX_LINE_BYTES):
            if len(line) == MAX_LINE_BYTES:
                raise self._too_long()
            if b"\r" in line[:-2]:
                yield from self._split(line)
                continue
            try:
                yield line.decode(name), len(line)
            except UnicodeDecodeError as error:
                yield self._replace(line, error), len(line)

    def _split(self, line: bytes) -> Iterator[tuple[str, int]]:
        """Split a line that holds carriage returns, the line ends of old systems."""
        for part in line.splitlines(keepends=True):
            try:
                yield part.decode(self.encoding.name), len(part)
            except UnicodeDecodeError as error:
                yield self._replace(part, error), len(part)

    def _replace(self, line: bytes, error: UnicodeDecodeError) -> str:
        self.broken[self.number + 1] = f"byte 0x{line[error.start]:02X} at position {error.start + 1}"
        return line.decode(self.encoding.name, "replace")

    def _decoded(self) -> Iterator[tuple[str, int]]:
        reader = TextIOWrapper(self._stream, self.encoding.name, errors="replace", newline="")
        while line := reader.readline(MAX_LINE_BYTES):
            if len(line) >= MAX_LINE_BYTES:
                raise self._too_long()
            if "\ufffd" in line:
                self.broken[self.number + 1] = f"character {line.index(chr(0xFFFD)) + 1} cannot be decoded"
            yield line, 0

    def _too_long(self) -> SourceTooLarge:
        return SourceTooLarge(
            f"Line {self.number + 1} of '{self.path}' is longer than {MAX_LINE_BYTES:,} bytes.",
            remedy="Check that this is a table in text form, one record per line.",
            file=str(self.path),
            line=self.number + 1,
        )
