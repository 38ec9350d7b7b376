r"""Who may read and change files on Windows, where the modes of POSIX say nothing: access control lists, set and read.

Below `C:\ProgramData` everybody may make folders, put files into those of others, and read them. What a service with
all rights finds in its folder it obeys: it takes none that is another person's, or leads elsewhere. Secrets are for
their owner. Elsewhere than on Windows these functions do nothing. Whom something belongs to is decided by who calls.
The lists are written in SDDL (Security Descriptor Definition Language).
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

#: rights by which a file is changed, or a folder, or who may change it: FILE_WRITE_DATA, FILE_APPEND_DATA,
#: FILE_DELETE_CHILD, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_ALL, GENERIC_WRITE (winnt.h)
CHANGING: Final = 0x2 | 0x4 | 0x40 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000
#: those by which it is read: FILE_READ_DATA, GENERIC_ALL, GENERIC_READ
READING: Final = 0x1 | 0x10000000 | 0x80000000
#: SYSTEM, Administrators, TrustedInstaller, CREATOR OWNER: who may do everything anyhow
TRUSTED: Final = frozenset(
    {
        "S-1-5-18",
        "S-1-5-32-544",
        "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
        "S-1-3-0",
    }
)
ADMINISTRATORS: Final = "S-1-5-32-544"
EVERYBODY: Final = "S-1-1-0"
#: FILE_FLAG_OPEN_REPARSE_POINT, of CreateFile
_THE_LINK_ITSELF: Final = 0x200000
#: of a reparse tag: what is there stands for something else (ntifs.h)
_SURROGATE: Final = 0x20000000


def folder_rights(account: str = "") -> str:
    """SDDL of a service's folder. Full access, inherited, for system and administrators, and for the account with this
    SID; ordinary users see that the folder is there and what it has, and can open nothing in it."""
    also = f"(A;OICI;FA;;;{account})" if account else ""
    return f"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA){also}(A;;0x1200a9;;;BU)"


def secret_rights(account: str, *, folder: bool) -> str:
    """SDDL of what only system, administrators and the account with this SID may open."""
    below = "OICI" if folder else ""
    return f"D:PAI(A;{below};FA;;;SY)(A;{below};FA;;;BA)(A;{below};FA;;;{account})"


def shared_rights(account: str = "") -> str:
    """SDDL of a file of a service's folder that ordinary users may read."""
    also = f"(A;;FA;;;{account})" if account else ""
    return f"D:PAI(A;;FA;;;SY)(A;;FA;;;BA){also}(A;;0x120089;;;BU)"


def protect_folder(folder: Path, account: str = "") -> None:
    """Make the folder, and take it and all that is in it into the hands of administrators and system; `account`, a
    name of Windows, may do everything too. What links in it lead to is left alone. Raises OSError, also for a folder
    that is a link, and for what is a stranger's: that is not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    if is_link(folder):
        raise OSError(errno.EINVAL, "it is a link", str(folder))
    if sys.platform == "win32":
        with _as_os_error(folder):
            _may_take()
            sid = _sid_of(account) if account else ""
            closed = _is_closed(folder, sid)
            if not closed and (found := stranger_in(folder, account)):
                raise PermissionError(errno.EPERM, found[1], str(found[0]))
            # First the folder itself: from then on nobody puts anything else into it.
            _give(folder, folder_rights(sid), ADMINISTRATORS)
            for path in _beneath(folder):
                if not closed and (why := _strange(path, sid)):
                    raise PermissionError(errno.EPERM, why, str(path))
                _give(path, "", ADMINISTRATORS)


def stranger_in(folder: Path, account: str = "") -> tuple[Path, str] | None:
    """What keeps `protect_folder` from taking a folder: this in it, or itself, and why. It is neither administrators',
    nor the system's, nor that of `account`, nor of who calls; or it is such a file by a second name. None where there
    is no such thing, or where nobody else could have put it there. Raises OSError."""
    if sys.platform == "win32" and folder.exists():
        with _as_os_error(folder):
            sid = _sid_of(account) if account else ""
            if not _is_closed(folder, sid):
                for path in (folder, *_beneath(folder, links=True)):
                    if why := _strange(path, sid):
                        return path, why
    return None


def is_link(path: Path) -> bool:
    """Whether it leads elsewhere: a symbolic link, a junction, a mounted disk. Raises OSError."""
    return _leads_elsewhere(path.lstat())


def protect_secret(path: Path) -> None:
    """Nobody may open this file or folder but system, administrators and who calls this. Raises OSError."""
    if sys.platform == "win32":
        with _as_os_error(path):
            _give(path, secret_rights(_caller(), folder=path.is_dir()))


def share(path: Path, account: str = "", *, own: bool = False) -> None:
    """Ordinary users may read this file of a service's folder; `own`: who calls may do everything. Raises OSError."""
    if sys.platform == "win32":
        with _as_os_error(path):
            _give(path, shared_rights(_caller() if own else _sid_of(account) if account else ""))


