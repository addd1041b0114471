"""The three kinds of evaluation, each from what was asked to a report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from cdm.pipeline.evaluation.against_truth import against_truth
from cdm.pipeline.evaluation.labels import Rows, read_crosswalk, read_pairs
from cdm.pipeline.evaluation.request import EvaluateError, EvaluateRequest
from cdm.pipeline.evaluation.sheet import SampledPair, read_sample, write_sample
from cdm.pipeline.hub import Hub, utc_now
from cdm.pipeline.subject import Subject, of_files, of_hub
from cdm.report.evaluation import EvaluationReport
from matching.arrays import IntArray
from matching.evaluate import draw, estimate_share, evaluate_pairs, strata_of
from schemas.progress import Progress, silent

SEED = 20_240_229
"""Of the random choice of pairs for a sample: the same data give the same sheet."""


def evaluate_files(request: EvaluateRequest, progress: Progress = silent) -> EvaluationReport:
    """Match the files of a request and compare the outcome with what is known.

    Raises:
        SourceError: a file cannot be read.
        MappingError: a named column does not exist.
        EvaluateError: what is known cannot be used.
    """
    return _report(of_files(request.matching(), progress), request, utc_now(), progress)


def evaluate_hub(hub: Hub, request: EvaluateRequest, progress: Progress = silent) -> EvaluationReport:
    """Compare the golden records of a hub with what is known; raises as :func:`evaluate_files`."""
    return _report(of_hub(hub, progress), request, hub.now(), progress)


def _report(subject: Subject, request: EvaluateRequest, now: datetime, progress: Progress) -> EvaluationReport:
    """Compare a subject with the truth or with labelled pairs."""
    begin = time.perf_counter()
    rows = Rows.of(subject.names)
    if request.pairs is not None:
        report = _against_pairs(subject, list(read_pairs(request.pairs, rows)), request.pairs, now)
    else:
        truth = subject.truth
        if request.crosswalk is not None:
            truth = read_crosswalk(request.crosswalk, rows, len(subject.names))
        report = against_truth(subject, truth, now, progress)
    return replace(report, seconds=time.perf_counter() - begin)


def _against_pairs(
    subject: Subject, labelled: Sequence[tuple[int, int, bool]], path: Path, now: datetime
) -> EvaluationReport:
    """Compare clusters with labelled pairs."""
    if not labelled:
        raise EvaluateError(f"{path} labels no pair same or different.", remedy="Fill in its label column.")
    left, right, same = (np.array(column) for column in zip(*labelled, strict=True))
    found = evaluate_pairs(left, right, same, subject.clusters[left] == subject.clusters[right])
    known = len(np.union1d(left, right))
    return EvaluationReport(now, subject.title, len(subject.names), known, subject.merge_at, pairs=found)


def sample_files(request: EvaluateRequest, path: Path, language: str, progress: Progress = silent) -> int:
    """Match the files of a request and write a sheet of pairs to judge; see :func:`draw_sample`."""
    return draw_sample(of_files(request.matching(), progress), path, request.size, language)


def sample_hub(hub: Hub, request: EvaluateRequest, path: Path, language: str, progress: Progress = silent) -> int:
    """Write a sheet of pairs of the hub's records to judge; see :func:`draw_sample`."""
    return draw_sample(of_hub(hub, progress), path, request.size, language)


def draw_sample(subject: Subject, path: Path, size: int, language: str) -> int:
    """Write a sheet of pairs for a clerk to judge.

    Args:
        subject: what is to be estimated.
        path: the sheet, ``.xlsx`` or ``.csv``.
        size: pairs to draw.
        language: ``zh`` or ``en``.

    Returns:
        The number of pairs written.

    Raises:
        EvaluateError: nothing was merged and nothing waits for review.
    """
    left, right = _merged_pairs(subject.clusters)
    a, b, _ = subject.questions()
    left, right, merged = (
        np.concatenate([left, a]),
        np.concatenate([right, b]),
        np.arange(len(left) + len(a)) < len(left),
    )
    if not len(left):
        raise EvaluateError("Nothing was merged and nothing waits for review.", remedy="There is nothing to judge.")
    stratum = strata_of(np.where(merged, subject.probability(left, right), 0.0), merged)
    sizes = np.bincount(stratum)
    chosen = draw(stratum, size, SEED)
    pairs = [
        SampledPair(int(left[at]), int(right[at]), int(stratum[at]), int(sizes[stratum[at]])) for at in chosen.tolist()
    ]
    write_sample(path, subject, pairs, language)
    return len(pairs)


def read_verdicts(path: Path) -> EvaluationReport:
    """Estimate precision from a sheet a clerk has filled in.

    Raises:
        SourceError: the sheet cannot be read.
        EvaluateError: it is no sheet of ``--sample``, or holds a word that is no verdict.
    """
    strata = read_sample(path)
    merged = [one for one in strata if one.merged]
    waiting = [one for one in strata if not one.merged]
    asked = sum(one.asked for one in strata)
    if not asked:
        raise EvaluateError(f"{path} holds no verdict yet.", remedy="Write same or different in its first column.")
    return EvaluationReport(
        utc_now(), path.name, strata=strata, precision=estimate_share(merged), wanted=estimate_share(waiting)
    )


def _merged_pairs(clusters: IntArray) -> tuple[IntArray, IntArray]:
    """Return every pair of rows that share a cluster, the smaller row first."""
    order = np.argsort(clusters, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1)
    ends = [(group, *np.triu_indices(len(group), 1)) for group in groups if len(group) > 1]
    left = np.concatenate([np.empty(0, np.int64), *(group[i] for group, i, _ in ends)])
    right = np.concatenate([np.empty(0, np.int64), *(group[j] for group, _, j in ends)])
    return left, right
