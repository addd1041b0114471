"""How good matching is: against a truth, against labelled pairs, or by a sample that a clerk judges."""

from __future__ import annotations

from cdm.pipeline.evaluation.request import EvaluateError, EvaluateRequest, check
from cdm.pipeline.evaluation.run import (
    evaluate_files,
    evaluate_hub,
    read_verdicts,
    sample_files,
    sample_hub,
)

__all__ = [
    "EvaluateError",
    "EvaluateRequest",
    "check",
    "evaluate_files",
    "evaluate_hub",
    "read_verdicts",
    "sample_files",
    "sample_hub",
]
