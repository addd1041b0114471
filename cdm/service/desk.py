"""Everything a principal may do, grouped by concern; each group stands in a file of its own."""

from __future__ import annotations

from functools import cached_property

from cdm.security import Principal
from cdm.service.access import AccessDesk
from cdm.service.changes import ChangesDesk
from cdm.service.checks import ChecksDesk
from cdm.service.context import Context
from cdm.service.decisions import DecisionsDesk
from cdm.service.golden import GoldenDesk
from cdm.service.jobs import JobsDesk
from cdm.service.matching import MatchDesk
from cdm.service.overview import OverviewDesk
from cdm.service.past import PastDesk
from cdm.service.push import PushDesk
from cdm.service.review import ReviewDesk


class Desk:
    """What is done for one principal.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def principal(self) -> Principal:
        """Who is served."""
        return self._context.principal

    @cached_property
    def golden(self) -> GoldenDesk:
        """Golden records: get, list, search, look up."""
        return GoldenDesk(self._context)

    @cached_property
    def past(self) -> PastDesk:
        """What was: history, differences, lineage, activities."""
        return PastDesk(self._context)

    @cached_property
    def overview(self) -> OverviewDesk:
        """The state of the hub: dashboard, scores, runs, sources, model."""
        return OverviewDesk(self._context)

    @cached_property
    def review(self) -> ReviewDesk:
        """The review of merge candidates: queue, case, outlook, decision, taking back."""
        return ReviewDesk(self._context)

    @cached_property
    def match(self) -> MatchDesk:
        """Search before create."""
        return MatchDesk(self._context)

    @cached_property
    def push(self) -> PushDesk:
        """Records that programs send."""
        return PushDesk(self._context)

    @cached_property
    def changes(self) -> ChangesDesk:
        """The change feed."""
        return ChangesDesk(self._context)

    @cached_property
    def checks(self) -> ChecksDesk:
        """What checks of the data found."""
        return ChecksDesk(self._context)

    @cached_property
    def jobs(self) -> JobsDesk:
        """Let a held run through, or refuse it."""
        return JobsDesk(self._context)

    @cached_property
    def access(self) -> AccessDesk:
        """Users and tokens."""
        return AccessDesk(self._context)

    @cached_property
    def decisions(self) -> DecisionsDesk:
        """Merge, keep apart, split, edit, undo."""
        return DecisionsDesk(self._context)
