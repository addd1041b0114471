"""What a match writes: the rows as they came with their clusters, the links, and the pairs for review."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa

from cdm.pipeline.match.parquet import CLUSTER, ROW, ParquetInput, Slice
from cdm.pipeline.match.request import MatchRequestError


def with_clusters(piece: Slice, clusters: np.ndarray) -> pa.Table:
    """Return a slice as it came, with the number of every row and the smallest row of its cluster."""
    rows = pa.array(np.arange(piece.first, piece.first + piece.rows))
    return (
        piece.read().replace_schema_metadata(None).append_column(ROW, rows).append_column(CLUSTER, pa.array(clusters))
    )


def write_rows(path: Path, source: ParquetInput, clusters: np.ndarray) -> None:
    """Write all rows with their clusters into one file."""
    from pyarrow.parquet import ParquetWriter

    schema = source.schema.append(pa.field(ROW, pa.int64())).append(pa.field(CLUSTER, pa.int64()))
    with replaced(path) as part, ParquetWriter(part, schema) as writer:
        for piece in source.slices:
            writer.write_table(with_clusters(piece, clusters[piece.first : piece.first + piece.rows]))


def write_table(path: Path, table: pa.Table) -> None:
    """Write one table into one file."""
    from pyarrow.parquet import write_table

    with replaced(path) as part:
        write_table(table, part)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a name to write to; what is written there takes the place of ``path`` when all of it is there.

    Raises:
        MatchRequestError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        remove(part)
        yield part
        remove(path)
        part.replace(path)
    except OSError as error:
        raise MatchRequestError(
            f"{path} cannot be written: {error.strerror or error}.", remedy="Write to another place, or make room."
        ) from error
    finally:
        remove(part)


def remove(path: Path) -> None:
    """Remove a file or folder an earlier run has written; nothing where there is none."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
