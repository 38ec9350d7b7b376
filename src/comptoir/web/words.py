"""What is said to people: a sentence and a remedy for every reason, a word and a shape for every status, in any language.

Tables of message ids and the object that looks them up for one language. It knows no page and decides nothing; sentences
begin with %(printer)s or %(station)s so that one and the same sentence works with and without a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from gettext import NullTranslations
from typing import Final

from comptoir.core import job as core
from comptoir.core.errors import ComptoirError
from comptoir.core.job import Evidence
from comptoir.web.locale import msgid


@dataclass(frozen=True, slots=True)
class Word:
    """A status for people. `shape` is the id of an SVG symbol, `tone` the name of a colour."""

    word: str
    shape: str
    tone: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is the matter, what to do about it, and (`detail`) the words of the part that said so, as it said them."""

    what: str
    remedy: str = ""
    detail: str = ""


STATUSES: Final[dict[str, Word]] = {
    "queued": Word(msgid("Waiting"), "clock", "wait"),
    "sent": Word(msgid("Sent"), "arrow", "go"),
    "printed": Word(msgid("Printed"), "check", "done"),
    "failed": Word(msgid("Failed"), "cross", "bad"),
    "canceled": Word(msgid("Cancelled"), "dash", "off"),
    "expired": Word(msgid("Too late"), "hourglass", "off"),
    "unknown": Word(msgid("To check"), "question", "ask"),
}

REASONS: Final[dict[str, Sentence]] = {
    core.COMPLETED: Sentence(msgid("It is printed.")),
    core.CANCELED_BY_USER: Sentence(
        msgid("Cancelled before it was printed."), msgid("Nothing came out. Reprint it if it is wanted after all.")
    ),
    core.DOCUMENT_FORMAT_ERROR: Sentence(
        msgid("%(printer)s cannot print this kind of document."),
        msgid("Send it as text or as a picture (PNG, JPEG), or download it and print it another way."),
    ),
    core.NO_PAPER: Sentence(
        msgid("%(printer)s has no paper."),
        msgid("Put in a roll and close the cover: what waits is printed at once."),
    ),
    core.COVER_OPEN: Sentence(
        msgid("%(printer)s has its cover open."), msgid("Close the cover: what waits is printed at once.")
    ),
    core.PRINTER_OFFLINE: Sentence(
        msgid("%(printer)s is set to offline."),
        msgid("Press its feed or online button, and look whether a light blinks: what waits is printed afterwards."),
    ),
    core.OTHER_ERROR: Sentence(
        msgid("%(printer)s reports a fault."),
        msgid("Look at its lights or display; switch it off and on again if that does not tell more."),
    ),
    core.UNREACHABLE: Sentence(
        msgid("%(printer)s does not answer."),
        msgid("Is it switched on, is its cable plugged in, is its address right? It is tried again by itself."),
    ),
    core.OUTCOME_UNKNOWN: Sentence(
        msgid("It may have come out: look at the paper."),
        msgid("If it is there, say so. If it is not, reprint it; the copy says DUPLICATA. Nothing is done without you."),
    ),
    core.EXPIRED: Sentence(
        msgid("It was not printed in time, and will not come out any more."),
        msgid("If it is still needed, reprint it."),
    ),
    core.STATION_OFFLINE: Sentence(
        msgid("%(station)s is not linked."),
        msgid("Is the computer there switched on and connected to the network? What waits is printed on its return."),
    ),
    core.UNKNOWN_PRINTER: Sentence(
        msgid("There is no printer of this name."),
        msgid("Choose one of the printers of the station, or give a printer this name in its configuration."),
    ),
}  # fmt: skip

EVIDENCE: Final[dict[str, str]] = {
    "processed": msgid("The printer confirmed that all of it is printed."),
    "sent": msgid("All of it was taken; this printer cannot confirm more."),
    "person": msgid("Somebody saw the paper."),
}

#: Errors by their code, where their own words are not in the reader's language.
ERRORS: Final[dict[str, str]] = {
    "error": msgid("This did not work."),
    "config": msgid("The configuration cannot be used."),
    "bad-request": msgid("This cannot be done as it was asked."),
    "too-large": msgid("This document is too large."),
    "unknown-name": msgid("There is nothing of this name or number."),
    "key-conflict": msgid("This was sent before with another content."),
    "wrong-state": msgid("It is too late for this: the print has gone on in the meantime."),
    "not-allowed": msgid("This is not allowed."),
    "sign-in": msgid("Sign in first."),
    "too-many": msgid("Too many requests: wait a moment."),
    "format": msgid("This document cannot be read."),
    "journal": msgid("Nothing can be kept on disk at the moment, so nothing is accepted."),
    "delivery": msgid("It could not be delivered."),
}

