"""The accounts of POSIX systems, asked and given folders. On Windows there are none of this kind."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

if sys.platform == "win32":

    def number() -> int:
        return -1

    def name() -> str:
        return ""

    def is_known(account: str) -> bool:
        return False

    def groups(wanted: Sequence[str]) -> tuple[str, ...]:
        return ()

    def give(folder: Path, account: str) -> None:
        raise NotImplementedError

else:
    import grp
    import pwd

    def number() -> int:
        """Of who runs this; 0: the administrator."""
        return os.geteuid()

    def name() -> str:
        """Of who runs this; "" where the system has none for it."""
        try:
            return pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            return ""

    def is_known(account: str) -> bool:
        try:
            pwd.getpwnam(account)
        except KeyError:
            return False
        return True

    def groups(wanted: Sequence[str]) -> tuple[str, ...]:
        """Those of them that the system has."""
        known = {group.gr_name for group in grp.getgrall()}
        return tuple(group for group in wanted if group in known)

    def give(folder: Path, account: str) -> None:
        """The folder with all that is in it becomes the account's. Raises OSError, KeyError."""
        owner = pwd.getpwnam(account)
        # By open folders, not by paths: whoever owns one of them may make a link of it meanwhile, to anywhere.
        for _, folders, files, here in os.fwalk(folder, follow_symlinks=False):
            os.chown(here, owner.pw_uid, owner.pw_gid)
            for name in (*folders, *files):
                found = os.stat(name, dir_fd=here, follow_symlinks=False)
                # A second name for another's file; those of a service have one.
                if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
                    continue
                os.chown(name, owner.pw_uid, owner.pw_gid, dir_fd=here, follow_symlinks=False)
