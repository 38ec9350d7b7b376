"""Which way of noticing suits a folder: the system's events on local disks, looking again and again elsewhere.

A share, a FUSE mount and a stick tell nothing of what other machines write, or stop telling when they are taken away.
Said for people, too: the reason is shown.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from comptoir.windows.paths import plain

#: file systems on which every change passes this machine's kernel
LOCAL: Final = frozenset(
    {"ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "nilfs2", "bcachefs", "tmpfs", "ramfs",
     "overlay", "aufs", "ntfs3", "ntfs", "apfs", "hfs", "hfsplus", "ufs", "ecryptfs", "squashfs"}
)  # fmt: skip
NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afs", "afpfs", "ncpfs", "ceph", "glusterfs", "lustre", "davfs",
     "webdav", "9p", "virtiofs", "vboxsf", "prl_fs", "drvfs", "ocfs2", "gfs2", "beegfs"}
)  # fmt: skip
#: local, but a file has another inode whenever it is looked up anew
_NO_INODES: Final = frozenset({"vfat", "exfat", "msdos", "ntfs", "ntfs3"})


_MOUNTS: Final = "/proc/self/mountinfo"


@dataclass(frozen=True, slots=True)
class Mode:
    """How a folder is watched, and why, in a sentence. `inodes`: whether files keep their inode there.

    `writers`: whether the system knows of a file there who has it open for writing.
    """

    mode: Literal["events", "poll"]
    why: str
    inodes: bool
    writers: bool


def mode_of(path: Path, wished: Literal["auto", "events", "poll"] = "auto") -> Mode:
    """The mode for this folder. It blocks; one that cannot be judged is looked through again and again."""
    kind, removable = _file_system(path)
    found = judged(kind, removable)
    if wished == "auto":
        return found
    return Mode(wished, "as the settings say", found.inodes, found.writers)


def judged(kind: str, removable: bool) -> Mode:
    """The mode for a file system of this kind; "" for an unknown one."""
    if kind in NETWORK or kind.startswith("fuse"):
        return Mode("poll", f"a network or user file system ({kind}) does not tell of all changes", False, False)
    inodes = kind not in _NO_INODES and sys.platform != "win32"
    if removable:
        return Mode("poll", f"a removable disk ({kind or 'unknown'}) can be taken away", inodes, True)
    if kind in LOCAL:
        return Mode("events", f"a local disk ({kind}) tells of all changes", inodes, True)
    return Mode(
        "poll", f"it is not known whether this file system ({kind or 'unknown'}) tells of all changes", False, True
    )


def _file_system(path: Path) -> tuple[str, bool]:
    """(kind, whether it can be taken away) of the file system that holds this path."""
    if os.name == "nt":
        return _windows(plain(os.path.realpath(path)))
    if os.path.exists(_MOUNTS):
        lines = Path(_MOUNTS).read_text("utf-8", "surrogateescape").splitlines()
        kind, device = mounted(lines, os.path.realpath(path))
        return kind, _removable(device)
    # Elsewhere nothing of the standard library tells; on macOS, disks that come and go are mounted here.
    return ("", True) if os.path.realpath(path).startswith("/Volumes/") else ("apfs", False)


def mounted(lines: Iterable[str], path: str) -> tuple[str, str]:
    """(kind, MAJOR:MINOR) of the file system that a path is on, from /proc/self/mountinfo (proc(5)); ("", "") for none.

    The longest mount point wins, and of the same one the last, which covers the others.
    """
    best, found = -1, ("", "")
    for line in lines:
        fields = line.split(" ")
        if "-" not in fields[6:]:
            continue
        point = _unescaped(fields[4])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, found = len(point), (fields[fields.index("-", 6) + 1], fields[2])
    return found


def _unescaped(text: str) -> str:
    """A space, tab, newline or backslash stands there as three octal digits."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


def _removable(device: str) -> bool:
    """Whether the kernel says so of the disk; of a partition, the disk that it is on is asked."""
    block = Path("/sys/dev/block") / device
    for place in (block / "removable", block / ".." / "removable"):
        try:
            return place.read_text().strip() == "1"
        except OSError:
            continue
    return False


if sys.platform == "win32":

    def _windows(path: str) -> tuple[str, bool]:
        """GetDriveTypeW: 2 removable, 3 fixed, 4 remote, 5 optical, 6 in memory."""
        import ctypes  # noqa: PLC0415

        if path.startswith("\\\\"):
            return "smb3", False
        kind = ctypes.windll.kernel32.GetDriveTypeW(os.path.splitdrive(path)[0] + "\\")
        return {2: ("", True), 3: ("ntfs", False), 4: ("smb3", False), 6: ("ramfs", False)}.get(kind, ("", True))

    def has_no_drive(path: str) -> bool:
        """Whether no drive has the letter of this path, as far as this process can see. It asks no server."""
        import ctypes  # noqa: PLC0415

        drive = os.path.splitdrive(os.path.abspath(path))[0]
        return drive[1:] == ":" and ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == 1

else:

    def _windows(path: str) -> tuple[str, bool]:
        return "", False

    def has_no_drive(path: str) -> bool:
        """There are no letters."""
        return False
