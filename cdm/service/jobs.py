"""What may be done about runs: let one through that is held, or refuse it."""

from __future__ import annotations

from cdm.pipeline.held import reject_run, release_run
from cdm.security import Right
from cdm.service.context import Context


class JobsDesk:
    """What a principal may do about runs.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def release(self, run_id: int, reason: str = "") -> None:
        """Let a run through that is held, and merge what it brought.

        Raises:
            Forbidden: no right to run jobs.
            NotFound, Conflict, RunHeld, StoreLocked: as :func:`cdm.pipeline.held.release_run`.
        """
        self._context.require(Right.RUN)
        release_run(self._context.hub, run_id, self._context.principal.name, reason)

    def reject(self, run_id: int, reason: str = "") -> None:
        """Refuse a run that is held: what it read is forgotten; raises as :meth:`release`."""
        self._context.require(Right.RUN)
        reject_run(self._context.hub, run_id, self._context.principal.name, reason)
