"""Which way of noticing suits which file system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.sources.folder.mount import has_no_drive, judged, mode_of, mounted

TABLE = (
    r"""
22 28 0:21 / /proc rw,nosuid - proc proc rw
28 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 28 0:40 / /srv/partage rw,relatime shared:7 master:1 - cifs //nas/partage rw,vers=3.1.1
41 40 0:41 / /srv/partage/deep rw - nfs4 nas:/deep rw
42 28 8:17 / /media/cl\303\251\040usb rw - vfat /dev/sdb1 rw
43 28 0:43 / /cover rw - tmpfs tmpfs rw
44 43 0:44 / /cover rw - fuse.sshfs host: rw
broken line
""".replace(r"\303\251", "é")
    .strip()
    .splitlines()
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/a", ("ext4", "253:0")),
        ("/srv/partage", ("cifs", "0:40")),
        ("/srv/partage/x", ("cifs", "0:40")),
        ("/srv/partage/deep/x", ("nfs4", "0:41")),
        ("/srv/partages", ("ext4", "253:0")),
        ("/media/clé usb/x", ("vfat", "8:17")),
        ("/cover/x", ("fuse.sshfs", "0:44")),
    ],
)
def test_the_file_system_of_a_path(path: str, kind: tuple[str, str]) -> None:
    assert mounted(TABLE, path) == kind


@pytest.mark.parametrize(
    ("kind", "removable", "mode", "inodes", "writers"),
    [
        ("ext4", False, "events", True, True),
        ("tmpfs", False, "events", True, True),
        ("ext4", True, "poll", True, True),
        ("vfat", True, "poll", False, True),
        ("cifs", False, "poll", False, False),
        ("nfs4", False, "poll", False, False),
        ("fuse.bindfs", False, "poll", False, False),
        ("fuseblk", False, "poll", False, False),
        ("9p", False, "poll", False, False),
        ("somethingfs", False, "poll", False, True),
        ("", False, "poll", False, True),
    ],
)
def test_how_a_file_system_is_watched(kind: str, removable: bool, mode: str, inodes: bool, writers: bool) -> None:
    said = judged(kind, removable)
    assert (said.mode, said.inodes, said.writers) == (mode, inodes and sys.platform != "win32", writers)
    assert (kind or "unknown") in said.why


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere there are no letters")
def test_the_disks_of_windows(tmp_path: Path) -> None:
    assert mode_of(tmp_path).mode == "events"
    assert mode_of(Path(r"\\server\share\in")).mode == "poll"
    letters = [f"{letter}:\\in" for letter in "DEFGHIJKLMNOPQRSTUVWXY"]
    assert any(has_no_drive(path) for path in letters)
    assert not has_no_drive(str(tmp_path))
    assert not has_no_drive(r"\\server\share\in")


@pytest.mark.skipif(sys.platform != "linux", reason="the table is Linux's")
def test_this_machine(tmp_path: Path) -> None:
    found = mode_of(tmp_path)
    assert found.why
    assert mode_of(tmp_path, "poll").mode == "poll"
    assert mode_of(tmp_path, "events").why == "as the settings say"
    assert mode_of(tmp_path / "not" / "there") == found


@given(st.lists(st.text()), st.text())
def test_any_table_is_read(lines: list[str], path: str) -> None:
    assert len(mounted(lines, path)) == 2
