"""What holds for every command: quick help, no traceback unasked, Ctrl-C, languages, terminals."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
from small_company import SALES, SALES_HEADER, write_csv

from cdm.cli import console as screen
from cdm.cli import main
from cdm.cli.app import app
from cdm.errors import CdmError, ExitCode, NotFound
from schemas.errors import MappingError, ModelError

CDM = [sys.executable, "-c", "from cdm.cli import main; main()"]
HEAVY = ("pandas", "pyarrow", "numpy", "sqlalchemy", "rapidfuzz", "prefect", "great_expectations", "opencc", "jinja2")


@pytest.mark.parametrize("words", [["--help"], ["source", "add", "--help"], ["version"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys\nfrom cdm.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit as e:\n    assert not e.code, e.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stderr.split())
    assert "typer" in loaded
    assert "pydantic" not in loaded or words != ["--help"], "typer itself loads it to check options"
    assert not loaded & set(HEAVY)
    assert len(loaded) < 600


def test_every_command_explains_itself() -> None:
    commands = []

    def walk(path: str, command: Any) -> None:
        assert command.help, f"{path} has no help"
        commands.append(path)
        for name, child in getattr(command, "commands", {}).items():
            walk(f"{path} {name}", child)

    walk("cdm", typer.main.get_command(app))
    assert len(commands) > 15


def test_errors_answer_with_documented_codes() -> None:
    import cdm.pipeline.dedupe
    import cdm.pipeline.sources
    import cdm.report.exports  # noqa: F401
    import connectors.errors  # noqa: F401 - its branches of the tree

    def tree(kind: type[CdmError]) -> list[type[CdmError]]:
        return [kind, *(leaf for child in kind.__subclasses__() for leaf in tree(child))]

    known = {code.value for code in ExitCode}
    for kind in tree(CdmError):
        assert kind.exit_code in known, kind
    assert ModelError.exit_code == MappingError.exit_code == ExitCode.MODEL


def test_debug_shows_the_traceback_anywhere_on_the_line(folder: Path) -> None:
    with pytest.raises(NotFound):
        main(["--debug", "golden", "list"])
    words = ["golden", "list", "--debug"]
    done = subprocess.run([*CDM, *words], capture_output=True, text=True, timeout=60, cwd=folder, check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "NotFound" in done.stderr


def test_a_defect_is_told_without_a_traceback(cdm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("cdm.pipeline.hub.open_hub", broken)
    answer = cdm("golden", "list")
    assert answer.code == 1
    assert "ZeroDivisionError: a defect" in answer.err
    assert "--debug" in answer.err
    assert "Traceback" not in answer.err


def test_both_languages(cdm: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    assert "下一步：cdm source preview s" in cdm("--lang", "zh", "source", "add", "s", "sales.csv").out
    assert cdm("--lang", "zh", "ingest", "s").out.strip() == "s：新增 5"
    assert cdm("ingest", "s").out.strip() == "s: 5 unchanged"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert cdm("ingest", "s").out.strip() == "s：未变 5"
    assert "黄金记录" in cdm("run").out
    monkeypatch.setenv("CDM_LANGUAGE", "en")
    assert "Golden records" in cdm("run").out


def in_terminal(columns: int, words: list[str], folder: Path) -> str:
    """Run a command in a terminal of a width and return what it shows."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    env = {**os.environ, "TERM": "dumb", "NO_COLOR": "1"}
    env.pop("COLUMNS", None)
    child = subprocess.Popen([*CDM, *words], stdout=slave, stderr=subprocess.PIPE, cwd=folder, env=env)
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert child.wait(60) == 0, child.stderr and child.stderr.read()
    return shown.decode("utf-8").replace("\r\n", "\n")


def test_no_value_is_cut_whatever_the_terminal(cdm: Any, folder: Path) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    cdm("source", "add", "s", "sales.csv", "--key", "客户编号")
    cdm("run")
    golden_id = cdm("lookup", "s", "S1").out.strip()
    listed = in_terminal(40, ["golden", "list"], folder)
    assert golden_id in listed
    assert "+8613812340001" in listed
    assert "…" not in listed
    assert "…" not in in_terminal(40, ["golden", "show", golden_id], folder)


def test_data_cannot_steer_the_terminal(cdm: Any, folder: Path) -> None:
    rows = [("S1", "[red]王小明[/]", "13812340001", "a@b.cn", "\x1b[2J\x07x [/bold] y")]
    write_csv(folder / "sales.csv", SALES_HEADER, rows)
    assert cdm("source", "add", "s", "sales.csv", "--entity", "person").code == 0
    shown = cdm("source", "preview", "s")
    assert shown.code == 0, shown.err
    assert "[red]王小明[/]" in shown.out
    assert "\x1b" not in shown.out
    assert screen.plain("a\x1b[31mb\x9bc\nd") == "a�[31mb�c\nd"


def test_output_into_a_closed_pipe_is_no_error(cdm: Any, folder: Path) -> None:
    write_csv(folder / "sales.csv", SALES_HEADER, SALES)
    cdm("source", "add", "s", "sales.csv")
    first = subprocess.Popen(
        [*CDM, "source", "preview", "s"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
    )
    assert first.stdout is not None
    assert first.stderr is not None
    first.stdout.close()
    errors = first.stderr.read().decode()
    first.wait(60)
    assert "Traceback" not in errors
    assert "Unexpected" not in errors


def test_ctrl_c_keeps_what_was_saved_and_the_next_run_goes_on(cdm: Any, folder: Path, monkeypatch: Any) -> None:
    rows = [(f"S{n}", f"王{n}", f"138{n:08d}", f"w{n}@firma.cn", "杭州市西湖区文三路18号") for n in range(600)]
    write_csv(folder / "sales.csv", SALES_HEADER, rows)
    assert cdm("source", "add", "s", "sales.csv", "--key", "客户编号", "--entity", "person").code == 0
    env = {**os.environ, "CDM_PAGE_SIZE": "5"}
    child = subprocess.Popen(
        [*CDM, "ingest", "s"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=env,
        # A shell lets programs in the background ignore interrupts, and their children with them.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread is running yet
    )
    deadline = time.monotonic() + 60
    while stored(cdm) < 40:
        assert time.monotonic() < deadline
        assert child.poll() is None, "it was to be interrupted while at work"
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130, errors
    assert "Interrupted" in errors
    assert "same command again" in errors
    assert "Traceback" not in errors
    kept = stored(cdm)
    answer = cdm("ingest", "s")
    assert answer.code == 0, answer.err
    assert answer.out.strip() == f"s: {600 - kept:,} new, went on where it was interrupted"
    assert cdm("ingest", "s").out.strip() == "s: 600 unchanged"


def stored(cdm: Any) -> int:
    """How many records the hub holds."""
    from cdm.pipeline.hub import open_hub

    with open_hub(create=False) as hub:
        return sum(live for live, _ in hub.store.records.count().values())
