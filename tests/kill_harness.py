"""Kills a program again and again at random moments, and lets it come to its end at last.

The program does its work in rounds and prints one line before every step, ``<round> <step>``. It takes as its last
argument the number of the round after which it ends. Started again, it goes on where its predecessor was cut off.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""Where the program is started: the packages are found there."""
_NEVER = 10**9


@dataclass
class KillReport:
    """What happened: how often it was killed, during which steps, and how many rounds it did in all."""

    kills: int = 0
    rounds: int = 0
    steps: Counter[str] = field(default_factory=Counter)


def kill_repeatedly(
    argv: Sequence[str],
    *,
    kills: int,
    seed: int,
    most_steps: int = 12,
    longest_delay: float = 0.03,
    after_kill: Callable[[], None] = lambda: None,
    env: Mapping[str, str] | None = None,
) -> KillReport:
    """Run a program, kill it with SIGKILL ``kills`` times, and let the last start finish its round.

    Args:
        argv: arguments of the Python interpreter (``-m``, module, …), without the last one (the round to end after).
        kills: how often.
        seed: of the random moments.
        most_steps: a life is killed during one of its first steps, at most this many.
        longest_delay: seconds a step may go on before the kill.
        after_kill: looks at what the dead program left behind.
        env: environment of the program; this process's unless given.

    Returns:
        The report.

    Raises:
        AssertionError: the program ended with an error of its own.
    """
    rng = random.Random(seed)
    report = KillReport()
    while report.kills < kills:
        steps, delay = rng.randint(1, most_steps), rng.uniform(0, longest_delay)
        _one_life(argv, env, report, steps, delay)
        report.kills += 1
        after_kill()
    report.rounds += 1
    done = subprocess.run(
        [sys.executable, *argv, str(report.rounds)],
        capture_output=True,
        text=True,
        timeout=900,
        env=env,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return report


def _one_life(argv: Sequence[str], env: Mapping[str, str] | None, report: KillReport, steps: int, delay: float) -> None:
    child = subprocess.Popen(
        [sys.executable, *argv, str(_NEVER)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    watchdog = threading.Timer(600, child.kill)
    watchdog.start()
    line = ""
    for _ in range(steps):
        line = child.stdout.readline()
        assert line, f"the program ended by itself: {child.stderr.read()}"
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.wait()
    watchdog.cancel()
    number, step = line.split(maxsplit=1)
    report.rounds = max(report.rounds, int(number))
    report.steps[step.strip()] += 1
    child.stdout.close()
    child.stderr.close()
