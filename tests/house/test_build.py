"""What is imported by name comes into the program file; what the file says of itself is right."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent
SRC = ROOT / "src" / "comptoir"


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_program", ROOT / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named() -> Iterator[str]:
    """The modules of others that are imported by name: PyInstaller does not see them."""
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_import = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
            if is_import and isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
                yield node.args[0].value  # type: ignore[attr-defined]


def listed() -> set[str]:
    tree = ast.parse((ROOT / "bundle" / "comptoir.spec").read_text("utf-8"))
    lists = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    return set(ast.literal_eval(lists["EXTRAS"]))


def test_what_is_imported_by_name_is_listed() -> None:
    found = {
        name
        for name in named()
        if not name.startswith("comptoir") and name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert {"serial", "usb.core", "zeroconf.asyncio"} <= found, "they are found"
    assert found - listed() == set()


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.2.3", (1, 2, 3, 0)), ("1.2", (1, 2, 0, 0)), ("1.2.0rc1", (1, 2, 0, 0)), ("1.2.3.4.5", (1, 2, 3, 4))],
)
def test_windows_has_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert loaded().numbers(version) == numbers


def test_it_is_the_package_s_version() -> None:
    from comptoir import __version__  # noqa: PLC0415 - what is tried reads it without

    assert loaded().version() == __version__


def test_checksums_are_as_others_read_them(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"")
    loaded().checksums(tmp_path / "SHA256SUMS", [tmp_path / "a.exe"])
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert (tmp_path / "SHA256SUMS").read_bytes() == f"{empty}  a.exe\n".encode()


def test_catalogues_are_compiled(tmp_path: Path) -> None:
    loaded().prepare(tmp_path / "made", "1.2.3")
    made = {path.relative_to(tmp_path / "made" / "mo").as_posix() for path in (tmp_path / "made" / "mo").rglob("*.mo")}
    assert made == {path.relative_to(SRC.parent).with_suffix(".mo").as_posix() for path in SRC.rglob("*.po")}
    assert "(1, 2, 3, 0)" in (tmp_path / "made" / "version.txt").read_text("utf-8")
