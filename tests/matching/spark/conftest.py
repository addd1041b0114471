"""One Spark session for all Spark tests; skipped loudly where Spark cannot run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from matching.spark.session import SparkMissing, check, spark_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


SMALL = {
    "spark.sql.shuffle.partitions": "3",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
}
"""For tables of a few hundred rows compiling costs more than computing."""


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A session in local mode with two workers."""
    try:
        check()
    except SparkMissing as missing:
        pytest.skip(str(missing))
    with spark_session("local[2]", SMALL) as session:
        yield session
