"""How often something happens: five cron fields (``0 2 * * *``), or an interval (``15m``, ``2h``, ``1d``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from cdm.pipeline.hub import Hub, current_user
from schemas.errors import CdmError
from schemas.source import SourceSpec

_INTERVAL = re.compile(r"([1-9]\d{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_FIELDS = 5


class ScheduleRefused(CdmError):  # noqa: N818 - the name says what is the matter
    """A schedule cannot be understood."""

    code, status, exit_code = "schedule_refused", 422, 2


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule: either a cron expression or an interval."""

    cron: str | None = None
    every: timedelta | None = None


def parse_schedule(text: str) -> Schedule:
    """Return what a text says.

    Raises:
        ScheduleRefused: it says nothing that can be understood.
    """
    from croniter import croniter

    words = text.split()
    interval = _INTERVAL.fullmatch(words[0].lower()) if len(words) == 1 else None
    if interval:
        return Schedule(every=timedelta(**{_UNITS[interval[2]]: int(interval[1])}))
    cron = " ".join(words)
    if len(words) == _FIELDS and croniter.is_valid(cron):
        return Schedule(cron=cron)
    raise ScheduleRefused(
        f"'{text}' is no schedule.",
        remedy="Give five cron fields (minute hour day month weekday), as '0 2 * * *', or an interval as 15m, 2h, 1d.",
        schedule=text,
    )


def schedule_source(hub: Hub, name: str, text: str) -> SourceSpec:
    """Say how often a source is read besides the nightly run; an empty text takes its schedule away.

    Raises:
        NotFound: there is no source of that name.
        ScheduleRefused: the text cannot be understood.
    """
    spec = hub.source(name)
    if text:
        parse_schedule(text)
    return hub.store.sources.update(replace(spec, schedule=" ".join(text.split())), hub.now(), current_user())
