"""The forms of sources that capture prints: what each kind is called and for, its fields from its struct."""

from __future__ import annotations

from typing import Final, get_args

import msgspec

from comptoir.arrivals import FolderSourceConfig, SourceConfig
from comptoir.web.locale import msgid
from comptoir.web.pages.config.struct_fields import Labels, StructForm

#: kind → its struct, in the order of the page; folders have a page of their own
STRUCTS: Final[dict[str, type[msgspec.Struct]]] = {
    str(struct.__struct_config__.tag): struct for struct in get_args(SourceConfig) if struct is not FolderSourceConfig
}

#: kind → what people call it, and what it is for
KINDS: Final[dict[str, tuple[str, str]]] = {
    "ipp_printer": (
        msgid("Printer for computers"),
        msgid("A printer that any computer adds without a driver: what is printed on it is kept and goes on."),
    ),
    "port9100": (
        msgid("Port of a network printer"),
        msgid("For tills and programs that print to the address of a printer."),
    ),
    "lpd": (msgid("LPD printer"), msgid("For systems that print by LPR.")),
    "cups": (
        msgid("Queues of CUPS"),
        msgid("What the queues of this computer have printed is fetched from CUPS afterwards."),
    ),
    "cups_backend": (
        msgid("Queues of CUPS, on their way to the printer"),
        msgid("After “comptoir capture install”: nothing of these queues is printed that is not kept."),
    ),
    "winspool": (msgid("Printers of Windows"), msgid("What goes through the Windows spooler of this computer.")),
}

_PATTERNS: Final = msgid("One name a line; * stands for anything.")

LABELS: Final[Labels] = {
    "name": (msgid("Name"), msgid("What routes and lists call it: for instance “audit”.")),
    "host": (
        msgid("Address at which it listens"),
        msgid("127.0.0.1: for this computer only. 0.0.0.0: for the local network."),
    ),
    "port": (msgid("Port"), ""),
    "largest": (msgid("Largest document"), msgid("A larger one is refused. Empty: no bound.")),
    "scan": (msgid("Looked at every"), msgid("Where the system tells of prints, this only finds what it has missed.")),
    "ipp_printer.description": (
        msgid("What people read when they choose a printer"),
        msgid("Empty: its name."),
    ),
    "ipp_printer.location": (msgid("Where it stands"), ""),
    "ipp_printer.paper": (msgid("Paper"), ""),
    "ipp_printer.color": (msgid("It says that it prints colours"), ""),
    "ipp_printer.duplex": (msgid("It says that it prints on both sides"), ""),
    "ipp_printer.announce": (
        msgid("Computers and phones of the local network find it by themselves"),
        msgid("Only where it listens for the network."),
    ),
    "ipp_printer.tls": (
        msgid("Protection of the connection"),
        msgid("optional: with and without TLS. required: only with it. never: only without."),
    ),
    "ipp_printer.user": (msgid("User name"), msgid("Empty: everybody who reaches it may print.")),
    "ipp_printer.password_file": (msgid("Password"), ""),
    "port9100.idle": (
        msgid("Silence after which a document is over"),
        msgid("On a connection that stays open. Empty: a document ends with its connection."),
    ),
    "port9100.replies": (
        msgid("Questions are answered by the printer of its route"),
        msgid("Tills ask whether there is paper: the real printer’s answer is passed back."),
    ),
    "cups.server": (msgid("CUPS"), msgid("The path of its socket, or HOST:PORT.")),
    "cups.queues": (msgid("Which queues"), _PATTERNS),
    "cups_backend.spool": (
        msgid("Folder in which the prints lie"),
        msgid("As “comptoir capture install” has said it."),
    ),
    "winspool.printers": (msgid("Which printers"), _PATTERNS),
    "winspool.ignore": (msgid("Which printers not"), _PATTERNS),
}

#: kind → fields that stand above although they need not be filled in, in their order
SUGGESTED: Final[dict[str, tuple[str, ...]]] = {
    "ipp_printer": ("description", "host", "port", "announce"),
    "port9100": ("host", "port"),
    "lpd": ("host", "port"),
    "cups": ("queues",),
    "cups_backend": ("spool",),
    "winspool": ("printers", "ignore"),
}


def form_of_kind(kind: str) -> StructForm:
    """The form of a kind of source."""
    return StructForm(kind, STRUCTS[kind], LABELS, SUGGESTED.get(kind, ()))
