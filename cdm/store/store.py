"""The hub's store: one object that holds its parts together."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType

from cdm.store.accounts import Accounts
from cdm.store.activities import Activities
from cdm.store.api_tokens import ApiTokens
from cdm.store.assessments import Assessments
from cdm.store.audit import Audit
from cdm.store.candidates import Candidates
from cdm.store.checks import Checks
from cdm.store.component import Component, golden_around, read_component
from cdm.store.consolidation import Consolidation, GoldenCounts
from cdm.store.database import Database
from cdm.store.decisions import Decisions
from cdm.store.deferrals import Deferrals
from cdm.store.events import Events
from cdm.store.golden import Golden
from cdm.store.history import History
from cdm.store.inbox import Inbox
from cdm.store.keys import BlockingKeys
from cdm.store.links import Links
from cdm.store.lookups import Lookups
from cdm.store.match_models import MatchModels
from cdm.store.membership import Crosswalk
from cdm.store.migrate import migrate
from cdm.store.pending import Pending
from cdm.store.quarantine import Quarantine
from cdm.store.records import Records
from cdm.store.review_queue import ReviewQueue
from cdm.store.runs import Runs
from cdm.store.search import SearchIndex
from cdm.store.settlement import Settlement, Step, carry_out, carry_out_portion
from cdm.store.source_merges import SourceMerges
from cdm.store.sources import Sources
from cdm.store.staging import Staging
from cdm.store.statements import Statements
from cdm.store.targets import Targets


class Store:
    """One hub database on SQLite or PostgreSQL, at the schema of this release.

    Args:
        url: ``sqlite:///path`` or ``postgresql://user:password@host/name``.
        lock_timeout: seconds to wait for another writer.

    Raises:
        StoreError: the database cannot be reached, is no hub, or was written by a newer release.
    """

    def __init__(self, url: str, lock_timeout: float = 10.0) -> None:
        self._database = Database(url, lock_timeout)
        migrate(self._database)
        self.sources = Sources(self._database)
        self.source_merges = SourceMerges(self._database)
        self.runs = Runs(self._database)
        self.records = Records(self._database)
        self.staging = Staging(self._database)
        self.quarantine = Quarantine(self._database)
        self.crosswalk = Crosswalk(self._database)
        self.golden = Golden(self._database)
        self.candidates = Candidates(self._database)
        self.match_models = MatchModels(self._database)
        self.activities = Activities(self._database)
        self.decisions = Decisions(self._database)
        self.statements = Statements(self._database)
        self.events = Events(self._database)
        self.assessments = Assessments(self._database)
        self.accounts = Accounts(self._database)
        self.tokens = ApiTokens(self._database)
        self.inbox = Inbox(self._database)
        self.history = History(self._database)
        self.pending = Pending(self._database)
        self.keys = BlockingKeys(self._database)
        self.links = Links(self._database)
        self.lookups = Lookups(self._database)
        self.search = SearchIndex(self._database)
        self.review = ReviewQueue(self._database)
        self.deferrals = Deferrals(self._database)
        self.audit = Audit(self._database)
        self.checks = Checks(self._database)
        self.targets = Targets(self._database)

    @classmethod
    def open(cls, url: str, lock_timeout: float = 10.0) -> Store:
        """Open a hub, creating or migrating it where needed."""
        return cls(url, lock_timeout)

    @property
    def place(self) -> str:
        """The database's URL without any password."""
        return self._database.place

    def writer(self) -> AbstractContextManager[None]:
        """Hold the right to run a job that writes to the hub; raises ``StoreLocked`` while another process has it."""
        return self._database.writer()

    def write_portion(self, state: Consolidation, run_id: int, now: datetime) -> GoldenCounts | None:
        """Write a part of a job's outcome in one transaction; ``None`` where a steward was quicker on its records (see
        :func:`cdm.store.settlement.carry_out_portion`)."""
        with self._database.write() as connection:
            return carry_out_portion(connection, state, run_id, now)

    def component(self, entity: str, records: Collection[int]) -> Component:
        """Read everything that hangs together with some records (see :mod:`cdm.store.component`)."""
        with self._database.read() as connection:
            return read_component(connection, entity, records)

    def golden_around(self, entity: str, records: Collection[int]) -> int:
        """Return how many live golden records hang together with some records (see :mod:`cdm.store.component`)."""
        with self._database.read() as connection:
            return golden_around(connection, entity, records)

    def settle(self, step: Step, seen: Component, now: datetime) -> Settlement:
        """Carry out one steward's step in one transaction (see :mod:`cdm.store.settlement`)."""
        with self._database.write() as connection:
            return carry_out(connection, step, seen, now)

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
