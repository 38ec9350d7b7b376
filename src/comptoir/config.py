"""The configuration as frozen values: what can be set, and what holds where nothing is set.

How a file and the environment become these values is `config_file.py`; what types cannot say of them,
`config_check.py`; who uses a value, and when, is decided elsewhere. Keys that later versions know are refused, so that
a typing error is never a setting that silently does nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
import platformdirs
from msgspec import Meta

from comptoir.arrivals import FolderSourceConfig, SourceConfig
from comptoir.core import sheet
from comptoir.core.names import safe_name
from comptoir.core.profile import Cut, Kanji
from comptoir.core.units import duration
from comptoir.destinations import DestinationConfig

#: what a name is made of: it is a folder's name too, so it must not lead elsewhere
_NAME: Final = r"^(?!\.{1,2}\Z)[^\x00-\x1f/\\]+\Z"

#: a time of the day
CLOCK_TIME: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"

Port = Annotated[int, Meta(ge=0, le=65535)]
Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=_NAME)]


class StationConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The service beside the printers."""

    name: Name = "caisse-1"
    host: str = "127.0.0.1"
    port: Port = 22548
    allowed_origins: tuple[str, ...] = ()
    #: names under which it may be called, besides this machine's own
    allowed_hosts: tuple[str, ...] = ()
    #: other machines that may print and open drawers without signing in: addresses, or networks as 192.168.1.0/24
    allowed_addresses: tuple[str, ...] = ()
    #: whether the log may be read without signing in
    network_logs: bool = False
    #: PEM files, relative to the data folder: a certificate of one's own instead of the local authority's
    certificate: str = ""
    private_key: str = ""


class LogConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The log that people read; the journal is something else."""

    #: how long the files of earlier days are kept
    keep: str = "30 days"


class DialectConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A language that tills speak over HTTP: whether it is answered, and which printer it means ("" = the first)."""

    enabled: bool = True
    printer: str = ""


class TillConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The earlier till service's addresses."""

    enabled: bool = True
    #: whether a page that cannot say whose it is may open the drawer by the bare GET, where the browser asks people
    #: before a site reaches this machine: the earlier module on an Odoo over HTTPS
    unnamed: bool = False
    #: the folder source that /invoice-printer/… speaks of; "": the first one
    invoices: str = ""


class HubConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The server that web sites post to."""

    host: str = "127.0.0.1"
    port: Port = 22549
    database: str = ""
    bus: str = ""
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    #: requests a second that one caller may make, and how many at once before that counts; without it, callers on
    #: this machine are not limited and others may make 100
    rate: Annotated[float, Meta(gt=0, le=1_000_000)] | None = None
    burst: Annotated[int, Meta(ge=1, le=1_000_000)] = 200


class RelayConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The station's link to its hub; an empty url: none."""

    url: str = ""
    token_file: str = ""


class PrinterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One printer: a language and a device. The first one is the default."""

    name: Name
    device: str
    #: "": the one that its model speaks
    language: str = ""
    #: the model, as in docs/printers.md; what follows overrides what it says
    profile: str = ""
    expires: str = ""
    #: auto: ask the printer for its state; never: for models that choke on it
    status: Literal["auto", "never"] = "auto"
    #: keep: stay connected, so that its state is known; release: other computers print on it, too
    connection: Literal["keep", "release"] = "keep"
    #: auto: the strongest confirmation that it is known to give
    confirm: Literal["auto", "process-id", "counter", "in-order", "none"] = "auto"
    columns: Annotated[int, Meta(ge=16, le=128)] | None = None
    dots: Annotated[int, Meta(ge=128, le=2048)] | None = None
    #: slot of the printer → codec of Python, in the order in which they are tried: { 19 = "cp858", 16 = "cp1252" }
    code_pages: dict[str, str] | None = None
    kanji: Kanji | None = None
    cut: Cut | None = None
    #: rows of a picture in one command
    strip: Annotated[int, Meta(ge=8, le=2048)] | None = None
    buzzer: bool | None = None
    #: what lies in it, and dots an inch: for printers of whole sheets; what an IPP printer says itself where not given
    paper: Literal["", "A4", "Letter", "Legal", "A3", "A5", "Executive"] = ""
    resolution: Literal[300, 600] | None = None

    def expires_ms(self) -> int | None:
        return duration(self.expires)

    @property
    def prints_itself(self) -> bool:
        """Whether it is asked by IPP to print a document, rather than sent what moves its head."""
        return self.device.partition(":")[0] in ("ipp", "ipps", "cups")

    @property
    def prints_sheets(self) -> bool:
        """Whether it is an office printer: no columns, no drawer."""
        return self.prints_itself or self.drawn_by_driver or self.language in sheet.LANGUAGES

    @property
    def drawn_by_driver(self) -> bool:
        """Whether its driver on Windows draws what it prints."""
        return self.language == sheet.DRIVER


class DrawerConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The cash drawer: the printer that it hangs on ("" = the first), and its pulse."""

    printer: str = ""
    pin: Literal[2, 5] = 2
    on: str = "50 ms"
    off: str = "500 ms"
    #: hexadecimal: the bytes to send instead
    pulse: str = ""
    #: the level of its sensor when it is open; auto: as learned on the printers page
    sensor: Literal["auto", "none", "high", "low"] = "auto"


class RouteConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Documents of a source that go to these destinations."""

    source: Annotated[str, Meta(min_length=1)] = msgspec.field(name="from")
    to: tuple[str, ...] = ()
    match: tuple[str, ...] = ("*",)
    #: media types, told by the content: application/pdf, image/*
    types: tuple[str, ...] = ()
    #: directories below the source's folder: 2026/*; "" for the folder itself
    folder: tuple[str, ...] = ()
    #: bounds of the size: 10 kB, 2 MB
    larger: str = ""
    smaller: str = ""
    #: the name of the documents there, a template: {folder}_{name}_{date}{ext}
    name: str = ""
    #: how these documents are read, where the sender has not said it
    format: Literal["", "message", "text", "ticket", "image", "pdf", "epos", "raw"] = ""
    #: how long its documents stay in the archive; "": until their jobs are done
    keep: str = ""
    #: from when that is counted: when it came, the business date that it belongs to, the end of that date's year
    keep_from: Literal["received", "business-date", "year-end"] = "received"
    #: legal hold: nothing of it is eliminated as long as this is set
    hold: bool = False
    #: what becomes of the original once every destination has it: keep, delete, move:DIR
    original: Annotated[str, Meta(pattern=r"^(keep|delete|move:.+)\Z")] = "keep"
    #: how long it stays there then
    original_after: str = ""
    #: on paper: copies, sides, tray and scale, where the sender has not said them
    copies: Annotated[int, Meta(ge=1, le=99)] = 1
    sides: Literal["", "one-sided", "two-sided-long-edge", "two-sided-short-edge"] = ""
    tray: str = ""
    scale: Literal["", "auto", "fit", "fill", "none"] = ""
    #: the printer that takes over when the first one has certainly not printed for so long
    fallback: str = ""
    fallback_after: str = "2 min"


class ArchiveConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The archive: what routes keep, to be found again."""

    #: when a business date begins: what is printed before belongs to the day before
    day_starts: Annotated[str, Meta(pattern=CLOCK_TIME)] = "06:00"
    #: whether pictures of text are read, where tesseract is installed
    ocr: Literal["auto", "never"] = "auto"
    #: its languages
    ocr_languages: str = "fra+eng"


class NightConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The night audit: the reports of a business date."""

    #: sources whose documents are its reports; (): all that capture prints
    sources: tuple[str, ...] = ()
    #: whether reports that came on most nights are expected, besides those that are written down
    learn: bool = True
    #: how many past nights are looked at for that
    nights: Annotated[int, Meta(ge=3, le=366)] = 28
    #: a destination that gets the night as one PDF, and when; "": nobody
    send_to: str = ""
    send_at: Annotated[str, Meta(pattern=CLOCK_TIME)] = "07:30"


class ReportConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A report that is expected every night."""

    #: what its titles are like: shell pattern, case and accents ignored
    title: Annotated[str, Meta(min_length=1)]
    #: what people call it; "": its title
    name: str = ""
    #: by when it is there; "": any time before the business date ends
    by: Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|)\Z")] = ""
    #: how many times it is printed
    copies: Annotated[int, Meta(ge=1, le=99)] = 1
    #: on which days; (): every day
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole configuration."""

    language: Literal["fr", "en"] = "fr"
    #: how long finished jobs are remembered; the journal's events stay
    retention: str = "90 days"
    station: StationConfig = StationConfig()
    hub: HubConfig = HubConfig()
    relay: RelayConfig = RelayConfig()
    printer: tuple[PrinterConfig, ...] = ()
    drawer: DrawerConfig = DrawerConfig()
    log: LogConfig = LogConfig()
    till: TillConfig = TillConfig()
    epos: DialectConfig = DialectConfig()
    hw_proxy: DialectConfig = DialectConfig()
    source: tuple[SourceConfig, ...] = ()
    destination: tuple[DestinationConfig, ...] = ()
    route: tuple[RouteConfig, ...] = ()
    archive: ArchiveConfig = ArchiveConfig()
    night: NightConfig = NightConfig()
    report: tuple[ReportConfig, ...] = ()

    @property
    def folders(self) -> tuple[FolderSourceConfig, ...]:
        """The sources that are watched folders."""
        return tuple(one for one in self.source if isinstance(one, FolderSourceConfig))


VIRTUAL = PrinterConfig(name="TICKET", device="virtual:")


def folder_name(name: str, windows: bool = os.name == "nt") -> str:
    """What the folder of a printer is called, as its system can have it: Windows has none called AUX, or “BAR.”."""
    return safe_name(name) if windows else name


def program_data(environ: Mapping[str, str]) -> Path:
    """Where Windows keeps what programs have for all users. A service may be started with hardly a variable."""
    told = environ.get("PROGRAMDATA") or environ.get("ALLUSERSPROFILE")
    return Path(told or rf"{environ.get('SYSTEMDRIVE') or 'C:'}\ProgramData")


def default_folder() -> Path:
    """The platform's folder for a service's data; a user's own where the service is not run by the system."""
    if sys.platform == "win32":
        folder = program_data(os.environ) / "Comptoir"
    elif os.geteuid() == 0:
        folder = Path("/var/lib/comptoir")
    else:
        folder = Path(platformdirs.user_data_dir("comptoir"))
    return folder
