"""The command line as its users type it, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cdm.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    def lines(self) -> list[str]:
        return self.out.splitlines()


Command = Callable[..., Answer]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the user works in; no setting of the tester's own gets in."""
    monkeypatch.chdir(tmp_path)
    for name in ("CDM_HUB_URL", "CDM_HOME", "CDM_MODEL_DIRECTORY", "CDM_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def cdm(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run ``cdm`` with the given words."""

    def run(*words: object) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return Answer(exit_.value.code, out, err)

    return run
