"""Each step can be shown before it is done."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from comptoir.cli.service.installation import WindowsService
from comptoir.cli.service.plan import (
    Control,
    Own,
    Place,
    Protect,
    Register,
    Remove,
    Run,
    Step,
    Unregister,
    Withdraw,
    Write,
)
from comptoir.cli.service.program import Program

HERE = PurePosixPath("/var/lib/my data")

SHOWN: list[tuple[Step, str]] = [
    (Run(("systemctl", "enable", "a b")), "systemctl enable 'a b'"),
    (Write(HERE / "x", "one\n\ntwo\n"), "/var/lib/my data/x:\n    one\n\n    two"),
    (Remove(HERE / "x"), "rm '/var/lib/my data/x'"),
    (Own(HERE, "comptoir"), "mkdir -p '/var/lib/my data' && chown -R comptoir '/var/lib/my data'"),
    (Own(HERE, ""), "mkdir -p '/var/lib/my data'"),
    (Protect(PureWindowsPath("C:/Data"), ""), '"C:\\Data": Administrators, SYSTEM'),
    (Protect(PureWindowsPath("C:/Data"), ".\\anna"), '"C:\\Data": Administrators, SYSTEM, ".\\anna"'),
    (Place(Program(Path("a.exe"), Path("lib")), PurePosixPath("/opt/comptoir")), "a.exe → /opt/comptoir"),
    (Withdraw(PurePosixPath("/opt/comptoir")), "rm -r /opt/comptoir"),
    (
        Register(WindowsService("C:\\comptoir.exe --service station")),
        "sc.exe create Comptoir start= auto DisplayName= \"Comptoir\" binPath= 'C:\\comptoir.exe --service station'",
    ),
    (Unregister("Comptoir"), "sc.exe delete Comptoir"),
    (Control("Comptoir", start=True), "sc.exe start Comptoir"),
    (Control("Comptoir", start=False), "sc.exe stop Comptoir"),
]


@pytest.mark.parametrize(("step", "shown"), SHOWN, ids=[type(step).__name__ for step, _ in SHOWN])
def test_a_step_is_shown(step: Step, shown: str) -> None:
    assert step.shown == shown
