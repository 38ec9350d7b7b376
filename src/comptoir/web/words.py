"""What is said to people: a sentence and a remedy for every reason, a word and a shape for every status.

Tables of message ids, and the object that looks them up for one language. It knows no page.
Sentences begin with %(printer)s or %(station)s, so that the same one works with a name and without.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Final

from comptoir.core import job as core
from comptoir.core.errors import ComptoirError
from comptoir.core.job import Evidence
from comptoir.web.known_sentences import KNOWN, SHAPED
from comptoir.web.locale import msgid
from comptoir.web.refused_values import REFUSED


@dataclass(frozen=True, slots=True)
class Word:
    """A status for people. `shape` is the id of an SVG symbol, `tone` the name of a colour."""

    word: str
    shape: str
    tone: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is the matter, what to do about it, and (`detail`) the words of the part that said so."""

    what: str
    remedy: str = ""
    detail: str = ""


#: `stopped` is a sent job whose printer has stopped in the middle of it.
STATUSES: Final[dict[str, Word]] = {
    "queued": Word(msgid("Waiting"), "clock", "wait"),
    "sent": Word(msgid("Sent"), "arrow", "go"),
    "stopped": Word(msgid("Stopped"), "pause", "wait"),
    "printed": Word(msgid("Printed"), "check", "done"),
    "delivered": Word(msgid("Delivered"), "tray", "done"),
    "archived": Word(msgid("Archived"), "archive", "done"),
    "failed": Word(msgid("Failed"), "cross", "bad"),
    "canceled": Word(msgid("Cancelled"), "dash", "off"),
    "expired": Word(msgid("Too late"), "hourglass", "off"),
    "unknown": Word(msgid("To check"), "question", "ask"),
}

REASONS: Final[dict[str, Sentence]] = {
    core.COMPLETED: Sentence(msgid("It is printed.")),
    core.CANCELED_BY_USER: Sentence(
        msgid("Cancelled before it was printed."), msgid("Reprint it if it is wanted after all.")
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
        msgid("Press its feed or online button: what waits is printed when it is back."),
    ),
    core.CUTTER_JAM: Sentence(
        msgid("%(printer)s has paper stuck in its cutter."),
        msgid("Switch it off, open it, free the blade and close it: then print it again if it is not whole."),
    ),
    core.NO_RIBBON: Sentence(
        msgid("%(printer)s has no ribbon."), msgid("Put in a ribbon and close it: what waits is printed at once.")
    ),
    core.OUTPUT_FULL: Sentence(
        msgid("%(printer)s waits for its label to be taken."), msgid("Take the label: the next one is printed then.")
    ),
    core.PAUSED: Sentence(
        msgid("%(printer)s was stopped by its button."), msgid("Press the button again: what waits is printed.")
    ),
    core.OTHER_ERROR: Sentence(
        msgid("%(printer)s reports a fault."),
        msgid("Look at its lights or display; switch it off and on again if that does not tell more."),
    ),
    core.UNREACHABLE: Sentence(
        msgid("%(printer)s does not answer."),
        msgid("Is it switched on, its cable plugged in, its address right? It is tried again by itself."),
    ),
    core.OUTCOME_UNKNOWN: Sentence(
        msgid("It may have come out: look at the paper."),
        msgid("If it is there, say so. If not, reprint it, marked DUPLICATA. Nothing is done without you."),
    ),
    core.EXPIRED: Sentence(
        msgid("It was not printed in time, and will not come out any more."),
        msgid("If it is still needed, reprint it."),
    ),
    core.STATION_OFFLINE: Sentence(
        msgid("%(station)s is not linked."),
        msgid("Is the computer there switched on and connected? What waits is printed on its return."),
    ),
    core.UNKNOWN_PRINTER: Sentence(
        msgid("There is no printer of this name."),
        msgid("Choose one of the printers of the station, or give a printer this name in its configuration."),
    ),
    core.REDIRECTED: Sentence(
        msgid("%(printer)s did not take it: another printer has it."),
        msgid("Look at the job that took its place. When the printer is ready, new ones go there again."),
    ),
}  # fmt: skip

