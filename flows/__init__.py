"""Prefect flows over :mod:`cdm.pipeline`: the same functions on a schedule, with retries and run history."""
