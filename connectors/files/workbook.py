"""Workbooks opened safely by calamine, with every failure told in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import SourceEncrypted, SourceTooLarge, SourceUnreadable, WrongContent
from connectors.files.archive import guard_archive
from connectors.files.extent import guard_extent
from connectors.files.sniff import EXTENSIONS, WORKBOOKS, Content, sniff

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def check_workbook(path: Path) -> Content:
    """Return which kind of workbook ``path`` holds, after the zip bomb guard has let it through.

    Raises:
        SourceEncrypted, SourceTooLarge, SourceUnreadable, WrongContent
    """
    content = sniff(path)
    if content is Content.ENCRYPTED:
        raise _encrypted(path)
    if content is Content.DAMAGED_ZIP:
        raise SourceUnreadable(
            f"'{path}' is {content.value}.", remedy="Fetch or export the file again.", file=str(path)
        )
    if content not in WORKBOOKS:
        raise WrongContent(f"'{path}' is not a workbook but {content.value}.", remedy=_remedy(content), file=str(path))
    if content is not Content.XLS:
        guard_archive(path)
        guard_extent(path, content)
    return content


def _remedy(content: Content) -> str:
    match content:
        case Content.TEXT:
            return "Read it with the connector 'csv'."
        case Content.JSON:
            return "Read it with the connector 'jsonl'."
        case Content.PARQUET:
            return "Read it with the connector 'parquet'."
        case Content.HTML | Content.XML:
            return "Many systems export web pages named .xls: open it in a spreadsheet program and save it as .xlsx."
        case _:
            return "Save the customer table as .xlsx or .csv."


def _encrypted(path: Path) -> SourceEncrypted:
    return SourceEncrypted(
        f"The workbook '{path}' is protected by a password.",
        remedy="Open it in a spreadsheet program, remove the password and save it.",
        file=str(path),
    )


@contextmanager
def open_workbook(path: Path, content: Content) -> Iterator[CalamineWorkbook]:
    """Open ``path`` as what it is, whatever its extension says; failures inside are translated."""
    from python_calamine import CalamineWorkbook

    with _translated(path):
        if path.suffix.casefold() in EXTENSIONS[content]:
            with CalamineWorkbook.from_path(path) as workbook:
                yield workbook
        else:
            with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as workbook:
                yield workbook


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError:
        raise _encrypted(path) from None
    except CalamineError as error:
        if "assword" in str(error):
            raise _encrypted(path) from None
        if "limit exceeded" in str(error):
            raise SourceTooLarge(
                f"The workbook '{path}' is too large: {error}.", remedy="Save the customer table alone.", file=str(path)
            ) from None
        raise _unreadable(path, str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a Rust panic on a damaged file is no Exception
            raise
        raise _unreadable(path, str(error)) from None


def _unreadable(path: Path, why: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"The workbook '{path}' cannot be read: {why}.",
        remedy="Open it in a spreadsheet program, save it again as .xlsx, and try once more.",
        file=str(path),
    )