#: The same of a destination that puts no paper out, where that is another sentence.
ELSEWHERE: Final[dict[str, Sentence]] = {
    core.COMPLETED: Sentence(msgid("It is delivered.")),
    core.CANCELED_BY_USER: Sentence(
        msgid("Cancelled before it was delivered."), msgid("Send it again if it is wanted after all.")
    ),
    core.DOCUMENT_FORMAT_ERROR: Sentence(
        msgid("%(printer)s does not take this document."),
        msgid("Read what it says, put that right there or in the settings, then try again."),
    ),
    core.UNREACHABLE: Sentence(
        msgid("%(printer)s does not answer."),
        msgid("Is the network up, is its server on, is its address right? It is tried again by itself."),
    ),
    core.OUTCOME_UNKNOWN: Sentence(
        msgid("It may have arrived: look there."),
        msgid("If it is there, say so. If not, send it again. Nothing is done without you."),
    ),
}

#: Reasons whose own words tell more than the sentence does.
TELLING: Final = frozenset(
    {
        core.DOCUMENT_FORMAT_ERROR,
        core.OTHER_ERROR,
        core.UNREACHABLE,
        core.OUTCOME_UNKNOWN,
        core.UNKNOWN_PRINTER,
    }
)

EVIDENCE: Final[dict[str, str]] = {
    "printed": msgid("The printer confirms that it is on paper."),
    "processed": msgid("The printer has processed all of it."),
    "delivered": msgid("The destination confirms that it has it."),
    "archived": msgid("The archive confirms that it has it."),
    "sent": msgid("All of it was taken; this printer cannot confirm more."),
    "person": msgid("Somebody saw the paper."),
}

#: What can be wrong with a virtual printer, in few words.
FAULTS: Final[dict[str, str]] = {
    "paper": msgid("No paper"),
    "cover": msgid("Cover open"),
    "cutter": msgid("Cutter jammed"),
    "offline": msgid("Set to offline"),
    "low": msgid("Little paper left"),
    "mute": msgid("Never answers"),
    "unsure": msgid("Never says that it has printed"),
    "late": msgid("Answers late"),
    "stall": msgid("Takes nothing"),
    "busy": msgid("Busy with another computer"),
    "close": msgid("Hangs up in the middle"),
    "slow": msgid("Slow"),
    "cable": msgid("Cable pulled"),
    "off": msgid("Switched off"),
    "locked": msgid("Drawer locked"),
}

#: What a printer confirms after each job, as its card lists it.
CONFIRMS: Final[dict[str, str]] = {
    "process-id": msgid("A print is on paper: the printer sends its number back."),
    "counter": msgid("A print is done: the printer counts it."),
    "in-order": msgid("A print is processed to its end: the printer answers after it."),
    "ipp": msgid("A document is on paper: the printer says so itself."),
    "cups": msgid("A document was passed on to the printer: CUPS says so."),
}
CONFIRMS_NOTHING: Final = msgid("Nothing: a print is sent, and that is all that is known.")

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
    "pairing": msgid("The pairing did not work."),
    "trust": msgid("The certificate was not installed there."),
    "probe": msgid("The printer could not be asked."),
    "drawer": msgid("The drawer was not opened."),
    "drawer-offline": msgid("The drawer was not opened: its printer cannot be used now."),
    "drawer-busy": msgid("The drawer was not opened: its printer is busy."),
    "drawer-stuck": msgid("The drawer did not open."),
    "drawer-unknown": msgid("It is not known whether the drawer opened: look at it. Nothing will arrive later."),
    "delivery": msgid("It could not be delivered."),
    "internal": msgid("Something went wrong inside this service; its log says what."),
    "wrong-method": msgid("This address cannot be used in this way."),
}

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
    "night": msgid("from the nights"),
    "epos": msgid("from the till"),
    "hw_proxy": msgid("from the till"),
}


