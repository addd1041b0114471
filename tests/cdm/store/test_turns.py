"""Who waits to write to an SQLite hub gets the turn in order, and soon after another process is done."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from cdm.store.turns import Turns, begin_immediate


def test_turns_are_given_in_the_order_they_were_asked_for() -> None:
    turns, order = Turns(), []
    asked = [threading.Event() for _ in range(6)]

    def work(number: int) -> None:
        with turns.taken(60):
            order.append(number)

    threads = []
    with turns.taken(60):
        for number, _ in enumerate(asked):
            thread = threading.Thread(target=work, args=(number,))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) <= number:
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join(60)
    assert order == list(range(6))
    with turns.taken(60):
        order.append(6)


def test_who_waited_long_enough_goes_on_without_the_turn_and_keeps_nobody_out() -> None:
    turns = Turns()
    with turns.taken(60):
        with turns.taken(0.01):
            pass
        assert not turns._waiting
    with turns.taken(0.01):
        assert turns._taken
    assert not turns._taken


def test_a_writer_of_another_process_is_waited_for_only_so_long(tmp_path: Path) -> None:
    one, two = (sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False) for _ in range(2))
    assert begin_immediate(one, 0)
    assert not begin_immediate(two, 0.02)
    done = threading.Timer(0.05, one.execute, ["COMMIT"])
    done.start()
    assert begin_immediate(two, 60)
    done.join()
    two.execute("COMMIT")
    one.close()
    with pytest.raises(sqlite3.ProgrammingError):
        begin_immediate(one, 1)
