"""The ``cdm`` command.

Commands only parse words and print results; what they do is in :mod:`cdm.pipeline`. Heavy libraries are imported inside
the commands that need them, so that ``cdm --help`` answers at once.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from schemas.errors import CdmError

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command and exit with its status; see ``docs/reference/cli.md`` for the exit codes."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    sys.exit(_run([word for word in words if word != "--debug"], debug=debug))


def _run(words: list[str], *, debug: bool) -> int:
    from cdm.cli.app import app
    from cdm.cli.console import complain

    try:
        status = app(words, standalone_mode=True, prog_name="cdm")
    except SystemExit as exit_:
        status = exit_.code if isinstance(exit_.code, int) else 1
        if status == INTERRUPTED:  # how typer answers Ctrl-C
            complain("Interrupted.", "What was saved is kept: type the same command again to go on.")
        return status
    except CdmError as error:
        if debug:
            raise
        from cdm.language import language_of_environment
        from cdm.wording import told

        said = told(error, language_of_environment())
        complain(said.message, said.remedy, code=error.code)
        return error.exit_code
    except Exception as error:
        if debug:
            raise
        complain(f"Unexpected error: {type(error).__name__}: {error}", "Repeat with --debug and report the traceback.")
        return 1
    return status if isinstance(status, int) else 0
