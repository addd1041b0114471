"""What only the demo knows: which records truly are the same customer."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemas.source import SourceSpec

TRUTH_FILE = "truth.csv"
WORKBOOK, DATABASE, EXPORT = "sales_customers.xlsx", "erp.db", "shop_export.csv"


@dataclass(frozen=True, slots=True)
class TrueRecord:
    """One record of one source, the customer it truly belongs to, and the country the customer lives in."""

    source: str
    key: str
    truth_id: str
    country: str = ""


@dataclass(frozen=True)
class DemoTruth:
    """The truth about a demo's records.

    ``records`` has one entry per customer record; truth ids start with P for persons and C for companies.
    """

    records: Sequence[TrueRecord]

    @cached_property
    def by_record(self) -> dict[tuple[str, str], str]:
        """Truth id by (source name, record key)."""
        return {(record.source, record.key): record.truth_id for record in self.records}

    @property
    def per_source(self) -> dict[str, int]:
        """Number of records by source name."""
        return dict(Counter(record.source for record in self.records))

    @property
    def customers(self) -> int:
        """Number of true customers."""
        return len({record.truth_id for record in self.records})

    def write(self, directory: Path) -> None:
        """Write ``truth.csv``: source, key, truth_id, country."""
        with (directory / TRUTH_FILE).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("source", "key", "truth_id", "country"))
            writer.writerows((record.source, record.key, record.truth_id, record.country) for record in self.records)

    @classmethod
    def read(cls, directory: Path) -> DemoTruth:
        """Read ``truth.csv`` of a demo directory."""
        with (directory / TRUTH_FILE).open(encoding="utf-8", newline="") as file:
            return cls([TrueRecord(**row) for row in csv.DictReader(file)])


def demo_sources(directory: Path) -> list[SourceSpec]:
    """Describe the demo's sources as a user would register them; the mapping of columns is left to the proposal.

    Args:
        directory: where :func:`cdm.demo.generate.generate_demo` wrote the files.

    Returns:
        ``sales`` (workbook), ``erp`` and ``orders`` (tables of one database), ``shop`` (CSV export).
    """
    database = f"sqlite:///{(directory / DATABASE).absolute()}"
    return [
        SourceSpec("sales", "excel", str(directory / WORKBOOK), trust=40),
        SourceSpec(
            "erp", "sql", database, {"table": "bd_customer", "key": "FNUMBER", "updated_at": "FMODIFYDATE"}, trust=80
        ),
        SourceSpec("shop", "csv", str(directory / EXPORT), trust=60),
        SourceSpec("orders", "sql", database, {"table": "sal_order", "key": "FBILLNO"}, trust=80),
    ]
