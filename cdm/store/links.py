"""Links: pairs of source records that matching found more or less alike."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlalchemy import delete, select

from cdm.store.bulk import insert_rows, one_of
from cdm.store.database import Database
from cdm.store.tables import link

ENDS = ((link.c.left_id, link.c.right_id), (link.c.right_id, link.c.left_id))


class Links:
    """The links of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def partners(self, records: Sequence[int]) -> list[int]:
        """Return the records linked with any of some records, in order, these themselves left out."""
        found: set[int] = set()
        with self._database.read() as connection:
            for one, other in ENDS:
                found.update(connection.execute(select(other).where(one_of(connection, one, records))).scalars())
        return sorted(found - set(records))

    def replace(self, entity: str, records: Sequence[int], links: pa.Table) -> None:
        """Replace the links of some records, and add links between others that are not there yet.

        Args:
            entity: their entity type.
            records: whose links are forgotten.
            links: ``component.LINKS``.
        """
        left, right = links["left_id"].to_pylist(), links["right_id"].to_pylist()
        with self._database.write() as connection:
            for one, _ in ENDS:
                connection.execute(delete(link).where(one_of(connection, one, records)))
            mine = set(records)
            others = [pair for pair in zip(left, right, strict=True) if not mine & set(pair)]
            ends = sorted({record for pair in others for record in pair})
            query = select(link.c.left_id, link.c.right_id).where(one_of(connection, link.c.left_id, ends))
            known = {tuple(row) for row in connection.execute(query)}
            keep = [i for i, pair in enumerate(zip(left, right, strict=True)) if pair not in known]
            columns = {name: [links[name][i].as_py() for i in keep] for name in ("left_id", "right_id", "weight")}
            insert_rows(connection, link, {**columns, "entity": [entity] * len(keep)})
