"""Great Expectations comes up without PySpark, whatever that would do when it is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_spark_that_ends_the_process_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "pyspark.py").write_text("import sys\nsys.exit(0)\n")
    ask = "from quality.expectations.engine import great_expectations as gx; print('up', gx().__version__)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    command = [sys.executable, "-c", ask]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.startswith("up "), done.stderr
