"""Epson's ePOS-Print XML (`wire.epos`) as pages: what a till sends that speaks to an Epson printer over HTTP.

    <epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print">
      <text align="center">Hello&#10;</text><cut type="feed"/>
    </epos-print>

What has no counterpart here (a logo in the printer's memory, a PDF417) is not on the paper and is named in the page's
`left_out`; it is no error, because a receipt without its logo is better than none. Drawers open elsewhere: a pulse is
nothing on paper. Source: Epson, ePOS-Print XML User's Manual (M00048218).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from comptoir.core.errors import FormatError
from comptoir.core.page import Media, Page
from comptoir.formats.epos.layout import Layout
from comptoir.formats.marks import marked

Draw = Callable[[bytes, Media], Sequence[Page]]
"""What bytes of ESC/POS look like on this paper: a page for each cut. Formats know no printer language, so it is given
to them."""


def read(content: bytes, media: Media, attributes: Mapping[str, str], draw: Draw | None = None) -> Sequence[Page]:
    """A page for each cut; what comes after the last one is not cut off.

    `draw`: shows the bytes of a <command>; without it they are left out. Raises FormatError for what is no such XML,
    and for more paper than anybody wants.
    """
    layout = Layout(media, None if draw is None else lambda data: draw(data, media))
    for element in _document(content):
        layout.add(element)
    return marked(layout.finish(), attributes)


def _document(content: bytes) -> Element:
    """The <epos-print>, with or without an envelope around it."""
    try:
        root = fromstring(content.lstrip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise FormatError(f"The document is no XML that can be read: {error}.", _HINT) from None
    found = next((one for one in root.iter() if one.tag.rpartition("}")[2] == "epos-print"), None)
    if found is None:
        raise FormatError("The XML has no element <epos-print>.", _HINT)
    return found


_HINT = 'Send <epos-print><text>Hello&#10;</text><cut type="feed"/></epos-print>.'
