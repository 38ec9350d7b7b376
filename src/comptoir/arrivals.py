"""The configuration of sources: one struct a kind, told apart by `kind`. Values only, as in `config.py`.

Who makes a source of one, and when, is the station's business.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^(?!\.{1,2}\Z)[^\x00-\x1f/\\]+\Z")]
Port = Annotated[int, Meta(ge=0, le=65535)]


class FolderSourceConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="folder"
):
    """A folder whose files are taken."""

    name: Name
    path: Annotated[str, Meta(min_length=1)]
    match: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    recursive: bool = False
    #: what becomes of files that are there already at the start
    existing: Literal["take", "ignore"] = "take"
    #: how long a file must be unchanged, and how often the folder is looked through
    quiet: str = "2 s"
    scan: str = "30 s"
    #: a file each, or a new directory with all its files as one unit
    lot: Literal["file", "directory"] = "file"
    #: a file whose appearance says that another is complete: {file}.ok beside each; a plain name closes its directory
    marker: str = ""
    #: whether a content that came before is delivered once, or again under its new name
    duplicates: Literal["once", "again"] = "again"
    #: how new files are noticed between two scans; auto: events where the system has them, else only scans
    watch: Literal["auto", "events", "poll"] = "auto"


class IppPrinterSourceConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="ipp_printer"
):
    """A printer that any computer can add, at ipp://HOST:PORT/ipp/print: what is printed on it is taken."""

    name: Name
    host: str = "127.0.0.1"
    port: Port = 22631
    #: what people read when they choose a printer; "": its name
    description: str = ""
    location: str = ""
    #: what it says that it can
    paper: Literal["A4", "Letter"] = "A4"
    color: bool = True
    duplex: bool = True
    #: whether it tells the local network that it is there (DNS-SD); never on loopback
    announce: bool = False
    tls: Literal["optional", "required", "never"] = "optional"
    #: who may print: user of HTTP's basic authentication, and the file with the password; "": everybody who reaches it
    user: str = ""
    password_file: str = ""
    #: larger documents are refused; "": no bound
    largest: str = "1 GB"


class Port9100SourceConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="port9100"
):
    """A port that takes bytes as a network printer does: for tills and programs that print to an IP address."""

    name: Name
    host: str = "127.0.0.1"
    port: Port = 22910
    #: how long a connection that stays open is silent between two documents; "": a document ends with its connection
    idle: str = "5 s"
    #: whether questions are put to the printer of its route, and the answers passed back
    replies: bool = True
    largest: str = "1 GB"


class LpdSourceConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="lpd"
):
    """A line printer daemon (RFC 1179): any queue's name is taken."""

    name: Name
    host: str = "127.0.0.1"
    port: Port = 22515
    largest: str = "1 GB"


class CupsSourceConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="cups"
):
    """Queues of CUPS that print elsewhere: what they have printed is fetched from CUPS."""

    name: Name
    #: a socket's path, or HOST:PORT
    server: str = "/run/cups/cups.sock"
    #: names of queues, shell patterns
    queues: tuple[str, ...] = ("*",)
    #: how often it is asked, besides its own notifications
    scan: str = "1 min"


class CupsBackendSourceConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="cups_backend"
):
    """What the CUPS backend `comptoir:` has put on disk: see `comptoir capture install`."""

    name: Name
    spool: str = "/var/spool/comptoir"


class WinspoolSourceConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="winspool"
):
    """The queues of this computer's Windows spooler."""

    name: Name
    #: names of printers, shell patterns
    printers: tuple[str, ...] = ("*",)
    ignore: tuple[str, ...] = ()
    scan: str = "10 s"


SourceConfig = (
    FolderSourceConfig
    | IppPrinterSourceConfig
    | Port9100SourceConfig
    | LpdSourceConfig
    | CupsSourceConfig
    | CupsBackendSourceConfig
    | WinspoolSourceConfig
)
