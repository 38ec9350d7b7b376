"""The command line: what can be asked, and who answers. One function a command, in the modules beside this one.

Exit codes: 0 done; 1 it failed, or what was checked is not right; 2 the command or the configuration is wrong; 3 the
outcome is unknown and a person must look; 4 accepted, but it waits.
"""

from __future__ import annotations

import argparse
import errno
import gc
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

from comptoir import __version__
from comptoir.children import is_program_file
from comptoir.cli import speech
from comptoir.cli.speech import shown, steers, tr
from comptoir.clock import heed_time_zone
from comptoir.core.errors import ComptoirError, ConfigError, RequestError

FAILED, WRONG, UNKNOWN, WAITING = 1, 2, 3, 4

#: how a document can be read; a station has the same names
FORMATS = ("message", "text", "ticket", "image", "pdf", "epos")

#: command → the function that carries it out; loaded when it is wanted
COMMANDS = {
    "up": "comptoir.cli.services:up",
    "station": "comptoir.cli.services:station",
    "hub": "comptoir.cli.services:hub",
    "print": "comptoir.cli.client:print_file",
    "drawer": "comptoir.cli.drawer:drawer",
    "status": "comptoir.cli.client:status",
    "jobs": "comptoir.cli.client:jobs",
    "documents": "comptoir.cli.documents:documents",
    "archive": "comptoir.cli.archive:archive",
    "pair": "comptoir.cli.client:pair",
    "render": "comptoir.cli.tools:render_file",
    "virtual-printer": "comptoir.cli.tools:virtual_printer",
    "journal": "comptoir.cli.tools:journal",
    "capture": "comptoir.cli.capture:capture",
    "service": "comptoir.cli.service:service",
    "doctor": "comptoir.cli.doctor:doctor",
    "import-config": "comptoir.cli.import_config:import_config",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command; its exit code. What goes wrong is said on standard error, in two lines at most."""
    if "TZ" in os.environ:
        heed_time_zone()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the terminal does not have is no reason to fail.
            stream.reconfigure(errors=speech.MISSING_LETTERS)
    if arguments is None and len(sys.argv) == 1 and is_program_file():
        from comptoir.cli import doorstep  # noqa: PLC0415 - only a person who clicks needs it

        if doorstep.is_double_click():
            return doorstep.enter(main)
    try:
        code = _carry_out(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (ConfigError, RequestError) as error:
        return _complain(error, WRONG)
    except ComptoirError as error:
        return _complain(error, FAILED)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # What the system refuses, where nobody below has a better sentence: a full disk under `> file`, for one.
        _give_up_output()
        if _reader_has_gone(error):
            return 0
        what = error.filename or "the output"
        return _complain(ComptoirError(f"{what}: {error.strerror or error}", "Check the disk and its rights."), FAILED)
    return code


def _carry_out(arguments: Sequence[str] | None) -> int:
    try:
        options = parser().parse_args(arguments)
    except SystemExit as end:  # help, a version, or what is wrong: it is said already
        return end.code if isinstance(end.code, int) else WRONG
    module, _, name = COMMANDS[options.command].partition(":")
    code: int = getattr(_loaded(module), name)(options)
    return code


def _loaded(module: str) -> ModuleType:
    """What a command imports stays until its end: the collector need not look at it, now or later."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


def _reader_has_gone(error: OSError) -> bool:
    """As in `| head`: nothing is wrong, and nobody is left to tell. Windows has no number of its own for it."""
    return isinstance(error, BrokenPipeError) or (
        os.name == "nt" and error.errno == errno.EINVAL and error.filename is None
    )


def _give_up_output() -> None:
    """What still waits for standard output goes nowhere; at the end of the process it would fail once more."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(error: ComptoirError, code: int) -> int:
    """The one place that joins message and hint, and translates them."""
    message, hint = speech.error(error)
    said = f"{message.rstrip()}{'' if _ends(message) else '.'}"
    print(shown(tr("comptoir: %(message)s", message=said)), file=sys.stderr)
    if hint:
        print(shown(f"  → {hint}"), file=sys.stderr)
    return code


def _ends(sentence: str) -> bool:
    return sentence.rstrip().endswith((".", "!", "?", "…"))


def say(text: str) -> None:
    """A line on standard output, at once. For commands that go on when nobody reads it any more."""
    with suppress(OSError):
        tell(text)


def tell(text: str) -> None:
    """A line on standard output for people, at once; what would steer their terminal is written out."""
    print(shown(text), flush=True)


def as_json(value: object) -> str:
    """One line of JSON, in the letters that standard output has; it may be a terminal."""
    encoding = "" if sys.stdout is None else sys.stdout.encoding
    text = json.dumps(value, ensure_ascii=encoding.lower().replace("-", "") != "utf8")
    if text.isprintable():
        return text
    return "".join(json.dumps(letter)[1:-1] if steers(letter) else letter for letter in text)


class _Parser(argparse.ArgumentParser):
    """A grammar whose last words are made when somebody asks for help: what they name is not loaded otherwise."""

    last_words: Callable[[], str] | None = None

    def format_help(self) -> str:
        if self.last_words is not None:
            self.epilog = self.last_words()
        return super().format_help()


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line (design §5)."""
    speech.argparse_speaks()
    root = _Parser(
        prog="comptoir",
        description=tr("The print service of a counter: what is sent is kept, printed once, and told truthfully."),
        epilog=tr("Start with: comptoir up"),
    )
    version = tr("show program's version number and exit")
    root.add_argument("--version", action="version", version=f"comptoir {__version__}", help=version)
    commands = root.add_subparsers(dest="command", required=True, metavar=tr("COMMAND"))
    _services(commands)
    _clients(commands)
    _archive(commands)
    _tools(commands)
    _capture(commands)
    _service(commands)
    _doctor(commands)
    _moving(commands)
    return root


def _command(commands: _Commands, name: str, summary: str, epilog: str = "") -> _Parser:
    return commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _place(command: argparse.ArgumentParser) -> None:
    file, folder = (
        tr("the configuration (default: DATA/comptoir.toml)"),
        tr("where everything is kept (default: the system's folder)"),
    )
    command.add_argument("--config", type=Path, metavar=tr("FILE"), help=file)
    command.add_argument("--data", type=Path, metavar=tr("DIR"), help=folder)


def _services(commands: _Commands) -> None:
    up = _command(
        commands,
        "up",
        tr("Run a hub and a station on this machine, with a virtual printer if none is configured."),
    )
    _place(up)
    up.add_argument("--port", type=_port, help=tr("the station's port (default: 22548)"))
    up.add_argument("--hub-port", type=_port, help=tr("the hub's port (default: 22549)"))
    up.add_argument("--no-browser", action="store_true", help=tr("do not open the page"))
    for role, what in (
        ("station", tr("Run the service beside the printers.")),
        ("hub", tr("Run the server that web sites post to.")),
    ):
        command = _command(commands, role, what)
        _place(command)
        command.add_argument(
            "--port" if role == "station" else "--hub-port", type=_port, help=tr("the port to listen on")
        )


def _clients(commands: _Commands) -> None:
    command = _command(
        commands, "print", tr("Print a file, or what comes on standard input, and say what became of it."),
        tr("examples:") + "\n  comptoir print ticket.txt\n  echo Hello world | comptoir print -\n"
        "  comptoir print logo.png --printer TICKET --key order-42",
    )  # fmt: skip
    _asks_station(command)
    command.add_argument("file", metavar=tr("FILE"), help=tr("the file to print; - for standard input"))
    which = tr("which printer (default: the first configured)")
    command.add_argument("--printer", default="", metavar=tr("NAME"), help=which)
    command.add_argument("--copies", type=int, default=1, metavar="N")
    key = tr("an idempotency key: the same key never prints twice")
    command.add_argument("--key", default="", metavar="K", help=key)
    command.add_argument("--title", default="", metavar=tr("TITLE"), help=tr("the title on the paper and in the lists"))
    command.add_argument("--format", default="", choices=[*FORMATS, "raw"], help=tr("default: by content"))
    patience = tr("how long to wait for the outcome")
    command.add_argument("--timeout", type=_seconds, default=30.0, metavar="S", help=patience)
    command = _command(commands, "drawer", tr("Open a cash drawer, at once or not at all."))
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    sub = _command(actions, "open", tr("Send the pulse now; what is known of the outcome is said."))
    _asks_station(sub)
    sub.add_argument("--printer", default="", metavar=tr("NAME"), help=tr("the printer on which the drawer hangs"))
    sub.add_argument("--reason", default="", metavar=tr("TEXT"), help=tr("why, for the journal"))
    sub.add_argument("--order", default="", metavar=tr("NUMBER"), help=tr("the order's number, for the journal"))
    _asks_station(_command(commands, "status", tr("Does everything work? Printers, queue, link to the hub.")))
    command = _command(commands, "jobs", tr("The last jobs of the station, newest first."))
    _asks_station(command)
    only = tr("only these: %(names)s", names="queued,sent,printed,failed,canceled,expired,unknown")
    command.add_argument("--status", default="", help=only)
    command.add_argument("--limit", type=int, default=20, metavar="N")
    command = _command(
        commands,
        "pair",
        tr("Make this station known to a hub."),
        tr("The hub shows the code: page Stations, Pairing code."),
    )
    _asks_station(command)
    command.add_argument("hub", metavar=tr("HUB_URL"), help=tr("for instance https://hub.example.com"))
    command.add_argument("code", metavar="CODE")


def _archive(commands: _Commands) -> None:
    command = _command(commands, "documents", tr("Find what the archive keeps."))
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    examples = (
        tr("examples:") + "\n  comptoir documents search balance date:2026-11\n  comptoir documents search user:marie"
    )
    sub = _command(actions, "search", tr("By words, parts of numbers and names; the newest first."), examples)
    _asks_station(sub)
    sub.add_argument("query", nargs="+", metavar=tr("QUERY"), help=tr("what is looked for, as on the page Archive"))
    sub.add_argument("--limit", type=_count, default=20, metavar="N", help=tr("how many at most (default: 20)"))
    command = _command(commands, "archive", tr("Check, export and clear what the archive keeps."))
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    whole = tr("Is every document and every line of the journal as it was written?")
    _asks_station(_command(actions, "verify", whole, tr("exit code 1: something was changed")))
    sub = _command(actions, "export", tr("Documents as a folder with a manifest, and a program that checks it."))
    _asks_station(sub)
    for bound, what in (("--since", tr("the first business date")), ("--until", tr("the last business date"))):
        sub.add_argument(bound, default="", metavar=tr("DATE"), help=tr("%(what)s, as 2026-11-20", what=what))
    sub.add_argument("--search", default="", metavar=tr("QUERY"), help=tr("only what this search finds"))
    sub.add_argument("--to", type=Path, required=True, metavar=tr("DIR"), help=tr("a folder that there is not yet"))
    for action, what in (
        ("due", tr("What has been kept long enough, by year and source; nothing is changed.")),
        ("eliminate", tr("Delete what has been kept long enough, after asking once; the station must be stopped.")),
    ):
        sub = _command(actions, action, what)
        _asks_station(sub)
        sub.add_argument("--source", default="", metavar=tr("NAME"), help=tr("only of this source"))
        year = tr("only of business dates of this year")
        sub.add_argument("--year", default="", type=_year, metavar=tr("YEAR"), help=year)
        if action == "eliminate":
            sub.add_argument("--reason", default="", metavar=tr("TEXT"), help=tr("why, for the journal"))
            sub.add_argument("--yes", action="store_true", help=tr("do not ask"))
    anew = tr("Make texts, pictures and the index anew at the next start; the station must be stopped.")
    _asks_station(_command(actions, "reindex", anew))


def _tools(commands: _Commands) -> None:
    command = _command(commands, "render", tr("Show what a captured stream or a document looks like on paper."))
    command.add_argument("file", type=Path, metavar=tr("FILE"))
    command.add_argument("--as", dest="kind", default="text", choices=["text", "png", "pdf", "json"])
    command.add_argument("--profile", default="", metavar="P", help=tr("the printer's model: TM-T88V, 58mm …"))
    command.add_argument("--format", default="", choices=FORMATS, help=tr("default: by content"))
    command.add_argument("-o", "--output", type=Path, metavar=tr("OUT"), help=tr("default: standard output"))
    what = tr("A receipt printer that listens on a port and draws what it gets.")
    command = _command(commands, "virtual-printer", what)
    command.add_argument("--listen", default="127.0.0.1:9100", metavar=tr("HOST:PORT"))
    command.add_argument("--profile", default="", metavar="P", help=tr("the printer's model: TM-T88V, 58mm …"))
    where = tr("where bytes, text and PNG go")
    command.add_argument("--out", type=Path, default=Path("paper"), metavar=tr("DIR"), help=where)
    faults = tr("one or several, with commas: see below")
    command.add_argument("--faults", default="", metavar=tr("LIST"), help=faults)
    command.last_words = _faults
    command = _command(commands, "journal", tr("Check or export the durable record."))
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, what in (
        ("verify", tr("Is every event, job and document as it was written?")),
        ("export", tr("All events as JSON lines.")),
    ):
        sub = _command(actions, action, what, tr("exit code 1: something was changed") if action == "verify" else "")
        _place(sub)
        sub.add_argument("--role", choices=["station", "hub"], help=tr("default: whatever is in the data folder"))
        sub.add_argument("--json", action="store_true", help=tr("for programs"))
        if action == "export":
            sub.add_argument("-o", "--output", type=Path, metavar=tr("OUT"), help=tr("default: standard output"))


def _capture(commands: _Commands) -> None:
    command = _command(
        commands,
        "capture",
        tr("Keep what is printed: on the queues of CUPS, or on printers that Windows is given."),
        tr("examples:") + "\n  sudo comptoir capture install --all\n  sudo comptoir capture uninstall",
    )
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    install = _command(actions, "install", tr("Have queues print through the backend; on Windows, add printers."))
    uninstall = _command(actions, "uninstall", tr("Have queues print as before; on Windows, remove those printers."))
    status = _command(actions, "status", tr("Which queues or printers are captured?"))
    for sub in (install, uninstall, status):
        _place(sub)
    for sub in (install, uninstall):
        which = tr("this queue; can be said several times")
        sub.add_argument("--queue", action="append", metavar=tr("NAME"), help=which)
        theirs = tr("on Windows: the printer of this source; can be said several times")
        sub.add_argument("--source", action="append", metavar=tr("NAME"), help=theirs)
        sub.add_argument("--dry-run", action="store_true", help=tr("on Windows: only show the commands"))
    install.add_argument("--all", action="store_true", help=tr("every queue of this computer"))
    where = tr("where prints wait for the station (default: %(folder)s)", folder="/var/spool/comptoir")
    install.add_argument("--spool", type=Path, metavar=tr("DIR"), help=where)
    policy = tr("when nothing can be kept there: wait and try again, stop the queue, or count it as a failed try")
    install.add_argument("--without-spool", choices=["wait", "stop", "retry"], default="wait", help=policy)
    status.add_argument("--json", action="store_true", help=tr("for programs"))


def _service(commands: _Commands) -> None:
    command = _command(commands, "service", tr("Have Comptoir started with this computer, as a service."))
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    subs = {
        action: _command(actions, action, what)
        for action, what in (
            ("install", tr("Install it, or bring what is installed to this version; it is started.")),
            ("uninstall", tr("Stop it and remove it; its data are kept.")),
            ("start", tr("Start it, and say where its page is.")),
            ("stop", tr("Stop it until the computer starts again.")),
            ("status", tr("Is it installed, does it run?")),
        )
    }
    for sub in subs.values():
        _place(sub)
        sub.add_argument("--user", action="store_true", help=tr("a service of your own (Linux, macOS)"))
    install = subs["install"]
    role = tr("what runs (default: station); up is both, a hub and a station")
    install.add_argument("--role", choices=["station", "hub", "up"], default="station", help=role)
    account = tr("the account as which it runs (Linux, macOS)")
    install.add_argument("--account", default="", metavar=tr("NAME"), help=account)
    install.add_argument("--no-start", action="store_true", help=tr("do not start it"))
    install.add_argument("--dry-run", action="store_true", help=tr("show the plan and change nothing"))
    subs["status"].add_argument("--json", action="store_true", help=tr("for programs"))


def _doctor(commands: _Commands) -> None:
    what = tr("Is this installation in order? What is wrong is said with its remedy.")
    command = _command(commands, "doctor", what, tr("exit code 1: something is wrong"))
    _asks_station(command)
    change = command.add_mutually_exclusive_group()
    trusted = tr("have this system and its browsers trust the station's certificate")
    change.add_argument("--trust", action="store_true", help=trusted)
    change.add_argument("--untrust", action="store_true", help=tr("have them forget it"))


def _moving(commands: _Commands) -> None:
    command = _command(
        commands,
        "import-config",
        tr("Take over the settings of the earlier till service or archiving script; the plan is shown first."),
        tr("examples:") + "\n  comptoir import-config config.ini --dry-run\n"
        "  comptoir import-config config.ini --device socket://192.168.1.50:9100\n"
        "  comptoir import-config .env",
    )  # fmt: skip
    _place(command)
    file = tr("its config.ini or .env, or its folder")
    command.add_argument("path", type=Path, nargs="?", metavar=tr("PATH"), help=file)
    command.add_argument("--device", default="", metavar="URI", help=tr("the device of the receipt printer"))
    command.add_argument("--network", action="store_true", help=tr("let other computers call it, as before"))
    command.add_argument("--dry-run", action="store_true", help=tr("show the plan and change nothing"))
    command.add_argument("--yes", action="store_true", help=tr("do not ask"))


def _asks_station(command: argparse.ArgumentParser) -> None:
    _place(command)
    command.add_argument("--port", type=_port, help=tr("the station's port (default: the configured one)"))
    command.add_argument("--json", action="store_true", help=tr("for programs"))


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(tr("%(text)s is no port (0 to 65535)", text=text))
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 1_000_000):
        raise argparse.ArgumentTypeError(tr("%(text)s is no number of documents", text=text))
    return int(text)


def _year(text: str) -> str:
    if text and not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise argparse.ArgumentTypeError(tr("%(text)s is no year such as 2026", text=text))
    return text


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not value >= 0:  # nor is nan
        raise argparse.ArgumentTypeError(tr("%(text)s is no number of seconds", text=text))
    return value


def _faults() -> str:
    """What can be wrong with a virtual printer, a line each."""
    from comptoir.devices.virtual_printer import FAULTS  # noqa: PLC0415 - for this help only

    lines = [f"  {name:<8} {speech.known(meaning)}" for name, meaning in FAULTS.items()]
    return "\n".join([tr("faults:"), *lines, tr("With a number (paper=20) it begins after so many more lines.")])
