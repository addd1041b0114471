"""``cdm backup``, ``restore`` and ``doctor`` as typed."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from filled_hub import fill

from cdm.store import Store


def test_backup_restore_doctor(cdm: Any, folder: Path) -> None:
    with Store.open(f"sqlite:///{folder / 'hub.db'}") as store:
        fill(store)
    assert "verified" in cdm("--hub", "hub.db", "backup", "one.cdmbackup").out
    assert "whole" in cdm("restore", "--check", "one.cdmbackup").out
    assert cdm("--hub", "new.db", "restore", "one.cdmbackup", "--by", "li").code == 0
    assert "backup_failed" in cdm("--hub", "hub.db", "backup", "one.cdmbackup").err
    sound = cdm("--hub", "new.db", "doctor", "--json")
    assert sound.code == 0
    assert {json.loads(line)["level"] for line in sound.lines()} == {"ok"}
    with sqlite3.connect(folder / "new.db") as connection:
        connection.execute("UPDATE golden SET members = 9 WHERE id = 'a'")
    ill = cdm("--lang", "zh", "--hub", "new.db", "doctor")
    assert ill.code == 8
    assert "✗ golden_members: 黄金记录的成员数与交叉表不符：1 处，如 a" in ill.out
    assert cdm("--hub", "none.db", "doctor").code == 6
    assert not (folder / "none.db").exists()
