"""Check batches of records against their expectations, and tell what was found without telling any value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from quality.expectations.batch import RECORD, Batch, Frame, frames
from quality.expectations.bounds import Bounds, Usual
from quality.expectations.docs import DATA_SOURCE, add_site, write_site
from quality.expectations.engine import ephemeral_context, great_expectations
from quality.expectations.kinds import Gravity, Kind
from quality.expectations.outcome import Outcome, Result
from quality.expectations.suites import expectations_of

EXAMPLES = 5
"""Records named with a broken expectation."""
_FORMAT = {
    "result_format": "SUMMARY",
    "unexpected_index_column_names": [RECORD],
    "exclude_unexpected_values": True,
    "partial_unexpected_count": EXAMPLES,
}


def run_checkpoint(
    batches: Sequence[Batch],
    *,
    now: datetime,
    run_name: str,
    bounds: Bounds | None = None,
    usual: Mapping[str, Usual] | None = None,
    docs: Path | None = None,
) -> list[Outcome]:
    """Check batches.

    Args:
        batches: the records.
        now: the present time, which the pages show.
        run_name: what the pages call this check.
        bounds: how much may be wrong.
        usual: what was found the last time, by name of the batch.
        docs: folder the pages (Data Docs) are written to; what it held is replaced when they are whole.

    Returns:
        One outcome per batch.
    """
    bounds, usual = bounds or Bounds(), usual or {}
    context = ephemeral_context()
    if docs is not None:
        add_site(context, docs)
    source = context.data_sources.add_pandas(DATA_SOURCE)
    run_id = _run_id(run_name, now)
    outcomes, met = [], dict[str, tuple[int, int]]()
    for batch in batches:
        results: list[Result] = []
        for frame in frames(batch):
            expected = expectations_of(batch, frame, bounds, usual.get(batch.name, Usual()))
            if expected:
                found = list(_checked(context, source, frame, expected, run_id))
                met[frame.name] = sum(one.success for one in found), len(found)
                results += found
        outcomes.append(Outcome(batch.name, batch.table.num_rows, tuple(results)))
    if docs is not None:
        write_site(context, docs, met, f"{run_name} · {now:%Y-%m-%d %H:%M %Z}")
    return outcomes


def _run_id(name: str, now: datetime) -> Any:
    great_expectations()
    from great_expectations.core.run_identifier import RunIdentifier

    return RunIdentifier(run_name=name, run_time=now)


def _checked(context: Any, source: Any, frame: Frame, expected: Sequence[Any], run_id: Any) -> Iterator[Result]:
    gx = great_expectations()
    suite = context.suites.add(gx.ExpectationSuite(name=frame.name, expectations=list(expected)))
    whole = source.add_dataframe_asset(frame.name).add_batch_definition_whole_dataframe("all")
    definition = gx.ValidationDefinition(name=frame.name, data=whole, suite=suite)
    checkpoint = gx.Checkpoint(
        name=frame.name, validation_definitions=[context.validation_definitions.add(definition)], result_format=_FORMAT
    )
    ran = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame.data}, run_id=run_id)
    (validated,) = ran.run_results.values()
    for one in validated.results:
        yield _result(one)


def _examples(found: Mapping[str, Any]) -> Sequence[str]:
    """Return the first ids of records that are not as expected; the library gives them all in one list."""
    told: list[Any] = [one for row in found.get("partial_unexpected_index_list") or () for one in row[RECORD]]
    return list(islice(dict.fromkeys(one for one in told if one is not None), EXAMPLES))


def _result(one: Any) -> Result:
    if one.exception_info.get("raised_exception") or not one.result.keys() & {"element_count", "observed_value"}:
        kind = one.expectation_config.type
        raise RuntimeError(f"the expectation {kind} could not be evaluated: {one.exception_info}")
    meta, found = one.expectation_config.meta, one.result
    elements, missing = found.get("element_count", 0), found.get("missing_count") or 0
    unexpected = found.get("unexpected_count") or 0
    observed = found.get("observed_value")
    if observed is None and elements - missing:
        observed = 1 - unexpected / (elements - missing)
    return Result(
        field=meta["field"],
        kind=Kind(meta["kind"]),
        gravity=Gravity(one.expectation_config.severity),
        success=bool(one.success),
        observed=None if observed is None else float(observed),
        elements=int(elements),
        missing=int(missing),
        unexpected=int(unexpected),
        examples=tuple(_examples(found)),
    )
