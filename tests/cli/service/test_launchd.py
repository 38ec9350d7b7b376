"""The property list, and what launchctl says."""

from __future__ import annotations

import plistlib
from pathlib import PurePosixPath

import pytest

from comptoir.cli.service import launchd
from comptoir.cli.service.installation import Installation, State
from comptoir.cli.service.plan import Remove, Run, Write

DATA = PurePosixPath("/Users/anna/My Data")
WANTED = Installation("up", ("/opt/comptoir/comptoir",), DATA, None, "anna")

#: as launchctl print gives it, shortened
PRINTED = """\
system/comptoir = {
	active count = 1
	path = /Library/LaunchDaemons/comptoir.plist
	state = %s
	program = /opt/comptoir/comptoir
	last exit code = %s
}
"""


def test_what_launchd_reads() -> None:
    told = plistlib.loads(launchd.property_list(WANTED).encode())
    assert told["ProgramArguments"] == list(WANTED.command)
    assert told["UserName"] == "anna"
    assert told["RunAtLoad"] is True
    assert told["KeepAlive"] == {"SuccessfulExit": False}
    assert told["StandardErrorPath"] == str(DATA / "logs/launchd.log")


def test_a_person_s_own_names_no_account() -> None:
    assert "UserName" not in plistlib.loads(launchd.property_list(Installation("station", ("x",), DATA)).encode())


def test_it_is_installed_over_an_earlier_one() -> None:
    steps = launchd.install(WANTED, launchd.FOLDER, None, start=True)
    shown = [step.shown for step in steps if isinstance(step, Run)]
    assert shown == [
        "launchctl bootout system/comptoir",
        "launchctl enable system/comptoir",
        "launchctl bootstrap system /Library/LaunchDaemons/comptoir.plist",
    ]
    assert next(step.path for step in steps if isinstance(step, Write)) == launchd.FOLDER / launchd.FILE
    assert all("bootstrap" not in step.shown for step in launchd.install(WANTED, launchd.FOLDER, None, start=False))


def test_a_person_s_own_is_of_their_session() -> None:
    assert launchd.stop(501) == [Run(("launchctl", "bootout", "gui/501/comptoir"), may_fail=True)]
    assert launchd.start(PurePosixPath("/a"), 501)[-1].shown == "launchctl kickstart gui/501/comptoir"


def test_it_is_removed() -> None:
    assert launchd.uninstall(launchd.FOLDER, None)[-1] == Remove(launchd.FOLDER / launchd.FILE)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (PRINTED % ("running", "(never exited)"), "running"),
        (PRINTED % ("not running", "0"), "stopped"),
        (PRINTED % ("not running", "2: No such file or directory"), "failed"),
        ("", "stopped"),
    ],
)
def test_what_launchctl_says(said: str, status: str) -> None:
    found = launchd.state(said, launchd.property_list(WANTED).encode())
    assert (found.status, found.role, found.data, found.enabled) == (status, "up", str(DATA), True)


def test_no_file_is_no_service() -> None:
    assert launchd.state("", b"") == State()
