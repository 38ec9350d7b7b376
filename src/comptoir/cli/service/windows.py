"""The service as the service manager of Windows has it: parameters, command line, firewall. Values only.

The account is LocalSystem, or the one that a person has chosen in the manager's window: it stays then. No other service
is depended on: without the print spooler, printers on the network and on cables work all the same, and who stops it to
clear a queue does not stop Comptoir with it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath
from typing import Final

from comptoir.cli.service.installation import NAME, Installation, WindowsService
from comptoir.cli.service.plan import Control, Place, Protect, Register, Run, Step, Unregister, Withdraw
from comptoir.cli.service.program import Program
from comptoir.config import Config
from comptoir.web.guard import is_loopback

#: the first argument: what follows is for the host, not for the command line
HOST: Final = "--service"
#: the firewall's rules of ours have this name
RULE: Final = NAME
MULTICAST_DNS: Final = 5353


@dataclass(frozen=True, slots=True)
class Python:
    """The interpreter that asks: `sys._base_executable`, and the folder of its virtual environment, "" without one."""

    base: str
    environment: str
    #: …/comptoir/__main__.py
    main: str


def program(python: Python) -> tuple[str, ...]:
    """What the manager starts, before the role. A virtual environment's python.exe only starts the real one, which the
    manager would not know: the real one it is, then, and it is told of the environment."""
    environment = ("--venv", python.environment) if python.environment else ()
    return (python.base, "-I", python.main, HOST, *environment)


def install(wanted: Installation, program_file: Program | None, *, start: bool) -> list[Step]:
    """The service as it is to be; one that runs is stopped for it. `program_file`: what is put into the folder of the
    first word of its command; None: it is Python."""
    executable = PureWindowsPath(wanted.program[0])
    return [
        Control(NAME, start=False),
        *([Place(program_file, executable.parent)] if program_file else []),
        Protect(wanted.data, wanted.account),
        Register(WindowsService(subprocess.list2cmdline(wanted.command))),
        *([Control(NAME, start=True)] if start else []),
    ]


def uninstall(placed: PurePath | None) -> list[Step]:
    """`placed`: where the program's own files are; None: it is Python."""
    return [
        Control(NAME, start=False),
        Unregister(NAME),
        *firewall(Openings(), ""),
        *([Withdraw(placed)] if placed else []),
    ]


# -- the firewall ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Openings:
    """Ports that other computers reach."""

    tcp: frozenset[int] = frozenset()
    udp: frozenset[int] = frozenset()


def openings(config: Config, roles: Iterable[str]) -> Openings:
    """What these roles (station, hub) listen on beyond this computer."""
    tcp, udp = set[int](), set[int]()
    for role in roles:
        one = config.station if role == "station" else config.hub
        if one.port and not is_loopback(one.host):  # 0: another one each time
            tcp.add(one.port)
    for source in config.source if "station" in roles else ():
        host, port = getattr(source, "host", ""), getattr(source, "port", 0)
        if host and port and not is_loopback(host):
            tcp.add(port)
            if source.__struct_config__.tag == "ipp_printer":
                udp.add(MULTICAST_DNS)  # where it is found by its name
    return Openings(frozenset(tcp), frozenset(udp))


def firewall(wanted: Openings, program_file: str) -> list[Run]:
    """After this the firewall lets in what is wanted, and nothing else of ours. Networks that Windows calls public stay
    closed. None of it keeps the service from running: another firewall may rule here."""
    commands = [_netsh("delete", "rule", f"name={RULE}")]
    for protocol, ports in (("TCP", wanted.tcp), ("UDP", wanted.udp)):
        if ports:
            listed = ",".join(map(str, sorted(ports)))
            commands.append(
                _netsh(
                    "add", "rule", f"name={RULE}", "dir=in", "action=allow", f"protocol={protocol}",
                    f"localport={listed}", f"program={program_file}", "profile=domain,private",
                )
            )  # fmt: skip
    return [Run(command, may_fail=True) for command in commands]


def _netsh(*words: str) -> tuple[str, ...]:
    return ("netsh", "advfirewall", "firewall", *words)
