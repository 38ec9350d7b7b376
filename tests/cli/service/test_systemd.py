"""The unit: systemd itself reads it, and it starts what was meant, whatever stands in a path."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.cli.service import systemd
from comptoir.cli.service.installation import Installation, State
from comptoir.cli.service.plan import Own, Remove, Run, Write

FOLDER = PurePosixPath("/etc/systemd/system")


def wanted(data: str = "/var/lib/comptoir", account: str = "comptoir") -> Installation:
    program = (sys.executable, "-I", "/opt/comptoir/__main__.py")
    return Installation("station", program, PurePosixPath(data), None, account)


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_the_command_is_read_as_it_was_written(words: list[str]) -> None:
    one = Installation("station", tuple(words), PurePosixPath("/data"))
    assert systemd.command_of(systemd.unit(one, ())) == one.command


def test_what_means_something_to_systemd_is_written_twice() -> None:
    text = systemd.unit(wanted('/data/100%$HOME "x"'), ())
    assert text.split("ExecStart=")[1].split("\n")[0].endswith(r'--data "/data/100%%$$HOME \"x\""')


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("user", [False, True])
def test_systemd_takes_the_unit(tmp_path: Path, user: bool) -> None:
    one = wanted("/var/lib/my %data$ “é\\")
    (tmp_path / systemd.UNIT).write_text(systemd.unit(one, ("lp", "dialout"), user=user), "utf-8")
    command = ["systemd-analyze", "--user" if user else "--system", "--man=no", "verify", str(tmp_path / systemd.UNIT)]
    environ = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60, check=False)
    ours = [line for line in done.stderr.splitlines() if systemd.UNIT in line]
    assert (done.returncode, ours) == (0, []), done.stderr


def test_the_system_s_service_has_few_rights() -> None:
    lines = systemd.unit(wanted(), ("lp", "dialout")).splitlines()
    assert {"User=comptoir", "SupplementaryGroups=dialout lp", "NoNewPrivileges=yes"} <= set(lines)
    assert "CapabilityBoundingSet=CAP_NET_BIND_SERVICE" in lines


def test_a_person_s_service_has_that_person_s() -> None:
    text = systemd.unit(wanted(account=""), ("lp",), user=True)
    assert "User=" not in text
    assert "SupplementaryGroups" not in text
    assert "WantedBy=default.target" in text


def test_it_is_installed_and_started_anew() -> None:
    steps = systemd.install(wanted(), FOLDER, (), known=False, user=False, start=True)
    assert [type(step) for step in steps] == [Run, Own, Write, Run, Run, Run]
    assert steps[0].shown.startswith("useradd --system")
    assert steps[-1].shown == "systemctl restart comptoir.service"


def test_an_account_that_there_is_is_not_made() -> None:
    steps = systemd.install(wanted(), FOLDER, (), known=True, user=False, start=False)
    assert [type(step) for step in steps] == [Own, Write, Run, Run]
    assert all("restart" not in step.shown for step in steps)


def test_a_person_s_own_needs_no_account_and_no_folder() -> None:
    steps = systemd.install(wanted(account=""), FOLDER, (), known=False, user=True, start=True)
    assert [type(step) for step in steps] == [Write, Run, Run, Run]
    assert all(step.command[:2] == ("systemctl", "--user") for step in steps if isinstance(step, Run))


def test_it_is_removed_also_where_it_is_half_gone() -> None:
    steps = systemd.uninstall(FOLDER, user=False)
    assert steps[1] == Remove(FOLDER / systemd.UNIT)
    assert [step.may_fail for step in steps if isinstance(step, Run)] == [True, False, True]


@pytest.mark.parametrize(
    ("active", "sub", "status"),
    [
        ("active", "running", "running"),
        ("activating", "start", "starting"),
        ("activating", "auto-restart", "failed"),
        ("deactivating", "stop-sigterm", "stopping"),
        ("inactive", "dead", "stopped"),
        ("failed", "failed", "failed"),
        ("", "", "stopped"),
    ],
)
def test_what_systemctl_says(active: str, sub: str, status: str) -> None:
    said = f"LoadState=loaded\nActiveState={active}\nSubState={sub}\nUnitFileState=enabled\nUser=comptoir\n"
    found = systemd.state(said, systemd.unit(wanted(), ()))
    assert (found.status, found.account, found.enabled, found.data) == (status, "comptoir", True, "/var/lib/comptoir")


def test_no_unit_is_no_service() -> None:
    assert systemd.state("ActiveState=inactive\n", "") == State()


def test_an_answer_that_does_not_come_is_no_failure() -> None:
    found = systemd.state("", systemd.unit(wanted(), ()))
    assert (found.status, found.enabled) == ("stopped", False)
