"""Judge what was read of a source before it goes live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cdm.pipeline.gates.breach import Breach, Gate
from cdm.pipeline.gates.profile import Profile
from cdm.settings import Settings


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a source, and what was there before."""

    source: str
    profile: Profile
    known: int
    """Live records of the source in the hub."""
    missing: int
    """How many of them a reading of the whole source did not meet; 0 for a reading of changes."""
    whole: bool
    before: Profile | None = None
    """Of the last reading of the whole source that went live."""


def judge_reading(reading: Reading, settings: Settings) -> list[Breach]:
    """Return the limits a reading exceeds; empty where it may go live."""
    if reading.whole and reading.known and not reading.profile.count:
        return [Breach(Gate.ROW_DROP, reading.source, 1.0, settings.gate_row_drop, reading.known)]
    if reading.known < settings.gate_minimum:
        return []
    return [*_rows(reading, settings), *_nulls(reading, settings), *_quarantine(reading, settings)]


def _rows(reading: Reading, settings: Settings) -> Iterator[Breach]:
    share = reading.missing / reading.known
    if share > settings.gate_row_drop:
        yield Breach(Gate.ROW_DROP, reading.source, share, settings.gate_row_drop, reading.missing)


def _nulls(reading: Reading, settings: Settings) -> Iterator[Breach]:
    """Compare the fields of entity types of which enough rows were read both times."""
    now, before = reading.profile, reading.before
    if before is None:
        return
    enough = settings.gate_minimum
    judged = {name for name, rows in now.rows.items() if rows >= enough and before.rows.get(name, 0) >= enough}
    for name in sorted(before.filled):
        if name.partition(".")[0] in judged:
            jump = now.empty_share(name) - before.empty_share(name)
            if jump > settings.gate_null_jump:
                yield Breach(Gate.NULL_JUMP, f"{reading.source}.{name}", jump, settings.gate_null_jump)


def _quarantine(reading: Reading, settings: Settings) -> Iterator[Breach]:
    now, before = reading.profile, reading.before
    if now.count + now.rejected < settings.gate_minimum:
        return
    jump = now.rejected_share - (before.rejected_share if before else 0.0)
    if jump > settings.gate_quarantine_jump:
        yield Breach(Gate.QUARANTINE_JUMP, reading.source, jump, settings.gate_quarantine_jump, now.rejected)
