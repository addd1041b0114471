"""The hub's memory: sources, runs, source records and their versions, quarantine, golden records, crosswalk.

Open it with ``Store.open(url)``; SQLite and PostgreSQL behave alike (``tests/contracts/test_store.py``). Writing is
done in pages and in one consolidation, each a transaction that is either durable as a whole or did not happen.
:mod:`cdm.store.tables` shows what is kept; :mod:`cdm.store.documents` turns columns into stored JSON and back.
"""

from __future__ import annotations

from cdm.store.candidates import Candidate
from cdm.store.consolidation import Consolidation, GoldenCounts
from cdm.store.golden import GoldenBatch, GoldenRecord
from cdm.store.ingest import UpsertCounts
from cdm.store.match_models import MatchModelEntry, NewMatchModel
from cdm.store.page import RECORD_PAGE
from cdm.store.provenance import Provenance
from cdm.store.quarantine import Quarantined
from cdm.store.reading import FinishCounts
from cdm.store.records import Position, RecordBatch, SourceRecord
from cdm.store.runs import Run
from cdm.store.store import Store

__all__ = [
    "RECORD_PAGE",
    "Candidate",
    "Consolidation",
    "FinishCounts",
    "GoldenBatch",
    "GoldenCounts",
    "GoldenRecord",
    "MatchModelEntry",
    "NewMatchModel",
    "Position",
    "Provenance",
    "Quarantined",
    "RecordBatch",
    "Run",
    "SourceRecord",
    "Store",
    "UpsertCounts",
]
