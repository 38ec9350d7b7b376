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
from comptoir.web.locale import msgid
from comptoir.web.refused_values import REFUSED, TROUBLES


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
}  # fmt: skip

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
}
CONFIRMS_NOTHING: Final = msgid("Nothing: a print is sent, and that is all that is known.")

#: What the job's message is while its printer has stopped in the middle of it.
IN_THE_MIDDLE: Final = msgid("It stopped in the middle of this; it prints on when it can.")

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

#: Sentences that other parts say in English and that are known word for word.
KNOWN: Final = (
    msgid("Being sent."),
    msgid("The station has it."),
    msgid("The service stopped while this was being printed; it may have come out."),
    msgid("It was not printed in time, and will not be printed any more."),
    msgid("Given up by a person; it may have come out."),
    msgid("the printer says so itself"),
    msgid("Is it switched on and connected?"),
    msgid("Is it switched on and ready?"),
    msgid("it does not answer any more. Is it switched on and ready?"),
    msgid("It prints on."),
    IN_THE_MIDDLE,
    msgid("the drawer was asked to open a moment ago; it is not asked again"),
    msgid("this printer is not being set up any more"),
    msgid("Begin anew: Add a printer."),
    msgid("the routes were changed in the meantime"),
    msgid("Look at the list again, and repeat it."),
    msgid("there is no such route any more"),
    msgid("Look at the list again."),
    msgid("this station was started without a configuration file that could be changed"),
    msgid("this service cannot restart itself"),
    msgid("Stop it, and start it again."),
    msgid("Once in 1 s is enough: wait for the answer, then try again."),
    msgid("Wait until it has printed, then try again."),
    msgid("Is it locked, blocked, or its cable not plugged in? The key opens it."),
    msgid("Look whether the drawer is open; nothing will arrive later."),
    msgid("the printer sent the pulse, and the drawer did not open"),
    msgid("the printer did not say that it had sent the pulse"),
    msgid("Name the printer on which the drawer hangs: [drawer] printer."),
    msgid("the printer hung up while it printed"),
    msgid("the printer did not answer at the end"),
    msgid("the hub closed the link"),
    msgid("the log is not given out at this address"),
    msgid("It is at /logs, for who is signed in."),
    msgid("The earlier service's addresses are switched off: [till] enabled."),
    msgid("It is switched off: [hw_proxy] enabled."),
    msgid("the hub does not know this station"),
    msgid("the hub does not answer to this name"),
    msgid("Add the name to its allowed_hosts, or pair again."),
    msgid("It reconnects by itself."),
    msgid("It tries again by itself."),
    msgid("Pair it again: comptoir pair HUB_URL CODE"),
    msgid("Is the address that of a Comptoir hub?"),
    msgid("this code is wrong, used or too old"),
    msgid("Ask the hub for a new one: Stations, Pairing code."),
    msgid("Check the address and the network."),
    msgid("Check the address."),
    msgid("It looks like https://hub.example.com"),
    msgid("a password is set already"),
    msgid("Sign in with it first."),
    msgid("the password is wrong"),
    msgid("the present password is wrong"),
    msgid("the two passwords are not the same"),
    msgid("Type the same one twice."),
    msgid("this service answers to its own machine only"),
    msgid("Sign in, or allow this address in the configuration (allowed_addresses)."),
    msgid("a link, a frame or a picture may not do this"),
    msgid("A button of the till may: it asks."),
    msgid("only a page of this service may do this"),
    msgid("The owner can allow it: allowed_origins."),
    msgid("the start code is wrong"),
    msgid("It stands in the window or the log in which the service was started."),
    msgid("a password has 10 to 72 characters"),
    msgid("the form is out of date"),
    msgid("Load the page again and repeat it."),
    msgid("there is nothing to print: the message is empty"),
    msgid("Write something, then send it."),
    msgid("a program needs a name of 1 to 64 characters"),
    msgid("there is a program of this name already"),
    msgid("Revoke it first, or choose another name."),
    msgid("this message is too long"),
    msgid("Send it as a file: docs/api.md"),
    msgid("It may have been forgotten after the retention time."),
    msgid("Reprint it when it has ended, or cancel it first."),
    msgid("The station or the printer has it; if the station is away, cancel it when it is back."),
    msgid("no station is paired with this hub yet"),
    msgid("Show a pairing code (Stations), then: comptoir pair HUB_URL CODE"),
    msgid("there are several stations; say which"),
    msgid("too many failures from this address"),
    msgid("The printers page names those that there are."),
    msgid("a station's name has at most 64 printable characters, without “/”"),
    msgid("A day is written like this: 2026-11-21."),
    msgid("before must be the number of an event"),
    msgid("Name a file in PEM that this user may read, or leave certificate and private_key empty."),
    msgid("Both must be PEM, the key without a pass phrase and the one that belongs to the certificate."),
    msgid("this station has a certificate of its owner's"),
    msgid("Its authority is known elsewhere."),
    msgid("a value has characters that no text has"),
    msgid("it is not in the configuration any more"),
    msgid("Check the disk and its rights."),
    msgid("Try again."),
    msgid("Write each section once, under its own header; or change it by hand."),
)

