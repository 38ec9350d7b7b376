"""The service under systemd: the unit's text, what is typed to have it, and what systemctl tells of it. Values only.

The unit is as narrow as this work allows. It may write where its account may: folders that are watched, and whose
originals go, lie anywhere. It keeps its devices, for printers on cables. MemoryDenyWriteExecute is left out: libffi,
under libraries of ours, makes functions at run time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Final

from comptoir.cli.service.installation import RESTARTS, SUMMARY, Installation, State, Status
from comptoir.cli.service.plan import Own, Remove, Run, Step, Write

UNIT: Final = "comptoir.service"
FOLDER: Final = PurePosixPath("/etc/systemd/system")
#: the account that is made where none is named
ACCOUNT: Final = "comptoir"
#: groups that may use printers on cables, where the system has them
GROUPS: Final = ("lp", "dialout", "uucp")
NOLOGIN: Final = "/usr/sbin/nologin"

_HARDENED: Final = """\
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
LockPersonality=yes
NoNewPrivileges=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=full
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
"""

_AFTER: Final = """\
Wants=network-online.target
After=network-online.target cups.service
"""

_UNIT: Final = """\
[Unit]
Description={summary}
{after}StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={command}
Restart=on-failure
RestartSec={restart}
TimeoutStartSec=120
TimeoutStopSec=15
KillMode=mixed
{account}
[Install]
WantedBy={target}
"""


def unit(wanted: Installation, groups: Collection[str], *, user: bool = False) -> str:
    """The unit's text. `groups`: those of GROUPS that the system has; `user`: it is a person's own."""
    account = ""
    if not user:
        also = f"SupplementaryGroups={' '.join(sorted(groups))}\n" if groups else ""
        account = f"User={wanted.account}\n{also}{_HARDENED}"
    return _UNIT.format(
        summary=SUMMARY,
        after="" if user else _AFTER,
        command=" ".join(map(_quoted, wanted.command)),
        restart=RESTARTS[0],
        account=account,
        target="default.target" if user else "multi-user.target",
    )


def _quoted(word: str) -> str:
    """systemd.service(5), “Command lines”, and systemd.unit(5), “Specifiers”."""
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    word = "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in word)
    return word if re.fullmatch(r"[\w/.,:@+=-]+", word) else f'"{word}"'


def command_of(text: str) -> tuple[str, ...]:
    """The command of a unit that `unit` has written; () where it has none."""
    line = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line[1]) if line else []
    return tuple(_read(quoted or bare) for quoted, bare in words)


def _read(word: str) -> str:
    plain = re.sub(r"\\U([0-9a-f]{8})|\\(.)", lambda m: chr(int(m[1], 16)) if m[1] else m[2], word)
    return plain.replace("%%", "%").replace("$$", "$")


# -- what is typed -----------------------------------------------------------------------------------------------------


def systemctl(*words: str, user: bool = False) -> tuple[str, ...]:
    return ("systemctl", *(("--user",) if user else ()), *words)


def _log(user: bool) -> str:
    return f"Its log says why: journalctl{' --user' if user else ''} -u {UNIT} -n 20"


def install(
    wanted: Installation, folder: PurePosixPath, groups: Collection[str], *, known: bool, user: bool, start: bool
) -> list[Step]:
    """The unit in `folder`, enabled, and started or not. `known`: the account exists already."""
    account: list[Step] = []
    if not user:
        make = ("useradd", "--system", "--home-dir", str(wanted.data), "--no-create-home", "--shell", NOLOGIN)
        account = [] if known else [Run((*make, "--user-group", wanted.account))]
        account.append(Own(wanted.data, wanted.account))
    return [
        *account,
        Write(folder / UNIT, unit(wanted, groups, user=user)),
        Run(systemctl("daemon-reload", user=user)),
        Run(systemctl("enable", UNIT, user=user)),
        *([Run(systemctl("restart", UNIT, user=user), hint=_log(user))] if start else []),
    ]


def uninstall(folder: PurePosixPath, *, user: bool) -> list[Step]:
    return [
        Run(systemctl("disable", "--now", UNIT, user=user), may_fail=True),
        Remove(folder / UNIT),
        Run(systemctl("daemon-reload", user=user)),
        Run(systemctl("reset-failed", UNIT, user=user), may_fail=True),
    ]


def start(*, user: bool) -> list[Step]:
    return [Run(systemctl("start", UNIT, user=user), hint=_log(user))]


def stop(*, user: bool) -> list[Step]:
    return [Run(systemctl("stop", UNIT, user=user))]


# -- what it tells -----------------------------------------------------------------------------------------------------


def question(*, user: bool) -> tuple[str, ...]:
    wanted = "--property=LoadState,ActiveState,SubState,UnitFileState,User"
    return systemctl("show", UNIT, wanted, user=user)


#: ActiveState → ours
_STATES: Final[dict[str, Status]] = {
    "active": "running",
    "reloading": "running",
    "activating": "starting",
    "deactivating": "stopping",
    "inactive": "stopped",
    "failed": "failed",
}


def state(said: str, text: str) -> State:
    """From the answer to `question`, and the text of the unit; "": there is no unit."""
    if not text:
        return State()
    told = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    status = _STATES.get(told.get("ActiveState", ""), "stopped")
    if told.get("SubState") == "auto-restart":
        status = "failed"
    enabled = told.get("UnitFileState", "").startswith("enabled")
    detail = "/".join(filter(None, (told.get("ActiveState"), told.get("SubState"))))
    return State(status, command_of(text), told.get("User", ""), enabled, detail)


def names(steps: Sequence[Step]) -> tuple[str, ...]:
    """The programs that a plan needs."""
    return tuple(dict.fromkeys(step.command[0] for step in steps if isinstance(step, Run)))
