"""The HTML reports: quality of a hub, one-shot deduplication, evaluation, explanation, change of a model."""

from __future__ import annotations

from pathlib import Path

from cdm.report.evaluation import EvaluationReport
from cdm.report.explanation import ClusterView, PairExplanation
from cdm.report.figures import DedupeReport, QualityReport
from cdm.report.model_change import ModelChange
from cdm.report.page import render


def quality_html(report: QualityReport, language: str) -> str:
    """Return the data-quality report as one HTML page that needs no other file and no network.

    Args:
        report: the figures.
        language: ``zh`` or ``en``, the language shown first.
    """
    return render("quality.html", language, report=report, summary=report.summary)


def dedupe_html(report: DedupeReport, language: str) -> str:
    """Return the deduplication report as one HTML page that needs no other file and no network.

    Args:
        report: the figures.
        language: ``zh`` or ``en``, the language shown first.
    """
    return render("dedupe.html", language, report=report)


def write_quality_html(path: Path, report: QualityReport, language: str) -> None:
    """Write the data-quality report to ``path``."""
    path.write_text(quality_html(report, language), encoding="utf-8")


def write_dedupe_html(path: Path, report: DedupeReport, language: str) -> None:
    """Write the deduplication report to ``path``."""
    path.write_text(dedupe_html(report, language), encoding="utf-8")


def evaluation_html(report: EvaluationReport, language: str) -> str:
    """Return the evaluation as one HTML page that needs no other file and no network.

    Args:
        report: the figures.
        language: ``zh`` or ``en``, the language shown first.
    """
    return render("evaluation.html", language, report=report)


def explanation_html(found: PairExplanation | ClusterView, language: str) -> str:
    """Return the explanation of a pair or a cluster as one HTML page that needs no other file and no network.

    Args:
        found: the explanation.
        language: ``zh`` or ``en``, the language shown first.
    """
    return render("explanation.html", language, report=found)


def model_change_html(report: ModelChange, language: str) -> str:
    """Return what another matching model changes as one HTML page that needs no other file and no network.

    Args:
        report: the figures.
        language: ``zh`` or ``en``, the language shown first.
    """
    return render("model_change.html", language, report=report)
