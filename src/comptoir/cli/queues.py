"""The queues of this machine's CUPS, and their device URIs: read and changed. It knows nothing of what is captured.

CUPS is asked by IPP; changes are made by its own `lpadmin`, which knows how to be allowed to. The environment variables
of CUPS count here as everywhere: CUPS_SERVER, CUPS_SERVERBIN, CUPS_SERVERROOT.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from comptoir.capture_backend import without_login
from comptoir.core.errors import ComptoirError
from comptoir.sinks.ipp_client import SOCKETS, Address, Cut, HttpError, IppClient, NotReached
from comptoir.wire.ipp import BadMessage, Message, Tag, Value
from comptoir.wire.ipp_codes import Operation, Status

#: where distributions have the parts of CUPS
BINARIES: Final = ("/usr/lib/cups", "/usr/libexec/cups", "/usr/lib64/cups", "/usr/local/libexec/cups")
ROOTS: Final = ("/etc/cups", "/usr/local/etc/cups")
SCHEME: Final = "comptoir:"

_PATH: Final = ("/usr/sbin", "/sbin", "/usr/bin", "/bin")
_NAMES: Final = ("printer-name", "device-uri", "printer-make-and-model", "printer-is-temporary")


class CupsError(ComptoirError):
    """CUPS is not there, or did not do what it was asked."""

    code = "cups"


@dataclass(frozen=True, slots=True)
class Queue:
    """uri: its device. model: what stands behind it, as its driver calls it.

    whole: whether the URI is known with the login that may be in it, which CUPS tells nobody.
    """

    name: str
    uri: str
    model: str = ""
    temporary: bool = False
    whole: bool = False

    @property
    def wrapped(self) -> bool:
        return self.uri.startswith(SCHEME)


def wrapped(uri: str) -> str:
    """The device URI of a queue that prints through our backend; `capture_backend.unwrapped` undoes it.

    CUPS shows everybody a URI without the login in it, but only where a login stands in every URI: so there it stays.
    """
    login = re.fullmatch(r"([^:/]+)://([^/@]*@[^/]*)(/.*)?", uri)
    return f"{SCHEME}//{login[2]}/{login[1]}{login[3] or ''}" if login else f"{SCHEME}/{uri}"


def server_bin() -> Path:
    """The directory below which CUPS has its backends. Raises CupsError."""
    return _folder("CUPS_SERVERBIN", "--serverbin", BINARIES)


def server_root() -> Path:
    """The directory of its configuration. Raises CupsError."""
    return _folder("CUPS_SERVERROOT", "--serverroot", ROOTS)


def _folder(variable: str, option: str, usual: Sequence[str]) -> Path:
    told = [os.environ.get(variable, "")]
    if not told[0] and (program := _program("cups-config")):
        told.append(_run(program, option).strip())
    found = next((path for one in (*told, *usual) if one and (path := Path(one)).is_dir()), None)
    if found is None:
        raise CupsError("CUPS is not installed on this computer", "Install it with the system's package manager.")
    return found


def queues() -> list[Queue]:
    """All queues of this machine, by name. Raises CupsError."""
    answer = asyncio.run(_asked())
    if answer.code == Status.NOT_FOUND:
        return []
    if answer.code >= 0x100:
        raise CupsError(f"CUPS does not tell its queues: {answer.code:#06x}", "Is its policy stricter than usual?")
    written = _written()
    found = []
    for group in answer.all(Tag.PRINTER):
        name, uri, model = ("".join(group.texts(one)[:1]) for one in _NAMES[:3])
        full = written.get(name, "")
        whole = without_login(full) == without_login(uri)
        temporary = group.first("printer-is-temporary") is True
        found.append(Queue(name, full if whole else uri, model, temporary, whole))
    return sorted(found, key=lambda queue: queue.name)


def change(queue: Queue, uri: str) -> None:
    """Give a queue another device. Raises CupsError."""
    if not queue.whole:
        # What is not written yet may have a password, which would be lost.
        raise CupsError(f"CUPS has not written down the queue {queue.name} yet", "Try again in half a minute.")
    program = _program("lpadmin")
    if program is None:
        raise CupsError("the program lpadmin is not installed", "On Debian and Ubuntu: apt install cups-client")
    _run(program, "-p", queue.name, "-v", uri)


def _address() -> Address:
    """Where CUPS is: the socket of this machine, unless CUPS_SERVER says otherwise."""
    server = os.environ.get("CUPS_SERVER", "")
    if server and not server.startswith("/"):
        host = server if ":" in server else f"{server}:631"
        return Address("ipp://localhost/", f"http://{host}/", cups=True)
    socket = server or next((one for one in SOCKETS if Path(one).exists()), "")
    return Address("ipp://localhost/", "http://localhost:631/", socket, cups=True)


async def _asked() -> Message:
    client = IppClient(_address())
    try:
        wanted = tuple(Value(Tag.KEYWORD, name) for name in _NAMES)
        return await client.ask(Operation.CUPS_GET_PRINTERS, {"requested-attributes": wanted})
    except (NotReached, Cut, HttpError, BadMessage) as error:
        hint = "Is it running? On most systems: systemctl start cups"
        raise CupsError(f"CUPS does not answer: {error}", hint) from None
    finally:
        await client.close()


def _written() -> dict[str, str]:
    """Queue → device URI, as CUPS keeps them; nothing where this user may not read that, or it is not written yet."""
    try:
        text = (server_root() / "printers.conf").read_text("utf-8", "replace")
    except OSError:
        return {}
    found, name = {}, ""
    for line in text.splitlines():
        if begins := re.match(r"<(?:Default)?Printer\s+(\S+)>", line):
            name = begins[1]
        elif told := re.match(r"DeviceURI\s+(\S+)", line):
            found[name] = told[1].replace("\\#", "#")
    return found


def _program(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *_PATH)))


def _run(*command: str) -> str:
    """What it says. Raises CupsError."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CupsError(f"{name} does not run: {error}", "Is CUPS installed and running?") from None
    if done.returncode:
        said = done.stderr.strip().removeprefix(f"{name}: ")
        raise CupsError(f"{name}: {said or done.returncode}", "Is CUPS running, and is this its administrator?")
    return done.stdout
