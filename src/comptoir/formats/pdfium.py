"""PDFium for one document: open it, find where a page has content, draw a part of a page in greys.

It knows no paper and decides nothing; pdf.py does. PDFium is not thread-safe, not even for two documents, and formats
are called in threads: every call into it is made under one lock, which is given back after each page, so that a long
document of one printer does not hold up the others. All that belongs to PDFium is closed here and at once, never by the
garbage collector, which would do it in any thread without the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import PYFUNCTYPE, byref, c_int, c_uint, c_void_p, cast
from pathlib import Path
from threading import Lock
from typing import IO, Any, Final

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw

from comptoir.core.errors import FormatError
from comptoir.formats.dots import Greys
from comptoir.formats.frame import Box

_PDFIUM: Final = Lock()

#: PDFium tells places in whole dots of a page drawn at some size; it is asked for one of this many dots a point.
_FINE: Final = 16
#: A thousand bytes can claim an image of any size, and PDFium unpacks it whole: 180 MB in colours. A4 scanned at
#: 600 dpi has 35 million.
MAX_PIXELS: Final = 60_000_000
MAX_DEPTH: Final = 8  # forms in forms in which images are looked for
#: in a text: a glyph of which nobody can say what letter it is (`glyphs.py`)
NAMELESS: Final = "\N{REPLACEMENT CHARACTER}"
#: points; more than any paper, few enough to be counted in dots
LONGEST: Final = 100_000


class Document:
    """An open PDF. Raises FormatError where it is none, or wants a password. A file is read as far as it is needed."""

    def __init__(self, content: bytes | Path) -> None:
        with _PDFIUM:
            try:
                self._pdf = pypdfium2.PdfDocument(content)
            except pypdfium2.PdfiumError as error:
                raise _unreadable(error) from None
            try:
                # Before the first page is loaded, or what was filled into a form is not drawn.
                self._pdf.init_forms()
                self.pages = len(self._pdf)
            except pypdfium2.PdfiumError as error:
                self._pdf.close()
                raise _unreadable(error) from None

    @contextmanager
    def page(self, number: int) -> Iterator[Sheet]:
        """The page of this number, from 0. The lock is held until it is closed. Raises FormatError."""
        with _PDFIUM:
            try:
                page = self._pdf[number]
            except pypdfium2.PdfiumError as error:
                raise FormatError(f"Page {number + 1} of the PDF is damaged.", _AGAIN) from error
            try:
                sides = page.get_size()
                if not all(0 < side < LONGEST for side in sides):
                    raise FormatError(f"Page {number + 1} of the PDF has no possible size.", _AGAIN)
                yield Sheet(page, Box(0, 0, *sides), _objects(page))
            finally:
                page.close()

    def change(self, number: int, work: Callable[[Any, Any], None]) -> None:
        """Let `work` change the page of this number in memory: it is given PDFium's document and page."""
        with _PDFIUM:
            try:
                page = self._pdf[number]
            except pypdfium2.PdfiumError as error:
                raise FormatError(f"Page {number + 1} of the PDF is damaged.", _AGAIN) from error
            try:
                work(self._pdf, page)
            finally:
                page.close()

    def save(self, file: IO[bytes]) -> None:
        """Write the document with its changes, and without encryption. Raises FormatError."""
        with _PDFIUM:
            try:
                self._pdf.save(file, flags=raw.FPDF_REMOVE_SECURITY)
            except pypdfium2.PdfiumError as error:
                raise FormatError("The PDF cannot be written anew.", _AGAIN) from error

    def close(self) -> None:
        with _PDFIUM:
            self._pdf.close()


