"""The tests every connector passes, shipped for connector authors.

Subclass :class:`ConnectorConformance` in a pytest module and give it two fixtures::

    class TestKingdee(ConnectorConformance):
        @pytest.fixture
        def opened(self, tmp_path):          # () -> Connector, a new one on the same source at each call
            return lambda: KingdeeConnector(f"{tmp_path}/…", KingdeeOptions())

        @pytest.fixture
        def broken(self, tmp_path):          # [() -> Connector, …], each on a source that cannot be read
            return [lambda: KingdeeConnector("nowhere", KingdeeOptions())]

Call ``pytest.register_assert_rewrite("connectors.conformance")`` in ``conftest.py`` to see values in failures.
The source should hold at least three records, among them empty cells, Chinese text, an 18-digit id and a leading zero.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa

from connectors.contract import Connector, Page
from schemas.errors import CdmError

Opened = Callable[[], Connector]
Row = tuple[str | None, ...]

PAGE_SIZES = (1, 2, 3, 1000)


def rows_of(pages: Iterable[Page]) -> list[tuple[str, Row]]:
    """Return (origin, values) of every record of ``pages``."""
    rows: list[tuple[str, Row]] = []
    for page in pages:
        columns = [column.to_pylist() for column in page.table.columns]
        rows.extend(zip(page.origins, zip(*columns, strict=True), strict=True))
    return rows


def rejects_of(pages: Iterable[Page]) -> list[str]:
    """Return the origins of the rows that could not be read."""
    return [reject.origin for page in pages for reject in page.rejects]


class ConnectorConformance:
    """One test per promise of :mod:`connectors.contract`."""

    def test_every_page_size_gives_the_same_records_once(self, opened: Opened) -> None:
        """Pages partition the source, whatever their size."""
        whole = list(opened().read())
        assert len(rows_of(whole)) >= 3, "give the suite a source of at least three records"
        for size in PAGE_SIZES:
            pages = list(opened().read(page_size=size))
            assert rows_of(pages) == rows_of(whole)
            assert rejects_of(pages) == rejects_of(whole)
            assert all(0 < page.table.num_rows + len(page.rejects) <= size for page in pages)

    def test_reading_twice_is_equal(self, opened: Opened) -> None:
        """The same connector, and a new one, give the same pages and cursors."""
        connector = opened()
        first, second, third = (list(c.read(page_size=2)) for c in (connector, connector, opened()))
        for other in (second, third):
            assert rows_of(other) == rows_of(first)
            assert [page.cursor for page in other] == [page.cursor for page in first]

    def test_every_cursor_resumes_with_exactly_the_rest(self, opened: Opened) -> None:
        """A cursor that went through JSON resumes after its page: nothing twice, nothing lost.

        After the last page, a connector that reads changes may deliver the latest records again, but nothing else.
        """
        pages = list(opened().read(page_size=2))
        for index, page in enumerate(pages):
            cursor = json.loads(json.dumps(page.cursor))
            rest = list(opened().read(cursor, page_size=2))
            if index < len(pages) - 1:
                assert rows_of(rest) == rows_of(pages[index + 1 :])
                assert rejects_of(rest) == rejects_of(pages[index + 1 :])
            elif opened().describe().updated_at is None:
                assert rest == []
            else:
                assert {row for _, row in rows_of(rest)} <= {row for _, row in rows_of(pages)}

    def test_tables_are_text_with_the_described_columns(self, opened: Opened) -> None:
        """Every page has the described columns, all ``string``; empty cells are null and texts are stripped."""
        dataset = opened().describe()
        for page in opened().read(page_size=2):
            assert page.table.column_names == list(dataset.columns)
            assert all(field.type == pa.string() for field in page.table.schema)
            values = [value for column in page.table.columns for value in column.to_pylist() if value is not None]
            assert all(value and value == value.strip() and "\0" not in value for value in values)

    def test_column_names_are_unique(self, opened: Opened) -> None:
        """No two columns share a name, and none is empty."""
        columns = list(opened().describe().columns)
        assert columns and all(columns)
        assert len(set(columns)) == len(columns)

    def test_origins_are_aligned_and_unique(self, opened: Opened) -> None:
        """One origin per record; no two rows of a source share one."""
        pages = list(opened().read(page_size=2))
        assert all(len(page.origins) == page.table.num_rows for page in pages)
        origins: Sequence[str] = [*(origin for origin, _ in rows_of(pages)), *rejects_of(pages)]
        assert all(origins)
        assert len(set(origins)) == len(origins)

    def test_description_agrees_with_reading(self, opened: Opened) -> None:
        """Columns, sample, number of rows, key and change column are what reading gives."""
        dataset = opened().describe(sample_rows=2)
        table = pa.concat_tables([page.table for page in opened().read()])
        assert dataset.sample.to_pylist() == table.slice(0, 2).to_pylist()
        assert dataset.rows in (None, table.num_rows)
        assert {dataset.key, dataset.updated_at} - {None} <= set(dataset.columns)
        assert all(isinstance(note, str) and note for note in dataset.notes)

    def test_errors_are_understandable(self, broken: Sequence[Opened]) -> None:
        """What cannot be read is refused with an error that says what to do, by ``describe`` and ``read`` alike."""
        assert broken, "give the suite at least one source that cannot be read"
        for open_broken in broken:
            for attempt in (lambda c: c.describe(), lambda c: list(c.read())):
                try:
                    attempt(open_broken())
                except CdmError as error:
                    assert error.message and error.remedy and error.code
                else:
                    raise AssertionError("a source that cannot be read was read")
