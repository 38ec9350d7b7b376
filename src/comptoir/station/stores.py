"""Where a system and its browsers keep the authorities that they trust, and what puts ours there. Plans only.

Sources: update-ca-certificates(8), update-ca-trust(8), security(1) of macOS, certutil of Windows, certutil(1) of NSS.
Chromium and Firefox on Linux look into databases of NSS, one a user or profile; elsewhere they believe the system.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

#: a user's folders, from the home on: what they belong to → where the databases are. * stands for one name
_DATABASES: Final = (
    ("Chromium", ".pki/nssdb"),
    ("Chromium (XDG)", ".local/share/pki/nssdb"),
    ("Chromium (snap)", "snap/chromium/current/.pki/nssdb"),
    ("Chromium (Flatpak)", ".var/app/org.chromium.Chromium/.pki/nssdb"),
    ("Chrome (Flatpak)", ".var/app/com.google.Chrome/.pki/nssdb"),
    ("Firefox", ".mozilla/firefox/*"),
    ("Firefox", ".config/mozilla/firefox/*"),
    ("Firefox (snap)", "snap/firefox/common/.mozilla/firefox/*"),
    ("Firefox (Flatpak)", ".var/app/org.mozilla.firefox/.mozilla/firefox/*"),
)
#: the file that makes a folder a database
_DATABASE: Final = "cert9.db"


@dataclass(frozen=True, slots=True)
class Folders:
    """How one family of Linux does it: where authorities are put, what takes them in, and where they are then."""

    name: str
    anchors: str
    update: tuple[str, ...]
    bundle: str


#: the first one whose folder and command are there
FAMILIES: Final = (
    Folders("Debian, Ubuntu", "/usr/local/share/ca-certificates", ("update-ca-certificates",),
            "/etc/ssl/certs/ca-certificates.crt"),
    Folders("Fedora, Red Hat", "/etc/pki/ca-trust/source/anchors", ("update-ca-trust", "extract"),
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
    Folders("openSUSE", "/etc/pki/trust/anchors", ("update-ca-certificates",), "/etc/ssl/ca-bundle.pem"),
    Folders("Arch", "/etc/ca-certificates/trust-source/anchors", ("update-ca-trust", "extract"),
            "/etc/ssl/certs/ca-certificates.crt"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authority:
    """What is to be trusted: its file, and what it is called in stores that have names (which are unique)."""

    path: Path
    #: SHA-256 and SHA-1 in hexadecimal, without colons
    sha256: str
    sha1: str

    @property
    def nickname(self) -> str:
        return f"Comptoir {self.sha256[:12]}"

    @property
    def file_name(self) -> str:
        """update-ca-certificates takes no file that ends otherwise."""
        return f"comptoir-{self.sha256[:12]}.crt"


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run. `user`: as whom, "" as oneself; `reads`: it gets the authority on standard input."""

    words: tuple[str, ...]
    user: str = ""
    reads: Path | None = None

    def line(self, sudo: bool) -> str:
        """As a person types it; `sudo`: who has no rights of their own."""
        words = shlex.join(self.words)
        if self.user:
            words = f"sudo -u {shlex.quote(self.user)} {words}"
        elif sudo:
            words = f"sudo {words}"
        if self.reads is None:
            return words
        path = shlex.quote(str(self.reads))
        return f"sudo cat {path} | {words}" if self.user else f"{words} < {path}"


@dataclass(frozen=True, slots=True)
class Store:
    """One place. `check`: what tells whether the authority is there: a command, or a file that holds it then.

    `needs_root`: only an administrator may change it. `tool`: the program without which nothing can be said of it.
    """

    name: str
    install: tuple[Command, ...]
    remove: tuple[Command, ...]
    check: Command | Path
    needs_root: bool = False
    tool: str = ""
    #: in a database of NSS, the name under which `check` lists it
    nickname: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """A user and their folder. `other`: not the one who runs this; `sits_here`: the one who does, or asked for it."""

    user: str
    folder: Path
    other: bool = False
    sits_here: bool = True


