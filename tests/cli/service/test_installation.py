"""What is installed, as a command line and back."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from comptoir.cli import parser
from comptoir.cli.service.installation import ROLES, Installation, Role, State, roles_of

DATA = PurePosixPath("/var/lib/my data")


@pytest.mark.parametrize("role", ROLES)
def test_what_is_started_is_a_command_of_ours(role: Role) -> None:
    wanted = Installation(role, ("comptoir",), DATA, PurePosixPath("/etc/comptoir.toml"))
    options = parser().parse_args(wanted.arguments)
    assert (options.command, options.data, options.config) == (role, Path(DATA), Path("/etc/comptoir.toml"))
    assert getattr(options, "no_browser", True), "a service opens no page"


@pytest.mark.parametrize("role", ROLES)
def test_the_command_tells_what_is_installed(role: Role) -> None:
    found = State("running", Installation(role, ("python", "-I", "main.py"), DATA).command)
    assert (found.role, found.data, found.config, found.installed) == (role, str(DATA), "", True)


def test_a_command_that_nobody_may_see_tells_nothing() -> None:
    found = State("stopped")
    assert (found.role, found.data, found.config) == (None, "", "")
    assert not State().installed


def test_up_is_both_roles() -> None:
    assert roles_of("up") == ("station", "hub")
    assert roles_of("hub") == ("hub",)
