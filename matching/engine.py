"""The run from table to clusters; each stage is one room of this package.

``match`` learns a model from a table and applies it to the same table; ``train`` and ``apply`` are its two halves.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from matching.columns import MatchColumn
from matching.deciding import decide
from matching.model import Model
from matching.plan import Plan
from matching.records import Pairs, read
from matching.report import Stages
from matching.result import MatchResult
from matching.rowkeys import RowKeys, row_keys
from matching.settings import MatchSettings
from matching.training import Candidates, Decisions, Job, applied, learned
from schemas.progress import Progress, silent


def match(
    table: pa.Table,
    columns: Sequence[MatchColumn],
    *,
    identifiers: pa.Table | None = None,
    source: pa.Array | None = None,
    must_link: Pairs = (),
    cannot_link: Pairs = (),
    settings: MatchSettings | None = None,
    progress: Progress = silent,
    model: Model | None = None,
    plan: Plan | None = None,
    candidates: Candidates | None = None,
) -> MatchResult:
    """Decide which rows of a table are one customer.

    The same as :func:`train` and then :func:`apply`, to the last bit, without doing work twice.

    Args:
        table: cleansed records, one row each; ``string`` or ``list<string>`` columns.
        columns: what to compare (see :func:`matching.columns_of`).
        identifiers: same rows; only valid values of identifier fields. Two different ones are never merged.
        source: source system of every row; only counted in the report.
        must_link, cannot_link: stewards' decisions as pairs of row numbers.
        settings: limits and thresholds.
        progress: told about stages.
        model: a model learned before; without it one is learned from this table.
        plan: blocking rules to follow instead of those the engine would choose.
        candidates: pairs of row numbers to examine instead of those the plan proposes, shape (pairs, 2).

    Returns:
        Clusters, links, pairs for review, the model and a report. The partition does not depend on the order of rows.

    Raises:
        KeyError: a column is not in the table.
    """
    if model is not None:
        return apply(
            table,
            model,
            identifiers=identifiers,
            source=source,
            must_link=must_link,
            cannot_link=cannot_link,
            settings=settings,
            progress=progress,
            candidates=candidates,
        )
    decisions = Decisions(must_link, cannot_link)
    job = Job(table, identifiers, decisions, candidates, settings or MatchSettings(), Stages(progress))
    return decide(job, learned(job, columns, plan), source)


def train(
    table: pa.Table,
    columns: Sequence[MatchColumn],
    *,
    identifiers: pa.Table | None = None,
    must_link: Pairs = (),
    cannot_link: Pairs = (),
    settings: MatchSettings | None = None,
    progress: Progress = silent,
    plan: Plan | None = None,
    candidates: Candidates | None = None,
) -> Model:
    """Learn a model from a table without labels.

    Args:
        table, columns, identifiers, must_link, cannot_link, settings, progress, plan, candidates: as for :func:`match`.

    Returns:
        A self-contained model: with it a pair's score depends on the pair's two records alone.

    Raises:
        KeyError: a column is not in the table.
    """
    decisions = Decisions(must_link, cannot_link)
    job = Job(table, identifiers, decisions, candidates, settings or MatchSettings(), Stages(progress))
    return learned(job, columns, plan).model


def apply(
    table: pa.Table,
    model: Model,
    *,
    identifiers: pa.Table | None = None,
    source: pa.Array | None = None,
    must_link: Pairs = (),
    cannot_link: Pairs = (),
    settings: MatchSettings | None = None,
    progress: Progress = silent,
    candidates: Candidates | None = None,
    closed: bool = False,
) -> MatchResult:
    """Decide which rows of a table are one customer, by a model learned before.

    Args:
        table: any number of records with the model's columns; columns it lacks are unknown.
        model: from :func:`train`, :func:`match` or :meth:`Model.load`.
        settings: thresholds other than the model's own.
        identifiers, source, must_link, cannot_link, progress, candidates: as for :func:`match`.
        closed: rely on the identifier values the model knows to be shared, and look for no others: the rows are part of
            a table that was matched before, and too few to tell.

    Returns:
        As :func:`match`. Records that share no key of the model's plan do not influence each other.

    Raises:
        MatchModelError: the table has none of the model's columns.
    """
    decisions = Decisions(must_link, cannot_link)
    job = Job(table, identifiers, decisions, candidates, settings or model.settings, Stages(progress))
    return decide(job, applied(job, model, closed=closed), source)


def blocking_keys(table: pa.Table, model: Model, identifiers: pa.Table | None = None) -> RowKeys:
    """Return the blocking keys of every row, to be stored, indexed and joined on.

    Args:
        table, identifiers: as for :func:`match`.
        model: whose plan is followed.
    """
    return row_keys(read(table, model, identifiers, ()), model.plan)
