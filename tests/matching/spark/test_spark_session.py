"""Where Spark cannot run, the user is told what to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from matching.spark import session
from matching.spark.session import SparkMissing, check


def java_that_says(folder: Path, version: str) -> None:
    """Put a ``java`` into a folder that answers with a version."""
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n", encoding="utf-8")
    java.chmod(0o755)


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    with pytest.raises(SparkMissing, match="PySpark is not installed") as missing:
        check()
    assert "make spark" in missing.value.remedy


def test_without_java_the_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: object())
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SparkMissing, match="Java is not installed") as missing:
        check()
    assert "openjdk-17-jre-headless" in missing.value.remedy


@pytest.mark.parametrize(("said", "version"), [("1.8.0_402", 8), ("11.0.2", 11), ("17.0.15", 17), ("21", 21)])
def test_old_java_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, version: int) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: object())
    java_that_says(tmp_path, said)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert session.java_version() == version
    if version < session.JAVA:
        with pytest.raises(SparkMissing, match=f"Java {version} is too old"):
            check()
    else:
        check()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "An exception was thrown from the Python worker:\nTraceback (most recent call last):\n"
            '  File "x.py", line 3, in each\n    read()\nconnectors.errors.SourceUnreadable: a.parquet is damaged.\n'
            " SQLSTATE: 38000",
            "connectors.errors.SourceUnreadable: a.parquet is damaged.",
        ),
        ("[PATH_ALREADY_EXISTS] Path file:/x already exists. SQLSTATE: 42K04", "Path file:/x already exists"),
        ("", ""),
    ],
)
def test_the_reason_is_found_in_what_spark_says(text: str, said: str) -> None:
    assert said in session.reason(text)