def linux(authority: Authority, tools: Iterable[str], root: Path = Path("/")) -> list[Store]:
    """The system's own store, where its family is known. `root` stands for / in tests."""
    for family in FAMILIES:
        if family.update[0] not in tools or not (root / family.anchors[1:]).is_dir():
            continue
        target = str(PurePosixPath(family.anchors) / authority.file_name)
        update = Command(family.update)
        return [
            Store(
                family.name,
                (Command(("install", "-m", "644", str(authority.path), target)), update),
                (Command(("rm", "-f", target)), update),
                root / family.bundle[1:],
                needs_root=True,
            )
        ]
    return []


def macos(authority: Authority) -> list[Store]:
    keychain, path = "/Library/Keychains/System.keychain", str(authority.path)
    add = ("security", "add-trusted-cert", "-d", "-r", "trustRoot", "-k", keychain, path)
    remove = (("remove-trusted-cert", "-d", path), ("delete-certificate", "-Z", authority.sha1, keychain))
    check = Command(("security", "verify-cert", "-L", "-l", "-c", path))
    return [
        Store(
            "macOS", (Command(add),), tuple(Command(("security", *words)) for words in remove), check, True, "security"
        )
    ]


def windows(authority: Authority, administrator: bool) -> list[Store]:
    """The machine's store for an administrator; else the user's own, for which Windows asks the user."""
    whose = () if administrator else ("-user",)
    add, delete = (
        (*whose, "-addstore", "-f", "Root", str(authority.path)),
        (*whose, "-delstore", "Root", authority.sha1),
    )
    return [
        Store(
            "Windows",
            (Command(("certutil", *add)),),
            (Command(("certutil", *delete)),),
            Command(("certutil", *whose, "-store", "Root", authority.sha1)),
            tool="certutil",
        )
    ]


def browsers(authority: Authority, home: Home, installed: bool = False) -> list[Store]:
    """The databases of NSS in a home. `installed`: Chromium or Chrome is, so that it gets one where it has none yet."""
    found = {}
    for what, pattern in _DATABASES:
        for folder in sorted(home.folder.glob(pattern)):
            if (folder / _DATABASE).is_file():
                found[folder] = f"{what} {folder.name}" if pattern.endswith("*") else what
    stores = [_database(authority, home, folder, name) for folder, name in found.items()]
    if installed and home.sits_here and not any(name.startswith("Chromium") for name in found.values()):
        folder = home.folder / ".pki/nssdb"
        user = home.user if home.other else ""
        make = (
            Command(("mkdir", "-p", str(folder)), user),
            Command(("certutil", "-N", "-d", f"sql:{folder}", "--empty-password"), user),
        )
        stores.insert(0, _database(authority, home, folder, "Chromium", make))
    return stores


def _database(authority: Authority, home: Home, folder: Path, name: str, make: tuple[Command, ...] = ()) -> Store:
    where, called = ("-d", f"sql:{folder}"), ("-n", authority.nickname)
    user = home.user if home.other else ""
    add = Command(("certutil", "-A", *where, *called, "-t", "C,,"), user, authority.path)
    return Store(
        f"{name}, {home.user}",
        (*make, add),
        (Command(("certutil", "-D", *where, *called), user),),
        Command(("certutil", "-L", *where), user),
        tool="certutil",
        nickname=authority.nickname,
    )


def is_trusted(listing: str, nickname: str) -> bool:
    """Whether `certutil -L` lists this name as an authority for servers: C in the first of the three flags."""
    found = re.search(rf"^{re.escape(nickname)} +([a-zA-Z]*),[a-zA-Z]*,[a-zA-Z]*\s*$", listing, re.MULTILINE)
    return found is not None and "C" in found[1]


def holds(bundle: str, authority: str) -> bool:
    """Whether a file of many certificates in PEM holds this one, however its lines are broken."""
    return bool(wanted := _body(authority)) and wanted in {_body(part) for part in bundle.split(_END)}


_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def _body(pem: str) -> str:
    _, begins, rest = pem.partition(_BEGIN)
    return "".join(rest.partition(_END)[0].split()) if begins else ""
