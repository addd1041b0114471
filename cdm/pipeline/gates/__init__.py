"""The checks a run has to pass before anything of it goes live.

A reading is judged against the source as the hub knows it (rows that vanished, fields that came empty, rows put into
quarantine), a consolidation against the golden records as they are (how many would merge, split or retire). What does
not pass is held: the old state stays served until a steward releases or rejects the run, or a later one passes. The
limits are settings (``CDM_GATE_…``); sources and hubs of fewer records than ``CDM_GATE_MINIMUM`` are not judged, but
for one thing: a source that was read as empty is never taken at its word.
"""

from __future__ import annotations

from cdm.pipeline.gates.breach import Breach, Gate, breaches_of, told
from cdm.pipeline.gates.churn import Movement, held, judge_churn, too_much
from cdm.pipeline.gates.profile import Profile
from cdm.pipeline.gates.reading import Reading, judge_reading

__all__ = [
    "Breach",
    "Gate",
    "Movement",
    "Profile",
    "Reading",
    "breaches_of",
    "held",
    "judge_churn",
    "judge_reading",
    "told",
    "too_much",
]