#: Sentences that other parts say in English and that are known word for word.
KNOWN: Final = (
    msgid("Being sent."),
    msgid("The station has it."),
    msgid("The service stopped while this was being printed; it may have come out."),
    msgid("It was not printed in time, and will not be printed any more."),
    msgid("Given up by a person; it may have come out."),
    msgid("the printer says so itself"),
    msgid("the printer hung up while it printed"),
    msgid("the printer did not answer at the end"),
    msgid("the hub closed the link"),
    msgid("the hub does not know this station"),
    msgid("It reconnects by itself."),
    msgid("It tries again by itself."),
    msgid("Pair it again: comptoir pair HUB_URL CODE"),
    msgid("Is the address that of a Comptoir hub?"),
    msgid("this code is wrong, used or too old"),
    msgid("Ask the hub for a new one: Stations, Pairing code."),
    msgid("a password is set already"),
    msgid("Sign in with it first."),
    msgid("the password is wrong"),
    msgid("the start code is wrong"),
    msgid("It stands in the window or the log in which the hub was started."),
    msgid("a password has 10 to 72 characters"),
    msgid("the form is out of date"),
    msgid("Load the page again and repeat it."),
    msgid("there is nothing to print: the message is empty"),
    msgid("Write something, then send it."),
    msgid("a program needs a name of 1 to 64 characters"),
    msgid("It may have been forgotten after the retention time."),
)

#: What happened to a job, where its reason does not say it better.
EVENTS: Final[dict[str, str]] = {
    "job-accepted": msgid("Received and kept on disk"),
    "job-pending": msgid("Waits"),
    "job-processing": msgid("Sent on"),
    "job-processing-stopped": msgid("Stopped"),
    "job-held": msgid("Waits for your answer"),
    "job-pending-held": msgid("Held"),
    "job-completed": msgid("Printed"),
    "job-aborted": msgid("Given up"),
    "job-canceled": msgid("Cancelled"),
}

#: Where a job came from, by the name of its source.
SOURCES: Final[dict[str, str]] = {
    "api": msgid("from a program"),
    "web": msgid("from this page"),
    "console": msgid("from this console"),
    "relay": msgid("from the hub"),
    "reprint": msgid("reprinted by a person"),
}


class Words:
    """The tables above in one language."""

    def __init__(self, translations: NullTranslations) -> None:
        self._ = translations.gettext

    def status(self, status: str) -> Word:
        """The word of a status; a status that this version does not know is its own word."""
        found = STATUSES.get(status, Word(status, "question", "off"))
        return Word(self._(found.word), found.shape, found.tone)

    def reason(self, reason: str, printer: str = "", station: str = "", detail: str = "") -> Sentence:
        """Why something is as it is. A reason that this version does not know is named as it is."""
        found = REASONS.get(reason)
        if found is None:
            return Sentence(self._("It waits (%(reason)s).") % {"reason": reason}, "", self.known(detail))
        names = {"printer": self.printer(printer), "station": self.station(station)}
        return Sentence(self._(found.what) % names, found.remedy and self._(found.remedy) % names, self.known(detail))

    def printer(self, name: str) -> str:
        """The printer, to begin a sentence with."""
        return self._("The printer %(name)s") % {"name": name} if name else self._("The printer")

    def station(self, name: str) -> str:
        """The station, to begin a sentence with."""
        return self._("The station %(name)s") % {"name": name} if name else self._("The station")

    def evidence(self, evidence: Evidence) -> Sentence:
        """What is known of the outcome, and which characters are missing on the paper."""
        what = self._(EVIDENCE[evidence.kind]) if evidence.kind in EVIDENCE else evidence.kind
        missing = ""
        if evidence.unprintable:
            missing = self._("This printer does not have: %(characters)s") % {"characters": evidence.unprintable}
        return Sentence(what, missing, "" if evidence.kind == "person" else evidence.detail)

    def event(self, kind: str, message: str) -> str:
        """What happened, in few words: the sentence itself where it is known, else the kind of event."""
        if message in KNOWN:
            return self._(message)
        return self._(EVENTS[kind]) if kind in EVENTS else kind

    def source(self, name: str) -> str:
        """Where a job came from."""
        return self._(SOURCES[name]) if name in SOURCES else name

    def error(self, error: ComptoirError) -> Sentence:
        """An error as a page says it: known word for word, or by its code with its own words beneath."""
        if error.message in KNOWN:
            return Sentence(_capital(self._(error.message)), self.known(error.hint))
        own = f"{_capital(error.message)}. {error.hint}".strip()
        return Sentence(self._(ERRORS.get(error.code, ERRORS["error"])), "", own)

    def errors(self) -> dict[str, str]:
        """Code → sentence, for the script of the page."""
        return {code: self._(sentence) for code, sentence in ERRORS.items()}

    def known(self, text: str) -> str:
        """The text in this language where it is known, else as it is."""
        return self._(text) if text in KNOWN else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
