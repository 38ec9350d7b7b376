"""A double click on the program file: a window of its own opens, and nobody has typed a command.

Comptoir starts then as `up` does, or shows the page of the one that runs already. It decides nothing else.
"""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from comptoir.children import is_program_file, own_name
from comptoir.cli import say
from comptoir.cli.neighbour import comptoir_answers
from comptoir.cli.place import configuration, data_folder, here
from comptoir.cli.service.program import this_program
from comptoir.cli.speech import tr
from comptoir.core.errors import ConfigError

#: what a person who closes the window has ended it with
CLOSED = (0, 130)


def is_double_click() -> bool:
    """Whether this process has a window that nobody else uses: a shell would be in it, too."""
    return is_program_file() and 0 < _processes() <= _own()


def enter(run: Callable[[Sequence[str]], int]) -> int:
    """Show the page of what runs here, or start; the exit code. `run` carries out a command.

    What went wrong can be read until somebody presses Enter.
    """
    say(tr("This is Comptoir, the print service of a counter."))
    if address := _running():
        say(tr("It runs on this computer already. Its page: %(address)s", address=address))
        webbrowser.open(address)
        return 0
    say(tr("It runs as long as this window is open. To have it start with the computer, open a window as administrator"
           " and type: %(command)s", command=f"{own_name()} service install"))  # fmt: skip
    code = run(["up"])
    if code not in CLOSED:
        _wait()
    return code


def _running() -> str:
    """The page of the Comptoir that runs on this computer; "" where none does."""
    options = argparse.Namespace(data=None, config=None)
    try:
        config = configuration(options, data_folder(options))
    except ConfigError:
        return ""  # `up` says what is wrong
    host, port = config.station.host, config.station.port
    return f"http://{here(host)}:{port}/" if comptoir_answers(host, port) else ""


def _wait() -> None:
    try:
        input(tr("Press Enter to close this window."))
    except (EOFError, KeyboardInterrupt):
        return


def _processes() -> int:
    """Processes that have this window; 0 where there is none, or the system opens none for a click."""
    found = 0
    if sys.platform == "win32":
        import pywintypes  # noqa: PLC0415 - nowhere else
        import win32console  # noqa: PLC0415

        with suppress(pywintypes.error):
            found = len(win32console.GetConsoleProcessList())
    return found


def _own() -> int:
    """How many of them are this program: the one file starts what is inside it as a second process."""
    program = this_program()
    return 1 if program is None or program.executable == Path(sys.executable) else 2
