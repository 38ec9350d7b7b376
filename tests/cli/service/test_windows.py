"""What the service manager and the firewall of Windows are told."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from comptoir.arrivals import IppPrinterSourceConfig, Port9100SourceConfig
from comptoir.cli.service import windows
from comptoir.cli.service.installation import Installation
from comptoir.cli.service.plan import Control, Place, Protect, Register, Run, Unregister, Withdraw
from comptoir.cli.service.program import Program
from comptoir.cli.service.windows import Openings, Python
from comptoir.cli.service.windows_host import arguments_parser
from comptoir.config import Config, HubConfig, StationConfig

MAIN = r"C:\Python\Lib\site-packages\comptoir\__main__.py"
DATA = PureWindowsPath(r"C:\ProgramData\Comptoir")
EXE = (r"C:\Program Files\Comptoir\comptoir.exe", "--service")


def test_the_real_interpreter_is_started_not_the_environment_s() -> None:
    python = Python(r"C:\Python\python.exe", r"C:\my venv", MAIN)
    assert windows.program(python) == (python.base, "-I", MAIN, "--service", "--venv", r"C:\my venv")


def test_without_an_environment_none_is_named() -> None:
    assert windows.program(Python(r"C:\Python\python.exe", "", MAIN))[-1] == "--service"


def test_the_host_understands_what_the_manager_starts() -> None:
    program = windows.program(Python(r"C:\Python\python.exe", r"C:\my venv", MAIN))
    wanted = Installation("up", program, DATA, PureWindowsPath(r"D:\é.toml"))
    options = arguments_parser().parse_args(wanted.command[wanted.command.index("--service") + 1 :])
    assert (options.role, str(options.data), str(options.config)) == ("up", str(DATA), r"D:\é.toml")
    assert str(options.venv) == r"C:\my venv"


def test_it_is_installed_as_a_program_file() -> None:
    wanted = Installation("station", EXE, DATA)
    ours = Program(Path("comptoir.exe"), Path("_internal"))
    stop, place, protect, register, start = windows.install(wanted, ours, start=True)
    assert (stop, start) == (Control("Comptoir", start=False), Control("Comptoir", start=True))
    assert place == Place(ours, PureWindowsPath(r"C:\Program Files\Comptoir"))
    assert protect == Protect(DATA, "")
    assert isinstance(register, Register)
    told = register.service
    assert told.command == rf'"{EXE[0]}" --service station --data C:\ProgramData\Comptoir'
    assert (told.restarts, told.reset) == ((5_000, 30_000, 60_000), 86_400)


def test_python_is_put_nowhere() -> None:
    kinds = [type(step) for step in windows.install(Installation("station", EXE, DATA), None, start=False)]
    assert kinds == [Control, Protect, Register]


def test_it_is_removed_with_its_firewall_rule() -> None:
    folder = PureWindowsPath(r"C:\Program Files\Comptoir")
    steps = windows.uninstall(folder)
    assert [type(step) for step in steps] == [Control, Unregister, Run, Withdraw]
    assert steps[2].shown == "netsh advfirewall firewall delete rule name=Comptoir"
    assert [type(step) for step in windows.uninstall(None)] == [Control, Unregister, Run]


def test_a_closed_station_opens_nothing() -> None:
    assert windows.openings(Config(), ("station", "hub")) == Openings()
    assert len(windows.firewall(Openings(), "x.exe")) == 1, "an earlier rule is removed"


@pytest.mark.parametrize(
    ("roles", "tcp", "udp"),
    [
        (("station",), {22548, 22631}, {5353}),
        (("hub",), {22549}, set()),
        (("hub", "station"), {22548, 22549, 22631}, {5353}),
    ],
)
def test_what_is_open_is_what_these_roles_listen_on(roles: tuple[str, ...], tcp: set[int], udp: set[int]) -> None:
    config = Config(
        station=StationConfig(host="0.0.0.0"),
        hub=HubConfig(host="192.168.1.4"),
        source=(IppPrinterSourceConfig(name="A", host="::"), Port9100SourceConfig(name="B")),
    )
    assert windows.openings(config, roles) == Openings(frozenset(tcp), frozenset(udp))


def test_a_port_that_is_another_one_each_time_is_not_opened() -> None:
    assert windows.openings(Config(station=StationConfig(host="0.0.0.0", port=0)), ("station",)) == Openings()


def test_the_rule_is_for_this_program_its_ports_and_known_networks() -> None:
    commands = windows.firewall(Openings(frozenset({22548, 9100}), frozenset({5353})), r"C:\x\comptoir.exe")
    assert all(step.may_fail for step in commands)
    _, tcp, udp = (step.command for step in commands)
    assert {"protocol=TCP", "localport=9100,22548", r"program=C:\x\comptoir.exe", "profile=domain,private"} <= set(tcp)
    assert {"protocol=UDP", "localport=5353", "dir=in", "action=allow"} <= set(udp)
