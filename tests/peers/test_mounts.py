"""The mounts behave as the tests of shares and disks rely on."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest
from tests.peers.mounts import Disk, Share


def test_a_share_hangs_dies_and_comes_back(tmp_path: Path) -> None:
    with Share(tmp_path) as share:
        (share.behind / "a.pdf").write_bytes(b"a")
        assert os.listdir(share.path) == ["a.pdf"]

        share.hang()
        asker = subprocess.Popen(["ls", str(share.path / "a.pdf")], stdout=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            asker.wait(0.2)
        share.resume()
        assert asker.communicate()[0]

        share.die()
        with pytest.raises(OSError) as caught:  # noqa: PT011 - the number says which
            os.listdir(share.path)
        assert caught.value.errno == errno.ENOTCONN
        share.unmount()
        assert os.listdir(share.path) == []
        share.mount()
        assert os.listdir(share.path) == ["a.pdf"]


def test_a_disk_is_full_and_has_room_again(tmp_path: Path) -> None:
    with Disk(tmp_path / "disk", 1 << 20) as disk:
        disk.fill()
        with pytest.raises(OSError, match="No space"):
            (disk.path / "a.pdf").write_bytes(b"a" * 10_000)
        disk.empty()
        assert disk.free > 500_000
        (disk.path / "a.pdf").write_bytes(b"a" * 10_000)
