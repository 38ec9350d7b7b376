"""What is said to people about watched folders: a sentence and a remedy for whatever a file waits for or fails by.

Tables of message ids by the keywords of `core.watch` and the states of `core.intake`, and the object that looks them up
in one language, as `words.py` does for prints. It knows no page.
"""

from __future__ import annotations

from gettext import NullTranslations
from typing import Final

from comptoir.core import watch
from comptoir.core.intake import Original
from comptoir.core.resting import EXISTING
from comptoir.core.selection import MARKER, UNMATCHED
from comptoir.core.waiting import CLOUD
from comptoir.core.watch import FolderState
from comptoir.web.locale import msgid
from comptoir.web.words import Sentence, Word, Words, capital

#: what files in a folder are, where they are counted
KINDS: Final[dict[str, Word]] = {
    "taken": Word(msgid("Taken"), "check", "done"),
    "ignored": Word(msgid("Ignored"), "dash", "off"),
    "waiting": Word(msgid("Waiting"), "clock", "wait"),
    "failed": Word(msgid("Stuck"), "cross", "bad"),
}
#: what one of them is, where that is another word
ONE: Final[dict[str, Word]] = {
    "ignored": Word(msgid("Passed over"), "dash", "off"),
    "failed": Word(msgid("Blocked"), "cross", "bad"),
}

#: why a file is not taken yet, and until when
WAITING: Final[dict[str, Sentence]] = {
    watch.QUIET: Sentence(
        msgid("It has just changed: it may not be whole yet."), msgid("It is taken once nothing changes it any more.")
    ),
    watch.OPEN: Sentence(
        msgid("A program has it open and may still write to it."), msgid("It is taken when that program closes it.")
    ),
    watch.END: Sentence(
        msgid("Its end is missing: it looks cut off."),
        msgid("If nothing is being copied any more, put a whole copy in its place."),
    ),
    watch.EMPTY: Sentence(
        msgid("It is empty: nothing has been written to it yet."), msgid("It is taken when it has a content.")
    ),
    watch.LOT: Sentence(
        msgid("Other files of its folder are not complete."),
        msgid("All files of the folder are taken together, as soon as all of them are."),
    ),
    CLOUD: Sentence(
        msgid("Only its name is on this computer: its content is in a cloud."),
        msgid("Have that program keep it on this computer: in OneDrive, by “Always keep on this device”."),
    ),
    watch.NEXT: Sentence(msgid("It is complete, and its turn comes in a moment."), msgid("There is nothing to do.")),
    watch.STORE: Sentence(
        msgid("It is complete, and the disk of this service has no room for it."),
        msgid("Make room on the disk: then it goes on by itself. The file stays where it is."),
    ),
    MARKER: Sentence(
        msgid("The file that says that it is complete is not there yet."),
        msgid("Whatever writes it adds that file at the end. The settings of the folder say what it is called."),
    ),
}

#: why a file could not be taken
FAILED: Final[dict[str, Sentence]] = {
    "rights": Sentence(
        msgid("This service may not read it."),
        msgid("Give its user the right to read it, then try again. Until then it stays where it is."),
    ),
    "unreadable": Sentence(
        msgid("It cannot be read: its disk or its share reports a fault."),
        msgid("Look whether another program can open it, then try again. It stays where it is."),
    ),
    "name": Sentence(
        msgid("Its name cannot be kept: it is too long, or has characters that no text has."),
        msgid("Give it another name: then it is taken."),
    ),
}

#: why a file is left alone, where it is not a pattern; in half a sentence
IGNORED: Final[dict[str, str]] = {
    UNMATCHED: msgid("its name is not among those that are looked for"),
    MARKER: msgid("it only says that another file is complete"),
    EXISTING: msgid("it lay there before, and is left alone"),
    "no route takes it": msgid("no route takes it"),
    "its destination needs a restart": msgid("its destination is there after a restart"),
    "this station has put it there": msgid("this station has put it there itself"),
    "link": msgid("it is a link to something else"),
    "special": msgid("it is no ordinary file"),
}

