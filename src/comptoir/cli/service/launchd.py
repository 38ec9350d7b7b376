"""The service under launchd, on macOS: the property list, what is typed to have it, what launchctl tells. Values only.

A system's daemon runs as the person who installed it: macOS has no account for such things, and the folders that are
watched are that person's. Sources: launchd.plist(5), launchctl(1).
"""

from __future__ import annotations

import plistlib
import re
from pathlib import PurePath, PurePosixPath
from typing import Final

from comptoir.cli.service.installation import RESTARTS, Installation, State, Status
from comptoir.cli.service.plan import Own, Remove, Run, Step, Write

LABEL: Final = "comptoir"
FILE: Final = f"{LABEL}.plist"
FOLDER: Final = PurePosixPath("/Library/LaunchDaemons")
#: below a person's home
OWN_FOLDER: Final = PurePosixPath("Library/LaunchAgents")
#: what it prints goes there, in the data folder; its log has files of its own
OUTPUT: Final = PurePath("logs/launchd.log")


def property_list(wanted: Installation) -> str:
    """What launchd reads. It starts with the computer, or when the person signs in, and again when it fails."""
    output = str(wanted.data / OUTPUT)
    told = {
        "Label": LABEL,
        "ProgramArguments": list(wanted.command),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": RESTARTS[0],
        "ExitTimeOut": 15,
        "ProcessType": "Interactive",  # a drawer is not to wait for a backup
        "StandardOutPath": output,
        "StandardErrorPath": output,
    }
    if wanted.account:
        told["UserName"] = wanted.account
    return plistlib.dumps(told).decode()


def domain(user: int | None) -> str:
    """Of launchctl: the system's, or that of the person with this number."""
    return "system" if user is None else f"gui/{user}"


def install(wanted: Installation, folder: PurePosixPath, user: int | None, *, start: bool) -> list[Step]:
    """The list in `folder`, taken in anew: what ran with an earlier one is stopped."""
    path = folder / FILE
    there = domain(user)
    return [
        Own(wanted.data, wanted.account),
        Own(wanted.data / OUTPUT.parent, wanted.account),
        Run(("launchctl", "bootout", f"{there}/{LABEL}"), may_fail=True),
        Write(path, property_list(wanted)),
        Run(("launchctl", "enable", f"{there}/{LABEL}")),
        *([Run(("launchctl", "bootstrap", there, str(path)))] if start else []),
    ]


def uninstall(folder: PurePosixPath, user: int | None) -> list[Step]:
    return [Run(("launchctl", "bootout", f"{domain(user)}/{LABEL}"), may_fail=True), Remove(folder / FILE)]


def start(folder: PurePosixPath, user: int | None) -> list[Step]:
    """Taken in, where `stop` has taken it out, and started."""
    there = domain(user)
    return [
        Run(("launchctl", "bootstrap", there, str(folder / FILE)), may_fail=True),
        Run(("launchctl", "kickstart", f"{there}/{LABEL}")),
    ]


def stop(user: int | None) -> list[Step]:
    """Taken out: launchd would start again what it knows. At the next start of the computer it is there again."""
    return [Run(("launchctl", "bootout", f"{domain(user)}/{LABEL}"), may_fail=True)]


def question(user: int | None) -> tuple[str, ...]:
    return ("launchctl", "print", f"{domain(user)}/{LABEL}")


def state(said: str, content: bytes) -> State:
    """From the answer to `question` ("": launchd does not know it), and the file; b"": there is none."""
    if not content:
        return State()
    told = plistlib.loads(content)
    command = tuple(map(str, told.get("ProgramArguments", ())))
    running = re.search(r"^\s*state = (.+)$", said, re.MULTILINE)
    failed = re.search(r"^\s*last exit code = [1-9]", said, re.MULTILINE)
    detail = running[1] if running else ""
    status: Status = "running" if detail == "running" else "failed" if failed else "stopped"
    return State(status, command, str(told.get("UserName", "")), bool(told.get("RunAtLoad")), detail)