def copy_rights(source: Path, target: Path) -> None:
    """The file that is to take another one's place is for the same people. Raises OSError."""
    if sys.platform == "win32":
        import win32security  # noqa: PLC0415 - there is none elsewhere

        with _as_os_error(source):
            found = _read(source)
            kept = found.GetSecurityDescriptorControl()[0] & win32security.SE_DACL_PROTECTED
            _write(target, found.GetSecurityDescriptorDacl(), protected=bool(kept))


def others_who_may(path: Path, rights: int) -> tuple[str, ...]:
    """The names of those who have one of these rights (CHANGING, READING), besides those in TRUSTED and who calls.
    Raises OSError."""
    if sys.platform == "win32":
        with _as_os_error(path):
            own = TRUSTED | {_caller()}
            found = [sid for sid, mask in _allowed(path) if mask & rights and sid not in own]
            return tuple(dict.fromkeys(map(_name, found)))
    else:
        return ()


def _beneath(folder: Path, *, links: bool = False) -> Iterator[Path]:
    """All that is in the folder, with or without links, never what they lead to."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if _leads_elsewhere(entry.stat(follow_symlinks=False)):
                if links:
                    yield Path(entry.path)
                continue
            yield Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                yield from _beneath(Path(entry.path))


def _leads_elsewhere(found: os.stat_result) -> bool:
    """By IsReparseTagNameSurrogate: Windows tags files for other reasons, too, as that they are packed."""
    return stat.S_ISLNK(found.st_mode) or bool(getattr(found, "st_reparse_tag", 0) & _SURROGATE)


# -- pywin32 -----------------------------------------------------------------------------------------------------------

if sys.platform == "win32":
    import pywintypes
    import win32api
    import win32con
    import win32file
    import win32security

    @contextmanager
    def _as_os_error(path: Path) -> Iterator[None]:
        """What pywin32 raises is no OSError."""
        try:
            yield
        except pywintypes.error as error:
            raise OSError(0, error.strerror, str(path), error.winerror) from None

    def _may_take() -> None:
        """Administrators may take what a list keeps from them, where they ask for it."""
        wanted = win32con.TOKEN_QUERY | win32con.TOKEN_ADJUST_PRIVILEGES
        token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), wanted)
        here: Any = None  # this computer
        rights: Any = [
            (win32security.LookupPrivilegeValue(here, name), win32con.SE_PRIVILEGE_ENABLED)
            for name in (win32security.SE_TAKE_OWNERSHIP_NAME, win32security.SE_RESTORE_NAME)
        ]
        win32security.AdjustTokenPrivileges(token, False, rights)

    def _owner(path: Path) -> str:
        """Of a link, not of what it leads to."""
        flags = win32con.FILE_FLAG_BACKUP_SEMANTICS | _THE_LINK_ITSELF
        shared = win32con.FILE_SHARE_READ | win32con.FILE_SHARE_WRITE | win32con.FILE_SHARE_DELETE
        handle: Any = win32file.CreateFile(
            str(path), win32con.READ_CONTROL, shared, None, win32con.OPEN_EXISTING, flags, None
        )
        try:
            kind = win32security.OWNER_SECURITY_INFORMATION
            found = win32security.GetSecurityInfo(handle, win32security.SE_FILE_OBJECT, kind)
        finally:
            handle.Close()
        return str(win32security.ConvertSidToStringSid(found.GetSecurityDescriptorOwner()))

    def _own(account: str) -> frozenset[str]:
        """SIDs of those whose word the service may take."""
        return TRUSTED | {_caller(), account}

    def _is_closed(folder: Path, account: str) -> bool:
        """Nobody else puts anything there."""
        others = (sid for sid, mask in _allowed(folder) if mask & CHANGING and sid not in _own(account))
        return _owner(folder) in _own(account) and not any(others)

    def _strange(path: Path, account: str) -> str:
        """Why it is not to be taken; "": it may be."""
        if (owner := _owner(path)) not in _own(account):
            return f"it belongs to {_name(owner)}"
        found = path.lstat()
        # Somebody's second name for a file of the system, whose list it has.
        return "it is elsewhere, too" if stat.S_ISREG(found.st_mode) and found.st_nlink > 1 else ""

    def _give(path: Path, sddl: str, owner: str = "") -> None:
        """Set the list; "": what its folder hands down, and nothing else."""
        if sddl:
            entries = win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(
                sddl, win32security.SDDL_REVISION_1
            ).GetSecurityDescriptorDacl()
        else:
            entries = win32security.ACL()
        if owner:
            # First: who owns a file may take it back.
            sid = win32security.ConvertStringSidToSid(owner)
            kind = win32security.OWNER_SECURITY_INFORMATION
            win32security.SetNamedSecurityInfo(str(path), win32security.SE_FILE_OBJECT, kind, sid, None, None, None)
        _write(path, entries, protected=bool(sddl))

    def _write(path: Path, entries: Any, *, protected: bool) -> None:
        kind = win32security.DACL_SECURITY_INFORMATION | (
            win32security.PROTECTED_DACL_SECURITY_INFORMATION
            if protected
            else win32security.UNPROTECTED_DACL_SECURITY_INFORMATION
        )
        win32security.SetNamedSecurityInfo(str(path), win32security.SE_FILE_OBJECT, kind, None, None, entries, None)

    def _read(path: Path) -> Any:
        return win32security.GetNamedSecurityInfo(
            str(path), win32security.SE_FILE_OBJECT, win32security.DACL_SECURITY_INFORMATION
        )

    def _allowed(path: Path) -> list[tuple[str, int]]:
        """(SID, rights) of the entries that allow something of the file itself; no list at all: everybody all."""
        entries = _read(path).GetSecurityDescriptorDacl()
        if entries is None:
            return [(EVERYBODY, 0x1F01FF)]
        aces = [entries.GetAce(index) for index in range(entries.GetAceCount())]
        return [
            (win32security.ConvertSidToStringSid(ace[2]), ace[1])
            for ace in aces
            if ace[0][0] == win32security.ACCESS_ALLOWED_ACE_TYPE and not ace[0][1] & win32security.INHERIT_ONLY_ACE
        ]

    def _sid_of(account: str) -> str:
        account = account.removeprefix(".\\")  # the manager's way to say: of this computer
        return str(win32security.ConvertSidToStringSid(win32security.LookupAccountName(None, account)[0]))

    def _caller() -> str:
        token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32con.TOKEN_QUERY)
        return str(
            win32security.ConvertSidToStringSid(win32security.GetTokenInformation(token, win32security.TokenUser)[0])
        )

    def _name(sid: str) -> str:
        try:
            name, domain, _ = win32security.LookupAccountSid(None, win32security.ConvertStringSidToSid(sid))
        except pywintypes.error:
            return sid
        return f"{domain}\\{name}" if domain else str(name)
