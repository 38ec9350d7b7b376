"""Paths and names as Windows writes them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.windows import paths
from comptoir.windows.paths import extended, plain, reachable


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (r"C:\Factures\in", r"\\?\C:\Factures\in"),
        ("C:/Users/Public", "\\\\?\\C:" + r"\Users\Public"),
        (r"\\SERVER\SHARE\in", r"\\?\UNC\SERVER\SHARE\in"),
        ("//SERVER/SHARE", r"\\?\UNC\SERVER\SHARE"),
        (r"\\?\C:\x", r"\\?\C:\x"),
        (r"\\.\pipe\x", r"\\.\pipe\x"),
        ("relative", "relative"),
    ],
)
def test_the_form_that_may_be_long(path: str, wanted: str) -> None:
    assert extended(path) == wanted
    assert extended(wanted) == wanted


@given(st.sampled_from(["C:\\", "\\\\srv\\share\\"]), st.text(st.characters(exclude_characters="/\\", codec="utf-8")))
def test_what_people_write_comes_back(root: str, rest: str) -> None:
    assert plain(extended(root + rest)) == root + rest


@pytest.mark.skipif(os.name == "nt", reason="elsewhere")
def test_elsewhere_a_path_is_as_long_as_it_is(tmp_path: Path) -> None:
    assert reachable(tmp_path) == tmp_path
    assert reachable(Path("relative")) == Path("relative")


@pytest.mark.skipif(sys.platform != "win32", reason="Windows alone")
def test_a_file_has_one_name(tmp_path: Path) -> None:
    (tmp_path / "Facture Été longue.PDF").touch()
    for spelt in (str(tmp_path / "facture été LONGUE.pdf"), extended(str(tmp_path / "FACTURE ÉTÉ LONGUE.PDF"))):
        assert paths.real_name(spelt) == "Facture Été longue.PDF"
    with pytest.raises(FileNotFoundError):
        paths.real_name(str(tmp_path / "none"))


@pytest.mark.skipif(sys.platform != "win32", reason="Windows alone")
def test_the_short_name_is_another_name_of_the_same_file(tmp_path: Path) -> None:
    import win32file  # noqa: PLC0415

    (tmp_path / "a long name with spaces.pdf").touch()
    short = win32file.FindFilesW(str(tmp_path / "a long*"))[0][9]
    if not short:
        pytest.skip("this disk has no short names")
    assert paths.real_name(str(tmp_path / short)) == "a long name with spaces.pdf"


def test_a_program_of_windows_is_not_looked_for_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netsh.exe").touch()
    monkeypatch.chdir(tmp_path)
    found = paths.system_program("netsh")
    assert paths.system_program(sys.executable) == sys.executable
    if sys.platform == "win32":
        assert Path(found).is_absolute()
        assert Path(found).parent != tmp_path
        assert Path(found).exists()
    else:
        assert found == "netsh"
