"""What POSIX says of accounts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from comptoir.cli.service import accounts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="accounts of POSIX")


def test_root_is_known_and_nobody_of_that_name_is_not() -> None:
    assert accounts.is_known("root")
    assert not accounts.is_known("no-such-account-of-ours")


def test_who_runs_this() -> None:
    assert accounts.number() == os.geteuid()
    assert accounts.is_known(accounts.name())


def test_groups_that_there_are() -> None:
    import grp  # noqa: PLC0415 - not to be had on Windows

    there = grp.getgrgid(0).gr_name
    assert accounts.groups((there, "no-such-group-of-ours")) == (there,)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_is_given_and_not_what_links_lead_to(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    (folder / "station").mkdir(parents=True)
    (folder / "station" / "journal.db").write_text("")
    elsewhere.mkdir()
    (folder / "link").symlink_to(elsewhere)
    accounts.give(folder, "nobody")
    owners = {path.name: path.lstat().st_uid for path in (folder, *folder.rglob("*"))}
    assert set(owners.values()) == {folder.stat().st_uid}
    assert folder.stat().st_uid != 0
    assert elsewhere.stat().st_uid == 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
def test_nothing_is_given_that_the_account_slips_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the second installation it owns the folder already: a name of another's file, a link where a folder was."""
    folder, elsewhere = tmp_path / "data", tmp_path / "etc"
    (folder / "station").mkdir(parents=True)
    (folder / "station" / "shadow").write_text("")
    elsewhere.mkdir()
    for name in ("shadow", "passwd"):
        (elsewhere / name).write_text("")
    (folder / "x").hardlink_to(elsewhere / "passwd")
    walk = os.fwalk if hasattr(os, "fwalk") else os.walk

    def slips(*which: Any, **how: Any) -> Iterator[Any]:
        for found in walk(*which, **how):
            yield found
            if not (folder / "station").is_symlink():
                (folder / "station").rename(tmp_path / "away")
                (folder / "station").symlink_to(elsewhere)

    monkeypatch.setattr(os, "fwalk", slips)
    monkeypatch.setattr(os, "walk", slips)
    accounts.give(folder, "nobody")
    assert [path.stat().st_uid for path in sorted(elsewhere.iterdir())] == [0, 0]


def test_an_account_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        accounts.give(tmp_path, "no-such-account-of-ours")
