"""Bounds that keep hostile or broken input from exhausting the machine."""

from __future__ import annotations

MAX_INFLATED_BYTES = 4 * 2**30
"""A workbook (a zip archive) may not unpack to more than this; a full million-row sheet needs about 1 GiB."""

MAX_INFLATION_RATIO = 200
"""A workbook may not unpack to more than this many times its size …"""

RATIO_FREE_BYTES = 128 * 2**20
"""… unless it stays below this size, where any ratio is harmless."""

MAX_ARCHIVE_MEMBERS = 20_000
"""Parts in one workbook archive."""

MAX_SHEET_CELLS = 100_000_000
"""Grid positions (rows x columns) of one worksheet, which is held in memory as a whole: about 3 GiB."""

MAX_LINE_BYTES = 16 * 2**20
"""One physical line of a text file."""

MAX_JSON_DOCUMENT_BYTES = 256 * 2**20
"""A JSON document that is one array must be read whole; beyond this it has to be JSON lines."""

MAX_COLUMNS = 16_384
"""Columns of one table: what a worksheet can hold."""

MAX_ANSWER_BYTES = 64 * 2**20
"""One answer of a web server, unpacked; a page of a thousand customers has about 1 MiB."""