class Sheet:
    """A loaded page. It lives inside `Document.page` only."""

    def __init__(self, page: pypdfium2.PdfPage, whole: Box, objects: NDArray[np.float32]) -> None:
        self._page = page
        self.whole = whole
        self._objects = objects

    def content(self) -> Box | None:
        """Where the page has anything, by what its objects and annotations say; None where it has nothing.

        That may be too much (a white background counts) or, with a damaged font, too little. It costs a tenth of
        drawing the page, where drawing it small to look for ink costs half: letters are made anew for each size.
        """
        bounds = self._objects
        notes = [*_annotations(self._page)]
        if notes:
            bounds = np.concatenate((bounds, np.array(notes, dtype=np.float32)))
        bounds = bounds[np.isfinite(bounds).all(axis=1)]
        if not len(bounds):
            return None
        low_x, low_y = bounds[:, :2].min(axis=0).tolist()
        high_x, high_y = bounds[:, 2:].max(axis=0).tolist()
        return self._seen(low_x, low_y, high_x, high_y)

    def words(self, most: int) -> str:
        """The text of the page, at most so many letters, in the order in which it was written; empty where none is.

        What is no letter by the document's own tables is a space.
        """
        try:
            text = self._page.get_textpage()
        except pypdfium2.PdfiumError:
            return ""
        try:
            return str(text.get_text_range(0, min(text.count_chars(), most))).replace(NAMELESS, " ")
        except pypdfium2.PdfiumError:
            return ""
        finally:
            text.close()

    def drawn(self, part: Box, scale: float) -> Greys:
        """That part of the page in greys, `scale` dots a point; forms and annotations as they are to be printed."""
        greys: Greys = self._rendered(part, scale, grayscale=True)
        return greys.reshape(greys.shape[:2])

    def painted(self, part: Box, scale: float) -> NDArray[np.uint8]:
        """The same in colours: rows × dots × red, green, blue."""
        return self._rendered(part, scale, rev_byteorder=True)

    def _rendered(self, part: Box, scale: float, **how: bool) -> NDArray[np.uint8]:
        width, height = (-int(-side * scale // 1) for side in (self.whole.width, self.whole.height))
        left, top = min(round(part.left * scale), width - 1), min(round(part.top * scale), height - 1)
        right = min(width, left + max(1, round(part.width * scale)))
        bottom = min(height, top + max(1, round(part.height * scale)))
        try:
            bitmap = self._page.render(
                scale=scale,
                # In points, and rounded up to dots again: half a dot less is exactly the dot that is meant.
                crop=tuple((dots - 0.5) / scale for dots in (left, height - bottom, width - right, top)),
                optimize_mode="print",
                **how,
            )
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise FormatError("A page of the PDF cannot be drawn.", _AGAIN) from error
        try:
            dots: NDArray[np.uint8] = bitmap.to_numpy()
        finally:
            bitmap.close()  # its memory belongs to Python and stays with the array
        return dots

    def _seen(self, low_x: float, low_y: float, high_x: float, high_y: float) -> Box | None:
        """A box of the page's own coordinates as it is seen: rotated, cropped, from the upper edge down."""
        places = [self._place(x, y) for x, y in ((low_x, low_y), (high_x, high_y))]
        left, right = sorted(x for x, _ in places)
        top, bottom = sorted(y for _, y in places)
        box = Box(max(0, left), max(0, top), min(self.whole.right, right), min(self.whole.bottom, bottom))
        return box if box.width > 0 and box.height > 0 else None

    def _place(self, x: float, y: float) -> tuple[float, float]:
        width, height = round(self.whole.width * _FINE), round(self.whole.height * _FINE)
        across, down = c_int(), c_int()
        raw.FPDF_PageToDevice(self._page, 0, 0, width, height, 0, x, y, byref(across), byref(down))
        return across.value / _FINE, down.value / _FINE


_AGAIN: Final = "Open it in a PDF reader, print it to PDF again, and send that."


def _unreadable(error: pypdfium2.PdfiumError) -> FormatError:
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        return FormatError("The PDF wants a password.", "Save it without one and send that.")
    if error.err_code == raw.FPDF_ERR_SECURITY:
        return FormatError("The PDF is encrypted in a way that is not known here.", "Save it without a password.")
    return FormatError("The PDF cannot be read: it is damaged, cut short, or has no page.", _AGAIN)


def _objects(page: Any) -> NDArray[np.float32]:
    """Left, bottom, right, top of every object, a row each, in the page's own coordinates.

    Raises FormatError where an image on the page, or in a form on it, is too large to be unpacked.
    """
    handle = cast(page.raw, c_void_p).value
    count = raw.FPDFPage_CountObjects(page)
    bounds = np.full((max(count, 0), 4), np.nan, dtype=np.float32)
    place = bounds.ctypes.data
    holders = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    for index in range(count):
        thing = _object_of(handle, index)
        _bounds_of(thing, place, place + 4, place + 8, place + 12)
        place += 16
        if _type_of(thing) in holders:
            _check_image(cast(thing, raw.FPDF_PAGEOBJECT), 1)
    return bounds


#: The same functions as in `raw`, declared with plain addresses and without giving up the interpreter's lock: a page
#: has thousands of objects, and what ctypes does around each call would cost more than twice as much as the call.
_object_of: Final = cast(raw.FPDFPage_GetObject, PYFUNCTYPE(c_void_p, c_void_p, c_int))
_type_of: Final = cast(raw.FPDFPageObj_GetType, PYFUNCTYPE(c_int, c_void_p))
_bounds_of: Final = cast(raw.FPDFPageObj_GetBounds, PYFUNCTYPE(c_int, *[c_void_p] * 5))


def _check_image(thing: Any, depth: int) -> None:
    if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_IMAGE:
        width, height = c_uint(), c_uint()
        raw.FPDFImageObj_GetImagePixelSize(thing, byref(width), byref(height))
        if width.value * height.value > MAX_PIXELS:
            raise FormatError(f"An image in the PDF has more than {MAX_PIXELS // 1_000_000} million pixels.", _AGAIN)
    elif depth < MAX_DEPTH:
        for index in range(max(0, raw.FPDFFormObj_CountObjects(thing))):
            _check_image(raw.FPDFFormObj_GetObject(thing, index), depth + 1)


def _annotations(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """The same of every annotation and form field, except notes that are closed on paper."""
    rectangle = raw.FS_RECTF()
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            note = raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_POPUP
            if not note and raw.FPDFAnnot_GetRect(annotation, byref(rectangle)):
                yield rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