#: what became of a file that was taken
ORIGINALS: Final[dict[str, Word]] = {
    "waiting": Word(msgid("On its way"), "arrow", "go"),
    "failed": Word(msgid("Failed"), "cross", "bad"),
    "due": Word(msgid("Arrived"), "check", "done"),
    "going": Word(msgid("Arrived"), "check", "done"),
    "kept": Word(msgid("Arrived"), "check", "done"),
    "deleted": Word(msgid("Arrived"), "check", "done"),
    "moved": Word(msgid("Arrived"), "check", "done"),
    "changed": Word(msgid("Arrived"), "check", "done"),
    "gone": Word(msgid("Arrived"), "check", "done"),
}

#: what the ledger says of a file that a person has given up, and the word for it
GIVEN_UP: Final = msgid("A person gave it up: the file stays where it is.")
LEFT: Final = Word(msgid("Given up"), "dash", "off")

#: what a folder that is out of reach has to say, where it tells nobody what to do
REASSURING: Final = frozenset({
    "Nothing is concluded from that; it is looked for again.", "Nothing is concluded from that; it is tried again.",
})  # fmt: skip

#: what is the case with the file itself, by the state of its original
WHEREABOUTS: Final[dict[str, str]] = {
    "waiting": msgid("The file stays in its folder until every destination has it."),
    "failed": msgid("The file stays in its folder: a destination does not have it."),
    "due": msgid("Every destination has it. The file is still in its folder, until its time has come."),
    "going": msgid("Every destination has it. The file is leaving its folder."),
    "kept": msgid("Every destination has it. The file stays in its folder."),
    "deleted": msgid("Every destination has it. The file was removed from its folder."),
    "moved": msgid("Every destination has it. The file was moved out of its folder."),
    "changed": msgid("Every destination has it. Another file is at its place by now, which is not touched."),
    "gone": msgid("Every destination has it. Somebody has taken the file out of its folder."),
}

#: what happened to a file, by the kind of event
EVENTS: Final[dict[str, Word]] = {
    "file-taken": Word(msgid("Complete; copied and kept"), "check", "done"),
    "lot-taken": Word(msgid("The folder was complete; copied and kept"), "check", "done"),
    "file-returned": Word(msgid("Put there again, as it was: it is not delivered again"), "again", "off"),
    "file-waiting": Word(msgid("On its way again"), "again", "go"),
    "file-failed": Word(msgid("A destination will not have it"), "cross", "bad"),
    "file-delivered": Word(msgid("Every destination has it"), "check", "done"),
    "original-going": Word(msgid("The file is compared with what was kept, to leave its folder"), "arrow", "go"),
    "file-given-up": Word(msgid("Given up by a person"), "dash", "off"),
    "original-waits": Word(msgid("The file could not leave its folder yet"), "clock", "wait"),
    "original-kept": Word(msgid("The file stays in its folder"), "folder", "off"),
    "original-deleted": Word(msgid("The file was removed from its folder"), "dash", "off"),
    "original-moved": Word(msgid("The file was moved out of its folder"), "arrow", "off"),
    "original-left": Word(msgid("What lies there is left alone"), "pause", "off"),
}