#: Sentences that other parts say in English, with a name or a number in them; the first that fits is taken.
SHAPED: Final = (
    # Its state, with the reason, stands beside this.
    (
        r"the drawer was not opened: the printer says so itself",
        msgid("The drawer was not opened: its printer cannot be used now."),
    ),
    (
        r"the printer cannot be asked: the printer says so itself",
        msgid("The printer cannot be asked: it cannot be used now."),
    ),
    (r"the printer cannot be asked: (?P<why>.*)", msgid("The printer cannot be asked: %(why)s")),
    (r"the drawer was not opened: (?P<why>.*)", msgid("The drawer was not opened: %(why)s")),
    (r"“(?P<text>.*)” is no day", msgid("“%(text)s” is no day.")),
    (r"(?P<path>.+) is being changed by another program", msgid("%(path)s is being changed by another program.")),
    (
        r"(?P<path>.+) is written in a way that cannot be changed here",
        msgid("%(path)s is written in a way that cannot be changed here."),
    ),
    (
        r"the address (?P<address>\S+) is in use by another program",
        msgid("The address %(address)s is used by another program."),
    ),
    (r"this user may not listen on (?P<address>\S+)", msgid("This user may not listen on %(address)s.")),
    (r"it is not possible to listen on (?P<address>\S+): .*", msgid("It is not possible to listen on %(address)s.")),
    (
        r"the earlier till service runs on this machine and has the port (?P<number>\d+)",
        msgid("The earlier till service runs on this machine and has the port %(number)s."),
    ),
    (
        r"the printer (?P<name>.+) cannot be set up: .*",
        msgid("The printer %(name)s cannot be set up: look at its device."),
    ),
    (r"there is no job (?P<number>\d+)", msgid("There is no job %(number)s.")),
    (r"the test was not printed: (?P<why>.*)", msgid("The test was not printed: %(why)s")),
    (r"there is no folder “(?P<name>.*)”", msgid("No folder is called “%(name)s”.")),
    (r"the variable (?P<name>\S+) in the file \.env", msgid("the variable %(name)s in the file .env")),
    (r"the variable (?P<name>\S+)", msgid("the variable %(name)s")),
    (r"the option (?P<name>\S+)", msgid("the option %(name)s")),
    (
        r"job (?P<number>\d+) cannot be cancelled any more.*",
        msgid("Job %(number)s cannot be cancelled any more."),
    ),
    (r"job (?P<number>\d+) is still .*", msgid("Job %(number)s is still under way.")),
    (r"job (?P<number>\d+) waits for nobody.*", msgid("Job %(number)s waits for no answer any more.")),
    (r"no station is called “(?P<name>.*)”", msgid("No station is called “%(name)s”.")),
    (r"no printer is called “(?P<name>.*)”(?: here)?", msgid("No printer is called “%(name)s”.")),
    (r"there is no printer “(?P<name>.*)”", msgid("No printer is called “%(name)s”.")),
    (r"the hub (?P<name>\S+) does not answer.*", msgid("The hub %(name)s does not answer.")),
    (r"(?P<name>\S+) is no Comptoir hub", msgid("This is no Comptoir hub: %(name)s")),
    (r"“(?P<name>.*)” is no address of a hub", msgid("“%(name)s” is no address of a hub.")),
    (r"the connection broke while it printed.*", msgid("The connection broke while it printed.")),
    (r"it hung up before it was sent anything.*", msgid("It hung up before it was sent anything.")),
    (r".*[Cc]onnection refused.*", msgid("Nobody takes connections at its address.")),
    (r".*(timed out|No route to host|unreachable).*", msgid("Nothing answers at its address.")),
    (
        r"the printer (?P<name>.*) was busy for .* s; the drawer was not opened",
        msgid("The printer %(name)s was busy; the drawer was not opened."),
    ),
    (
        r"(?:station\.certificate: )?(?P<path>.*) and (?P<key>.*) cannot be used together: .*",
        msgid("%(path)s and %(key)s do not belong together."),
    ),
    (
        r"(?:station\.(certificate|private_key): )?(?P<path>/.*|\S*) cannot be read: .*",
        msgid("%(path)s cannot be read."),
    ),
    (r"By hand: (?P<line>.*)", msgid("By hand: %(line)s")),
    (r"Try again in (?P<seconds>\d+) s\.", msgid("Try again in %(seconds)s s.")),
    (r"process id (?P<number>\d+), (?P<time>[\d:]+)", msgid("process id %(number)s, %(time)s")),
    *TROUBLES,
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

    def reason(self, reason: str, printer: str = "", station: str = "", detail: str = "") -> Sentence:
        """Why something is as it is. A reason that this version does not know is named as it is."""
        found = REASONS.get(reason)
        if found is None:
            return Sentence(self._("It waits (%(reason)s).") % {"reason": reason}, "", _capital(self.known(detail)))
        names = {"printer": self.printer(printer), "station": self.station(station)}
        own = _capital(self.known(detail)) if reason in TELLING else ""
        return Sentence(self._(found.what) % names, found.remedy and self._(found.remedy), own)

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
            return _capital(self._(message).removesuffix("."))
        return self._(EVENTS[kind]) if kind in EVENTS else kind

    def source(self, name: str) -> str:
        """Where a job came from."""
        return self._(SOURCES[name]) if name in SOURCES else name

    def error(self, error: ComptoirError) -> Sentence:
        """An error as a page says it: known word for word, or by its code with its own words beneath."""
        if (message := self.known(error.message)) != error.message or error.message in KNOWN:
            return Sentence(_capital(message), self.known(error.hint))
        own = f"{_capital(self.refusal(error.message)).removesuffix('.')}. {self.refusal(error.hint)}".strip()
        return Sentence(self._(ERRORS.get(error.code, ERRORS["error"])), "", own)

    def errors(self) -> dict[str, str]:
        """Code → sentence, for the script of the page."""
        return {code: self._(sentence) for code, sentence in ERRORS.items()}

    def text(self, text: str) -> str:
        """A message id that was marked elsewhere."""
        return self._(text)

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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
