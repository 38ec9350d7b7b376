"""A printer's driver by GDI: its capabilities, its DEVMODE, a device context, dots drawn on it. It decides nothing.

Documented at learn.microsoft.com: DeviceCapabilities, DocumentProperties, CreateDC, StartDoc, StretchDIBits. By
pywin32, but for StretchDIBits, whose result it does not tell. Where a driver would ask a person, nobody is asked.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from comptoir.windows.dib import dib
from comptoir.windows.driver import Area, Band, Capabilities, Driver, Settings

#: bytes of a DEVMODEW before what the driver adds
_DEVMODE: Final = 220
#: dmFields
_ORIENTATION, _PAPER, _LENGTH, _WIDTH = 0x1, 0x2, 0x4, 0x8
_COPIES, _TRAY, _DUPLEX, _COLLATE, _FORM = 0x100, 0x200, 0x1000, 0x8000, 0x10000
_PORTRAIT: Final = 1
_GREY: Final = 1  # DMCOLOR_MONOCHROME
_ONE_SIDED: Final = 1
_OWN_SIZE: Final = 256  # DMPAPER_USER
_COLOR_ON_COLOR, _SRCCOPY = 3, 0x00CC0020
_GDI_ERROR: Final = 0xFFFFFFFF
#: SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX: no window waits for a click that nobody makes
_SILENT: Final = 0x1 | 0x2

if sys.platform == "win32":
    import pywintypes
    import win32con
    import win32gui
    import win32print

    class GdiDriver:
        """Implements driver.Driver."""

        def __init__(self) -> None:
            ctypes.WinDLL("kernel32").SetErrorMode(_SILENT)
            self._gdi32 = ctypes.WinDLL("gdi32", use_last_error=True)
            self._printer = ""
            self._handle: Any = None
            self._context = 0
            #: whether a document has begun, and a side of it
            self._document = self._side = False

        def look(self, printer: str) -> Capabilities:
            with _told():
                self._handle, self._printer = win32print.OpenPrinter(printer), printer
                known = win32print.GetPrinter(self._handle, 2)
                port = known["pPortName"]

                def ask(what: int) -> Any:
                    with suppress(pywintypes.error):  # what a driver does not know
                        return win32print.DeviceCapabilities(printer, port, what)
                    return 0

                sizes = ask(win32con.DC_PAPERSIZE) or ()
                return Capabilities(
                    papers=tuple(
                        (number, size["x"], size["y"])
                        for number, size in zip(ask(win32con.DC_PAPERS) or (), sizes, strict=False)
                    ),
                    bins=tuple(zip(ask(win32con.DC_BINS) or (), ask(win32con.DC_BINNAMES) or (), strict=False)),
                    two_sided=ask(win32con.DC_DUPLEX) == 1,
                    copies=max(1, ask(win32con.DC_COPIES)),
                    collates=ask(win32con.DC_COLLATE) == 1,
                    colour=ask(win32con.DC_COLORDEVICE) == 1,
                    port=port,
                    driver=known["pDriverName"],
                )

        def set(self, settings: Settings) -> Area:
            with _told():
                mode = self._mode(settings)
                self._let_go()
                self._context = win32gui.CreateDC("WINSPOOL", self._printer, mode)
                if not self._context:
                    raise OSError(0, "the driver gives nothing to draw on")
                ask = self._asked
                return Area(
                    width=ask(win32con.HORZRES),
                    height=ask(win32con.VERTRES),
                    dpi_x=ask(win32con.LOGPIXELSX),
                    dpi_y=ask(win32con.LOGPIXELSY),
                    paper_width=ask(win32con.PHYSICALWIDTH),
                    paper_height=ask(win32con.PHYSICALHEIGHT),
                    left=ask(win32con.PHYSICALOFFSETX),
                    top=ask(win32con.PHYSICALOFFSETY),
                    bits=ask(win32con.BITSPIXEL) * ask(win32con.PLANES),
                    colours=mode.Color != _GREY,
                    copies=mode.Copies if mode.Fields & _COPIES else 1,
                    two_sided=bool(mode.Fields & _DUPLEX) and mode.Duplex > _ONE_SIDED,
                )

        def begin(self, title: str) -> int:
            with _told():
                job = win32print.StartDoc(self._context, (title, None, None, 0))
            self._document = True
            return job

        def side(self) -> None:
            with _told():
                self._whole()
                win32print.StartPage(self._context)
                self._side = True
                win32gui.SetStretchBltMode(self._context, _COLOR_ON_COLOR)

        def band(self, band: Band, dots: bytes) -> None:
            header, bits = dib(band.ink, band.width, band.height, dots)
            handle = ctypes.c_void_p(self._context)
            place = (band.left, band.top, band.across, band.down)
            part = (band.first, 0, band.last - band.first, band.height)
            ctypes.set_last_error(0)
            rows = self._gdi32.StretchDIBits(handle, *place, *part, bits, header, 0, _SRCCOPY)
            if rows in (0, _GDI_ERROR, -1):
                number = ctypes.get_last_error()  # a driver need not set one
                raise ctypes.WinError(number) if number else OSError(0, "the driver takes no dots")

        def end(self) -> None:
            with _told():
                self._whole()
                win32print.EndDoc(self._context)
                self._document = False
            self._let_go()

        def abort(self) -> None:
            if self._document:
                self._document = False
                with suppress(pywintypes.error):
                    win32print.AbortDoc(self._context)
            self._let_go()

        def _mode(self, settings: Settings) -> Any:
            """The printer's own settings, with these over them, as the driver agrees to them."""
            ask: Any = win32print.DocumentProperties  # None is not in its stubs
            size = ask(0, self._handle, self._printer, None, None, 0)
            mode = pywintypes.DEVMODEType(max(0, size - _DEVMODE))
            ask(0, self._handle, self._printer, mode, None, win32con.DM_OUT_BUFFER)
            mode.Orientation, mode.Copies, mode.Collate = _PORTRAIT, settings.copies, int(settings.collate)
            fields = _ORIENTATION | _COPIES | _COLLATE
            if settings.sides:
                mode.Duplex, fields = settings.sides, fields | _DUPLEX
            if settings.tray:
                mode.DefaultSource, fields = settings.tray, fields | _TRAY
            if settings.paper:
                mode.PaperSize, fields = settings.paper, fields | _PAPER
            if settings.paper == _OWN_SIZE:
                mode.PaperWidth, mode.PaperLength = settings.width, settings.height
                fields |= _WIDTH | _LENGTH
            # With a size said otherwise, too, drivers differ in which of both they take.
            known = mode.Fields & ~(_WIDTH | _LENGTH | _FORM) if settings.paper else mode.Fields
            mode.Fields = known | fields
            ask(0, self._handle, self._printer, mode, mode, win32con.DM_OUT_BUFFER | win32con.DM_IN_BUFFER)
            return mode

        def _asked(self, what: int) -> int:
            return win32print.GetDeviceCaps(self._context, what)

        def _whole(self) -> None:
            """The side before, if there is one, is at its end."""
            if self._side:
                self._side = False
                win32print.EndPage(self._context)

        def _let_go(self) -> None:
            context, self._context, self._side = self._context, 0, False
            if context:
                with suppress(pywintypes.error):
                    win32gui.DeleteDC(context)

    @contextmanager
    def _told() -> Iterator[None]:
        """pywin32's errors are no OSErrors."""
        try:
            yield
        except pywintypes.error as error:
            raise OSError(error.winerror, error.strerror or error.funcname) from error


def this_computer() -> Driver:
    """The drivers of this computer. Raises OSError where this is no Windows."""
    if sys.platform == "win32":
        return GdiDriver()
    raise OSError("this is no Windows")