class FolderWords:
    """The tables above in one language."""

    def __init__(self, translations: NullTranslations, words: Words) -> None:
        self._ = translations.gettext
        self._translations = translations
        self._words = words

    def kind(self, kind: str, *, single: bool = False) -> Word:
        """What files are, or one of them is."""
        known = KINDS | ONE if single else KINDS
        return self._word(known.get(kind, Word(kind, "question", "off")))

    def original(self, original: Original) -> Word:
        """What became of a file, in a word."""
        if original.message == GIVEN_UP:
            return self._word(LEFT)
        return self._word(ORIGINALS.get(original.state, Word(original.state, "question", "off")))

    def event(self, kind: str) -> Word:
        return self._word(EVENTS.get(kind, Word(kind, "dash", "off")))

    def waiting(self, reason: str) -> Sentence:
        """Why a file waits, and until when. A reason that this version does not know is named as it is."""
        return self._sentence(WAITING.get(reason) or Sentence(msgid("It waits."), "", reason))

    def failed(self, reason: str) -> Sentence:
        return self._sentence(FAILED.get(reason) or Sentence(msgid("It could not be taken."), "", reason))

    def ignored(self, rule: str) -> str:
        """Why a file is left alone, in half a sentence."""
        if rule in IGNORED:
            return self._(IGNORED[rule])
        return self._("because of the rule %(rule)s") % {"rule": rule}

    def why(self, kind: str, reason: str) -> Sentence:
        """What is said of a file that lies in a folder."""
        if kind == "waiting":
            return self.waiting(reason)
        if kind == "failed":
            return self.failed(reason)
        if kind == "ignored":
            return Sentence(f"{capital(self.ignored(reason))}.")
        return Sentence("")

    def whereabouts(self, original: Original) -> Sentence:
        """What is the case with the file itself. The ledger's own words where it has some."""
        if original.message == GIVEN_UP:
            return Sentence(self._(GIVEN_UP))
        said = self._(WHEREABOUTS.get(original.state, WHEREABOUTS["waiting"]))
        return Sentence(said, "", self._words.known(original.message))

    def step(self, original: Original) -> str:
        """What is to become of the file, in the words of its route."""
        step, _, place = original.step.partition(":")
        if step == "move":
            return self._("Afterwards the file is moved to %(place)s.") % {"place": place}
        if step == "delete":
            return self._("Afterwards the file is removed from its folder.")
        return self._("Afterwards the file stays in its folder.")

    def state(self, folder: FolderState, undelivered: int = 0) -> tuple[Word, Sentence]:
        """How a folder is: a word with its colour, a sentence, what to do. `undelivered`: originals that failed."""
        ngettext = self._translations.ngettext
        stuck, waiting = sum(folder.failed.values()) + undelivered, sum(folder.waiting.values())
        if not folder.reachable:
            return self._unreachable(folder)
        if folder.trouble:
            said = Sentence(self._known(folder.trouble), self._known(folder.hint))
            return self._word(Word(msgid("Waiting"), "clock", "wait")), said
        if stuck:
            what = ngettext("%(num)d file needs you.", "%(num)d files need you.", stuck)
            return self._word(Word(msgid("Needs you"), "question", "ask")), Sentence(what % {"num": stuck})
        if waiting:
            what = ngettext("%(num)d file is not complete yet.", "%(num)d files are not complete yet.", waiting)
            return self._word(Word(msgid("Under way"), "arrow", "go")), Sentence(what % {"num": waiting})
        if folder.scanned_at is None:
            said = Sentence(self._("It is being looked through for the first time."))
            return self._word(Word(msgid("Under way"), "arrow", "go")), said
        return self._word(Word(msgid("In order"), "check", "done")), Sentence(self._("Everything is taken."))

    def _unreachable(self, folder: FolderState) -> tuple[Word, Sentence]:
        general = self._(
            "Is it there, is the other computer on, may this service read it? It is tried again by itself."
        )
        remedy = general if folder.hint in REASSURING else self._known(folder.hint) or general
        what = self._("It cannot be reached. Nothing is taken meanwhile, and nothing is lost.")
        said = Sentence(what, remedy, self._known(folder.trouble))
        return self._word(Word(msgid("Out of reach"), "unlinked", "bad")), said

    def mode(self, folder: FolderState) -> Sentence:
        """How new files are noticed, and why so."""
        what = (
            msgid("The system tells of new files at once; besides, the folder is looked through from time to time.")
            if folder.mode == "events"
            else msgid("New files are found by looking through the folder from time to time.")
        )
        return Sentence(self._(what), "", self._known(folder.why_mode))

    def _known(self, text: str) -> str:
        return capital(self._words.known(text))

    def _word(self, word: Word) -> Word:
        return Word(self._(word.word), word.shape, word.tone)

    def _sentence(self, said: Sentence) -> Sentence:
        return Sentence(self._(said.what), said.remedy and self._(said.remedy), said.detail)