class Words:
    """The tables above in one language."""

    def __init__(self, translations: NullTranslations) -> None:
        self._ = translations.gettext

    def status(self, status: str) -> Word:
        """The word of a status; a status that this version does not know is its own word."""
        found = STATUSES.get(status, Word(status, "question", "off"))
        return Word(self._(found.word), found.shape, found.tone)

    def reason(
        self, reason: str, printer: str = "", station: str = "", detail: str = "", *, prints: bool = True
    ) -> Sentence:
        """Why something is as it is. A reason that this version does not know is named as it is.

        `prints`: False where what is called `printer` is a destination that puts no paper out.
        """
        found = REASONS.get(reason) if prints else ELSEWHERE.get(reason, REASONS.get(reason))
        if found is None:
            return Sentence(self._("It waits (%(reason)s).") % {"reason": reason}, "", capital(self.known(detail)))
        name = self.printer(printer) if prints else self.destination(printer)
        names = {"printer": name, "station": self.station(station)}
        own = capital(self.known(detail)) if reason in TELLING else ""
        return Sentence(self._(found.what) % names, found.remedy and self._(found.remedy), own)

    def printer(self, name: str) -> str:
        """The printer, to begin a sentence with."""
        return self._("The printer %(name)s") % {"name": name} if name else self._("The printer")

    def destination(self, name: str) -> str:
        """What is no printer, to begin a sentence with."""
        return self._("The destination %(name)s") % {"name": name} if name else self._("The destination")

    def station(self, name: str) -> str:
        """The station, to begin a sentence with."""
        return self._("The station %(name)s") % {"name": name} if name else self._("The station")

    def evidence(self, evidence: Evidence) -> Sentence:
        """What is known of the outcome, and which characters are missing on the paper."""
        what = self._(EVIDENCE[evidence.kind]) if evidence.kind in EVIDENCE else evidence.kind
        missing = ""
        if evidence.unprintable:
            missing = self._("Not on the paper, because this printer does not have them: %(characters)s") % {
                "characters": evidence.unprintable
            }
        return Sentence(what, missing, "" if evidence.kind == "person" else self.known(evidence.detail))

    def confirms(self, kinds: Sequence[str]) -> list[str]:
        """What a printer confirms after each job, in the order of the kinds; empty where it is nothing."""
        return [self._(CONFIRMS[kind]) for kind in kinds if kind in CONFIRMS]

    def confirms_nothing(self) -> str:
        """What is said where that list is empty."""
        return self._(CONFIRMS_NOTHING)

    def fault(self, fault: str) -> str:
        """A fault of a virtual printer; one that this version does not know is its own word."""
        return self._(FAULTS[fault]) if fault in FAULTS else fault

    def event(self, kind: str, message: str) -> str:
        """What happened, in few words: the sentence itself where it is known, else the kind of event."""
        if message in KNOWN:
            return capital(self._(message).removesuffix("."))
        return self._(EVENTS[kind]) if kind in EVENTS else kind

    def source(self, name: str) -> str:
        """Where a job came from."""
        return self._(SOURCES[name]) if name in SOURCES else name

    def error(self, error: ComptoirError) -> Sentence:
        """An error as a page says it: known word for word, or by its code with its own words beneath."""
        if (message := self.known(error.message)) != error.message or error.message in KNOWN:
            return Sentence(capital(message), self.known(error.hint))
        own = f"{capital(self.refusal(error.message)).removesuffix('.')}. {self.refusal(error.hint)}".strip()
        return Sentence(self._(ERRORS.get(error.code, ERRORS["error"])), "", own)

    def errors(self) -> dict[str, str]:
        """Code → sentence, for the script of the page."""
        return {code: self._(sentence) for code, sentence in ERRORS.items()}

    def text(self, text: str) -> str:
        """A message id that was marked elsewhere."""
        return self._(text)

    def person(self, name: str) -> str:
        """Who did something, as a reader knows them: who has signed in is the owner."""
        return self._(msgid("the owner")) if name == "owner" else name

    def known(self, text: str) -> str:
        """The text in this language where it is known, else as it is."""
        if text in KNOWN:
            return self._(text)
        if found := re.fullmatch(r"It says: ([a-z-]+)", text):
            return self.reason(found[1]).what
        for pattern, sentence in SHAPED:
            if found := re.fullmatch(pattern, text):
                return self._(sentence) % {name: self._inner(name, value) for name, value in found.groupdict().items()}
        return text

    def refusal(self, text: str) -> str:
        """Why a value of the configuration cannot be used, perhaps with its place in the file; else as `known`."""
        for pattern, sentence in REFUSED:
            if found := re.fullmatch(pattern, text):
                values = found.groupdict()
                if "why" in values:
                    values["why"] = self.refusal(values["why"]).removesuffix(".")
                return self._(sentence) % values
        return self.known(text)

    def _inner(self, name: str, text: str) -> str:
        """What a sentence names. Why something is so (`why`) is a sentence in the other one."""
        if name != "why" or (said := self.known(text)) == text:
            return text
        return said[:1].lower() + said[1:].removesuffix(".")


def capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]
