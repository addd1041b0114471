"""A Spark session as this engine needs it, and clear words where Spark or Java is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from schemas.errors import CdmError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAVA = 17
"""Oldest Java that Spark 4 runs on."""
DEFAULTS: Mapping[str, str] = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.skewJoin.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
    "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.executorEnv.OMP_NUM_THREADS": "1",
}
LOCAL: Mapping[str, str] = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "4g",
    "spark.sql.shuffle.partitions": "16",
}
"""Besides, where everything runs on this machine: nothing listens to the network."""


_NOISE = re.compile(r"\s|SQLSTATE|Traceback|JVM stacktrace|at |\^|Caused by|\.\.\. \d+ more")
"""Lines of a traceback, in Python or Java."""


class SparkMissing(CdmError):  # noqa: N818  (the name says what is the matter)
    """Spark cannot be started on this machine."""

    code, status, exit_code = "spark_missing", 503, 2


class SparkFailed(CdmError):  # noqa: N818
    """A step failed on the workers."""

    code, status, exit_code = "spark_failed", 500, 4


@contextmanager
def spark_session(master: str = "local[*]", conf: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """Yield a session and stop it afterwards.

    Args:
        master: ``local[2]``, ``spark://host:7077``, ``yarn``, ``k8s://…``.
        conf: Spark settings that take the place of the ones given here.

    Raises:
        SparkMissing: PySpark or Java is not installed, or the master does not answer.
        SparkFailed: what was done with the session failed on the workers.
    """
    check()
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("cdm match").master(master)
    settings = {**DEFAULTS, **(LOCAL if master.startswith("local") else {}), **(conf or {})}
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = _started(builder, master)
    session.sparkContext.setLogLevel(settings.get("spark.log.level", "FATAL"))
    try:
        yield session
    except (PySparkException, Py4JError) as error:
        raise SparkFailed(
            f"Spark could not finish: {reason(str(error))}",
            remedy="Mend what is named; --debug shows all that Spark says.",
        ) from error
    finally:
        session.stop()


def reason(text: str) -> str:
    """Return the line of Spark's message that says what is the matter: the last one that is no part of a traceback."""
    said = [line for line in text.splitlines() if line.strip() and not _NOISE.match(line)]
    return said[-1].strip() if said else text.strip()


def _started(builder: SparkSession.Builder, master: str) -> SparkSession:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        return builder.getOrCreate()
    except (PySparkException, Py4JError) as error:
        first = str(error).strip().splitlines()[0]
        raise SparkMissing(
            f"Spark does not start with master '{master}': {first}",
            remedy="Check --master and --conf; local[2] runs on this machine with two cores.",
            master=master,
        ) from error


def check() -> None:
    """Refuse where PySpark or Java is missing, and say what to install.

    Raises:
        SparkMissing: one of them is not there.
    """
    if find_spec("pyspark") is None:
        raise SparkMissing(
            "PySpark is not installed.", remedy="Run 'make spark', or install the extra: pip install 'cdm-hub[spark]'."
        )
    version = java_version()
    if version is None or version < JAVA:
        found = "Java is not installed" if version is None else f"Java {version} is too old"
        raise SparkMissing(
            f"{found}; Spark needs Java {JAVA} or newer.",
            remedy="Install it (Debian: apt-get install openjdk-17-jre-headless) and let JAVA_HOME point at it.",
        )


def java_version() -> int | None:
    """Return the major version of the Java that Spark would use, ``None`` where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else which("java")
    if java is None:
        return None
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    except OSError:
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr)
    return int(found.group(1)) if found else None
