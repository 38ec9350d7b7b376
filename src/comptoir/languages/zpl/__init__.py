"""ZPL II, the language of Zebra's label printers and of many that follow it: pages to labels, answers to facts.

encode     pages -> labels, laid out line by line
fields     one text, bar code or picture at a place of a label
replies    what the printer said
"""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.core.page import Encoded, Media, Page
from comptoir.core.profile import DEFAULT, Confirm, DrawerPulse, Profile
from comptoir.languages.zpl import encode, replies


class Zpl:
    """Implements core.ports.Language.

    It confirms nothing. ~HS tells how many formats wait and how many labels of a batch remain, but a printer obeys it
    as it arrives, ahead of the labels before it, and bears no number of ours: none of it says that this label is out.
    """

    #: every format begins with its own settings; to begin anew, ~JA would throw away what others have sent
    reset: bytes = b""
    confirms: Sequence[Confirm] = ()

    def __init__(self, profile: Profile = DEFAULT) -> None:
        self._profile = profile

    def encode(self, pages: Sequence[Page], media: Media) -> Encoded:
        """One job: a label for each page with a cut. Raises FormatError for what is wider or longer than a label."""
        return encode.encode(pages, media, self._profile)

    def recover(self) -> bytes:
        """Nothing: the next label's ^XA throws an unfinished one away."""
        return b""

    def ask_status(self) -> bytes:
        """~HS: three strings come back; none at all where paper or ribbon is out or the head open, on newer models."""
        return replies.ASK_STATUS

    def watch(self) -> bytes:
        """Nothing: alerts (^SX) would stay in the printer's settings."""
        return b""

    def ask_identity(self) -> bytes:
        """~HI: model and firmware."""
        return replies.ASK_IDENTITY

    def fence(self, confirm: Confirm, number: int) -> bytes:
        """Nothing: see above."""
        return b""

    def pulse(self, pulse: DrawerPulse) -> bytes:
        """Nothing: a label printer has no drawer, unless the configuration knows the command."""
        return pulse.command

    def listener(self) -> replies.Hearing:
        """A fresh reader for one connection."""
        return replies.Hearing()
