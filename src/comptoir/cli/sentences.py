"""What other parts say in English, for a command line that speaks another language. Loaded for that only.

An id is the English sentence; where it holds names or numbers, the sentence as it is said is recognised by what
stands around them. `%(why)s` is a sentence in turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from gettext import NullTranslations
from typing import Final

from comptoir.cli.windows_sentences import WINDOWS
from comptoir.core.errors import ComptoirError
from comptoir.core.job import Evidence
from comptoir.web.known_sentences import KNOWN
from comptoir.web.locale import msgid
from comptoir.web.words import EVIDENCE, Words

#: errors and hints that this command, the configuration and the services raise; word for word in their sources
SAID: Final = (
    *WINDOWS,
    # the command line itself
    msgid("the output: %(why)s"),
    msgid("Check the disk and its rights."),
    msgid("no station answers at %(address)s: %(why)s"),
    msgid("Start it with: comptoir up   (or: comptoir station)"),
    msgid("what answers at %(address)s is no station of this version"),
    msgid("Another program may have its port. Name the right one: --port"),
    msgid("the station answered %(number)s"),
    msgid("Is it a Comptoir of this version?"),
    msgid("an Idempotency-Key has printable characters only"),
    msgid("For instance: --key order-42"),
    msgid("Check the name."),
    msgid("the data folder %(path)s cannot be written: %(why)s"),
    msgid("Choose another with --data, or give this user the right to write there."),
    msgid("there is no user for %(path)s"),
    msgid("Write the whole path."),
    msgid("another Comptoir (%(role)s) works with the data in %(path)s already"),
    msgid("Stop it, or choose another folder: --data"),
    msgid("a %(kind)s is not for the terminal"),
    msgid("Name a file: -o OUT"),
    msgid("papers cannot be kept in %(path)s: %(why)s"),
    msgid("Choose another folder: --out DIR"),
    msgid("it is not possible to listen on %(address)s: %(why)s"),
    msgid("Choose another port."),
    msgid("“%(text)s” is no address"),
    msgid("It looks like 127.0.0.1:9100"),
    msgid("there is no journal in %(path)s: %(paths)s"),
    msgid("there is no archive in %(path)s"),
    msgid("no station answers, and there is no archive in %(path)s"),
    msgid("no station answers, and the archive has no index"),
    msgid("there is no journal in %(path)s"),
    msgid("the station works with the data in %(path)s"),
    msgid("Use its page Archive, Keeping; or stop the station, and repeat this command."),
    msgid("%(path)s is there already"),
    msgid("Name a folder that there is not yet."),
    msgid("there is nothing to export"),
    msgid("Look at the dates: the archive has nothing of them."),
    msgid("the export takes %(count)s MB, and %(number)s MB are free at %(path)s"),
    msgid("Make room, or export to another disk. Nothing was written."),
    msgid("the export cannot be written: %(why)s"),
    msgid("Check the disk. Nothing of it is left."),
    msgid("“%(text)s” is no day"),
    msgid("A day is written like this: 2026-11-21."),
    msgid("what is due has changed in the meantime"),
    msgid("Look at the list again; nothing was eliminated."),
    msgid("the archive's index cannot be read: %(why)s"),
    msgid("Start the station: it makes it anew."),
    msgid("the journal %(path)s is of another version of Comptoir"),
    msgid("Start the station once with this version; an older one cannot read a newer journal."),
    msgid("Name the data folder: --data DIR"),
    msgid("there is no standard output"),
    msgid("%(path)s cannot be written: %(why)s"),
    msgid("Choose another place."),
    # CUPS and its queues
    msgid("only the administrator can change how CUPS prints"),
    msgid("Type: sudo comptoir capture %(text)s, with the same options."),
    msgid("the queue %(name)s (%(text)s) cannot be captured in this way"),
    msgid("It belongs to a program that makes it anew, or it prints to Comptoir already."),
    msgid("there is no queue %(name)s"),
    msgid("There are: %(names)s"),
    msgid("the data folder %(path)s cannot be read: %(why)s"),
    msgid("Name the one of the station, whose owner is to read what is captured: --data DIR"),
    msgid("%(path)s cannot be the spool directory: %(why)s"),
    msgid("It must be a directory of its own. Name another one: --spool DIR"),
    msgid("CUPS is not installed on this computer"),
    msgid("Install it with the system's package manager."),
    msgid("CUPS does not tell its queues: %(text)s"),
    msgid("Is its policy stricter than usual?"),
    msgid("CUPS has not written down the queue %(name)s yet"),
    msgid("Try again in half a minute."),
    msgid("the program lpadmin is not installed"),
    msgid("On Debian and Ubuntu: apt install cups-client"),
    msgid("CUPS does not answer: %(why)s"),
    msgid("Is it running? On most systems: systemctl start cups"),
    msgid("%(name)s does not run: %(why)s"),
    msgid("Is CUPS installed and running?"),
    msgid("Is CUPS running, and is this its administrator?"),
    # the services, when they start
    msgid("the address %(address)s is in use by another program"),
    msgid("Is Comptoir running already? Otherwise choose another: --port or --hub-port, or port = … in the file."),
    msgid("this user may not listen on %(address)s"),
    msgid("Choose a port above 1023."),
    msgid("Check host and port."),
    msgid("the data folder %(path)s cannot be used: %(why)s"),
    msgid("the printer %(name)s cannot be set up: %(why)s"),
    # the configuration
    msgid("%(path)s: lists or tables stand too deep in each other"),
    msgid("there is no configuration file %(path)s"),
    msgid("Check the path: %(option)s"),
    msgid("--config FILE"),
    msgid("--data DIR"),
    msgid("%(path)s is no folder"),
    msgid("Check the path and the rights: %(option)s"),
    msgid("It must be a text file in UTF-8."),
    msgid("Check its rights."),
    msgid("Nothing was started or changed."),
    msgid("%(place)s names no section of the configuration"),
    msgid("Variables can set: %(names)s."),
    msgid("Known keys here: %(names)s."),
    msgid("expected a name: 1 to 64 characters without / and \\, and not . or .."),
    msgid("“%(text)s” is no address such as wss://HOST/relay"),
    msgid("“%(text)s” is no host name such as hub.example.com, without scheme, port and path"),
    msgid("“%(text)s” is no origin such as https://shop.example.com: scheme, host, perhaps port, without a path"),
    msgid("two printers are called “%(name)s”"),
    msgid("“%(text)s” is no device URI such as socket://HOST:9100"),
    msgid("a device URI has no user and no password"),
    msgid("at most “1000 years”; for no end at all, leave it empty"),
    msgid("“%(text)s” is no duration; expected a number and one of %(names)s, as in “10 min”"),
    msgid("There is no kind of device for %(uri)s."),
    msgid("A device URI begins with one of %(names)s."),
    msgid("The device URI %(uri)s has no host."),
    msgid("For example socket://192.168.1.50:9100"),
    msgid("“%(text)s” is no slot of a code page: 0 to 255"),
    msgid("“%(text)s” is no code page such as cp858"),
    msgid("“%(text)s” is not hexadecimal, as 1b70001afa is"),
    msgid("expected 2 ms to %(number)s ms"),
    msgid("the printer %(name)s: %(count)s columns do not fit into %(number)s dots"),
    msgid("A letter is %(number)s dots wide at least; paper of 58 mm has 384 dots and 32 columns."),
    msgid("There is no printer language %(name)s."),
    msgid("Known languages: %(names)s."),
    # the settings, changed or taken over
    msgid("which file? Name the config.ini of the earlier service"),
    msgid("On Windows it is %(path)s."),
    msgid("%(path)s is no configuration of the earlier service: %(why)s"),
    msgid(
        "Files that are there already are left alone, as before. Every new one is archived, once, with its "
        "own name; the original stays where it is."
    ),
    msgid("This folder is watched here already; its settings stay."),
    msgid("A copy is in the data folder until the archive has the file. Nothing else is ever deleted."),
    msgid("WATCHED_DIRS was used instead."),
    msgid("This is no address of an archive, such as https://rm.example.com."),
    msgid("There is no directory to watch: nothing is taken over."),
    msgid("It is put into a file of its own in the data folder, which only the service's user can read."),
    msgid("There is none: put it into that file in the data folder."),
    msgid("It does not look like one: generate it anew for the service account in Maarch RM."),
    msgid("The earlier script read it and did not send it. Here it is sent."),
    msgid(
        "The earlier script put it where the archive does not look. Here it arrives, in the description: the "
        "profile must know the field descriptionLevel. Take it away where the archive refuses it."
    ),
    msgid("Maarch RM knows none, requested, indexed and failed only; its service level decides."),
    msgid(
        "The earlier script said “Facture” and 2000-12-23 of every file, and where the archive does not look. "
        "That is not taken over. What your profile demands stands in [destination.description]."
    ),
    msgid("It is called config.ini; that of the archiving script, .env."),
    msgid("“%(text)s” is no address such as https://rm.example.com"),
    msgid("an address has no user and no password here"),
    msgid("there is no field {%(name)s}; known fields: %(names)s"),
    msgid("there is a single “%(text)s”; write %(key)s for the character itself"),
    msgid("{%(name)s} is no moment: “%(text)s” cannot be its format"),
    msgid("“%(text)s” is no filter; known filters: date, number, default:TEXT"),
    msgid("“%(name)s” is no name of a field: letters without accents, digits and _"),
    msgid("%(name)s: expected where to look, and an expression: name: …, path: …, or text: …"),
    msgid("{%(name)s} is a field already: choose another name"),
    msgid("%(name)s: an expression has 1 to %(number)s letters"),
    msgid("%(name)s: an expression must not refer to its own groups"),
    msgid("%(name)s: what is repeated must hold no repetition and no alternative: its time can explode"),
    msgid("%(name)s: verbose expressions are not known here"),
    msgid("%(name)s: an expression must not say (?i) and the like of a part of it, only at its beginning"),
    msgid("%(name)s: an expression must not leave more than %(count)s choices: (a|b), a?"),
    msgid("%(name)s: several repetitions in a row match the same; put between them what stands there"),
    msgid("none of its sections is there"),
    msgid("line %(line)s cannot be understood"),
    msgid("Comptoir works with the data in %(path)s at the moment, and the password cannot be taken over"),
    msgid("Stop it, and repeat this command."),
    msgid("the earlier till service runs on this machine and has the port %(number)s"),
    msgid(
        "Take over its settings (comptoir import-config), end it, remove it from the programs that start with the"
        " computer, and start Comptoir again."
    ),
    # certificates
    msgid("there is no authority in %(path)s that this user can read"),
    msgid("Start the station once; then run this as its user, or as the administrator."),
    msgid("station.%(key)s: %(path)s cannot be read: %(why)s"),
    msgid("Name a file in PEM that this user may read, or leave certificate and private_key empty."),
    msgid("station.certificate: %(path)s and %(key)s cannot be used together: %(why)s"),
    msgid("Both must be PEM, the key without a pass phrase and the one that belongs to the certificate."),
    msgid("the certificates in %(path)s cannot be used: %(why)s"),
    msgid("Give this user the right to read and write there."),
    msgid("%(path)s is being changed by another program"),
    msgid("Try again."),
    msgid("%(path)s is written in a way that cannot be changed here"),
    msgid("Write each section once, under its own header; or change it by hand."),
    msgid("a value has characters that no text has"),
    msgid("it is not in the configuration any more"),
    msgid("it is fixed by %(place)s"),
    # the station, asked by a command
    msgid("Known printers: %(names)s."),
    msgid("there is nothing to print: the body is empty"),
    msgid("the address is not right: %(why)s"),
    msgid("an Idempotency-Key has at most %(count)s printable characters"),
    msgid("documents of the type %(kind)s cannot be printed yet"),
    msgid("Text, pictures and PDF can; or format=raw."),
    msgid("the order is not right: %(why)s"),
    msgid('Send {"content": "Hello world"} as application/json.'),
    msgid("“%(text)s” is no status"),
    msgid("Known: %(names)s."),
    msgid("the key “%(name)s” was used before for another document (job %(number)s)"),
    msgid("Use a new Idempotency-Key for a new document; repeat a key only to repeat a request."),
    msgid("the journal %(path)s cannot be read: %(why)s"),
    msgid("`comptoir journal verify` says more."),
    msgid("%(path)s cannot be read: %(why)s"),
    # what pages say with a form beside it, and a terminal without
    msgid("Pair it again: comptoir pair HUB_URL CODE"),
    msgid("Show a pairing code (Stations), then: comptoir pair HUB_URL CODE"),
)

#: what the plan says of the earlier service's settings
MOVING: Final = (
    msgid(
        "The earlier service knew its printer by a name of Windows. Say which device it is with --device, for "
        "instance socket://192.168.1.50:9100, or choose it on the page Settings, Printers. Until then it prints "
        "on virtual paper."
    ),
    msgid("A printer has a name of 1 to 64 characters without / and \\ here."),
    msgid("It was not hexadecimal: the earlier service sent this instead."),
    msgid("The earlier service sent nothing: the usual pulse is sent here."),
    msgid("This does not look like a pulse for a drawer. Open the drawer once to try it."),
    msgid("The printing of invoices was switched off: nothing of it is taken over."),
    msgid(
        "There is no folder, or no address of a printer: set up the invoices on the page Settings, Sources and routes."
    ),
    msgid("Files go to this printer as they are, as before: it must be one that prints PDF itself."),
    msgid("Every file of this folder with these endings is printed, as before, and removed once it is printed."),
    msgid("Names between % are not replaced: write the whole path."),
    msgid("It was no number of seconds."),
    msgid("So long after the printer has it, a file is removed; one that was not printed stays."),
    msgid("Files that nobody has printed are never deleted here. What is in the folder at the start is left alone."),
    msgid("It was no port."),
    msgid(
        "The earlier service could be called by every computer of the network. Here only this computer calls; to "
        "open it, use --network, or the page Settings, Access."
    ),
    msgid("Other computers of the network reach it, too, and must sign in or be allowed on the page Settings, Access."),
    msgid(
        "Any web page could open the drawer. Here the address of your Odoo must be allowed: on the page Settings,"
        " Access, or with one click when it calls for the first time."
    ),
    msgid("The log is in the data folder."),
    msgid("It was no number of days."),
    msgid("The same password goes on. Choose a longer one if it has less than 10 characters."),
    msgid("None was set: the first visit of the settings asks for one."),
    msgid("It is not kept in a way that can be taken over: the first visit of the settings asks for a new one."),
    msgid("A password is set here already; it stays."),
)

#: what a check of the journal finds
FINDINGS: Final = (
    msgid("the file itself is damaged: %(why)s"),
    msgid("event %(number)s (%(kind)s, %(whose)s) was changed, or does not follow the one before it"),
    msgid("no job"),
    msgid("job %(number)s"),
    msgid("the head of the chain is gone: whether events were removed from the end cannot be told"),
    msgid("%(span)s removed from the end"),
    msgid("%(span)s inserted at the end"),
    msgid("event %(number)s is not the one that was written last"),
    msgid("event %(number)s inserted at the beginning"),
    msgid("%(span)s removed"),
    msgid("event %(number)s"),
    msgid("events %(number)s to %(last)s"),
    msgid("job %(number)s was removed, and no purge is on record"),
    msgid("job %(number)s is there, but its purge is on record: it was inserted"),
    msgid("job %(number)s has no event: it was inserted"),
    msgid("job %(number)s is “%(text)s”, but its last event says “%(told)s”"),
    msgid("job %(number)s: %(column)s is “%(text)s”, but its events say “%(told)s”"),
    msgid("the document of job %(number)s was removed"),
    msgid("the document of job %(number)s is not the one that was accepted"),
    msgid("the document of job %(number)s has no digest"),
    msgid("the document of job %(number)s was changed"),
    msgid("the document of job %(number)s: %(why)s"),
    msgid("original %(number)s was removed, and no purge is on record"),
    msgid("original %(number)s is there, but its purge is on record: it was inserted"),
    msgid("original %(number)s has no event: it was inserted"),
    msgid("original %(number)s is “%(text)s”, but its last event says “%(told)s”"),
    msgid("original %(number)s: %(column)s is “%(text)s”, but its events say “%(told)s”"),
    msgid("the document of original %(number)s was removed"),
    msgid("the document of original %(number)s is not the one that was taken"),
    msgid("the document of original %(number)s has no digest"),
    msgid("the document of original %(number)s was changed"),
    msgid("the document of original %(number)s: %(why)s"),
    msgid("record %(number)s was removed, and no elimination is in the journal"),
    msgid("record %(number)s is there, but its elimination is in the journal: it was inserted"),
    msgid("record %(number)s has no event: it was inserted"),
    msgid("record %(number)s is damaged"),
    msgid("record %(number)s: what it says is not what was sealed"),
    msgid("record %(number)s: %(column)s is “%(text)s”, but its events say “%(told)s”"),
    msgid("job %(number)s belongs to a record that is not there"),
    msgid("job %(number)s: who has printed it is not what its record says"),
    msgid("the document of record %(number)s was removed"),
    msgid("the document of record %(number)s has no digest"),
    msgid("the document of record %(number)s was changed"),
    msgid("the document of record %(number)s: %(why)s"),
    msgid("the night of %(date)s: what is said of it is not what was written last"),
    msgid("the night of %(date)s: what was said of it was removed"),
    msgid("the document %(digest)s… is missing from the store"),
)

#: sentences around others; looked at last, because much looks like them
FRAMES: Final = (
    msgid("Correct that line. Nothing was started or changed."),
    msgid("Correct it. Nothing was started or changed."),
    msgid("%(path)s, line %(line)s: %(why)s"),
    msgid("the variable %(name)s in the file .env: %(why)s"),
    msgid("the variable %(name)s: %(why)s"),
    msgid("there is no key %(key)s"),
    msgid("%(file)s: %(why)s"),
    msgid("%(key)s: %(why)s"),
)

#: what a virtual printer's faults mean
FAULTS: Final = (
    msgid("no paper: says so, prints what it got when paper is back"),
    msgid("the cover is open: says so, prints what it got when it is closed"),
    msgid("the cutter is jammed: says so, prints what it got when it is free again"),
    msgid("switched offline: says so, prints what it got when it is back"),
    msgid("little paper left: says so and prints"),
    msgid("prints, and never answers"),
    msgid("prints and tells its state, but never that it has printed"),
    msgid("keeps each answer back until the next bytes come"),
    msgid("takes nothing and says nothing"),
    msgid("another computer has it: a new connection waits"),
    msgid("hangs up in the middle of a job"),
    msgid("takes a few bytes at a time"),
    msgid("its cable is pulled: nothing arrives or comes back, and nobody is told"),
    msgid("not there: no connection"),
    msgid("the drawer is locked: a pulse does not open it"),
)

#: what the system, and the readers of TOML and of values, say most often
FOREIGN: Final = (
    msgid("[Errno %(number)s] %(why)s"),
    msgid("No such file or directory"),
    msgid("Permission denied"),
    msgid("Is a directory"),
    msgid("Not a directory"),
    msgid("Read-only file system"),
    msgid("No space left on device"),
    msgid("Connection refused"),
    msgid("timed out"),
    msgid("Cannot assign requested address"),
    msgid("Name or service not known"),
    msgid("%(why)s (at line %(line)s, column %(column)s)"),
    msgid("%(why)s (at end of document)"),
    msgid("Invalid value"),
    msgid("Invalid statement"),
    msgid("Expected '=' after a key in a key/value pair"),
    msgid("Expected newline or end of document after a statement"),
    msgid("Cannot overwrite a value"),
    msgid("Illegal character %(character)s"),
    msgid("Unclosed array"),
    msgid("%(why)s - at `%(place)s`"),
    msgid("object contains unknown field `%(key)s`"),
    msgid("object missing required field `%(key)s`"),
    msgid("expected `%(kind)s`, got `%(other)s`"),
    msgid("expected `%(kind)s` %(limit)s"),
    msgid("invalid enum value %(text)s"),
    msgid("invalid value %(text)s"),
)

#: what argparse says, looked up by itself
ARGPARSE: Final = (
    msgid("usage: "),
    msgid("options"),
    msgid("positional arguments"),
    msgid("show this help message and exit"),
    msgid("%(prog)s: error: %(message)s\n"),
    msgid("argument %(argument_name)s: %(message)s"),
    msgid("unrecognized arguments: %s"),
    msgid("the following arguments are required: %s"),
    msgid("expected one argument"),
    msgid("invalid %(type)s value: %(value)r"),
    msgid("invalid choice: %(value)r (choose from %(choices)s)"),
    msgid("ambiguous option: %(option)s could match %(matches)s"),
    msgid("ignored explicit argument %r"),
)

#: what is a sentence in turn, or a part of one
_INNER: Final = frozenset({"why", "span", "whose", "option"})
#: what stands in some places; anything in the others
_SHAPES: Final = {
    "line": r"\d+",
    "column": r"\w+",
    "last": r"\d+",
    "span": r"events? [\d to]+",
    "whose": r"(?:no )?job[ \d]*",
    "number": r"\d+",
    "count": r"\d+",
    "key": r"[\w.\[\]-]+",
    "kind": r"[^`]+",
    "other": r"[^`]+",
    "limit": r"[<>=]+ \S+",
    "file": r"(?:(?!: ).)*(?:[/\\]|\.toml)(?:(?!: ).)*",
}


def _pattern(sentence: str) -> re.Pattern[str]:
    """What the sentence looks like with its names and numbers in it."""
    parts = re.split(r"%\((\w+)\)s", sentence)
    shaped = [
        f"(?P<{part}>{_SHAPES.get(part, '.+')})" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    ]
    return re.compile("".join(shaped), re.DOTALL | re.IGNORECASE)


class Sentences:
    """The tables in one language, and those of the pages."""

    def __init__(self, own: NullTranslations, pages: NullTranslations) -> None:
        self._gettext = own.gettext
        self._words = Words(pages)
        self._exact = {*SAID, *MOVING, *FRAMES, *FOREIGN, *FAULTS, *FINDINGS}
        self._shaped = [(_pattern(text), text) for text in (*SAID, *FINDINGS, *FOREIGN) if "%(" in text]
        self._frames = [(_pattern(text), text) for text in FRAMES if "%(" in text]

    def error(self, failure: ComptoirError) -> tuple[str, str]:
        """Message and hint; a message that nobody translated stands behind the sentence for its kind."""
        message = self.known(failure.message)
        if message == failure.message and message not in KNOWN:
            what = _within(self._words.error(failure).what)
            message = self._gettext(msgid("%(what)s: %(detail)s")) % {"what": what, "detail": message}
        elif message == self._words.known(failure.message):
            message = _within(message)  # a page begins a line with it
        return message, self.known(failure.hint)

    def known(self, text: str) -> str:
        """The text in this language where it is known, else as it is."""
        if text in self._exact:
            return self._gettext(text)
        if text in KNOWN:
            return self._words.known(text)
        said = self._recognised(text, self._shaped) or self._words.known(text)
        return self._recognised(text, self._frames) or self._refused(text) if said == text else said

    def _refused(self, text: str) -> str:
        """What a form says of a value that the configuration refuses, as a part of a line."""
        said = self._words.refusal(text)
        return text if said == text else _within(said)

    def _recognised(self, text: str, shaped: Sequence[tuple[re.Pattern[str], str]]) -> str:
        """The first sentence that looks like the text, with its names and numbers; empty where none does."""
        for pattern, sentence in shaped:
            if found := pattern.fullmatch(text):
                parts = found.groupdict()
                values = {name: self.known(part) if name in _INNER else part for name, part in parts.items()}
                return self._gettext(sentence) % values
        return ""

    def part(self, text: str) -> str:
        """The same as a part of another sentence."""
        return _within(self.known(text))

    def status(self, word: str) -> str:
        return _within(self._words.status(word).word)

    def reason(self, word: str, message: str) -> str:
        """The sentence of a reason, and its own words where they tell more."""
        if not word:
            return _within(self.known(message))
        said = self._words.reason(word, detail=message)
        what, detail = _within(said.what), _within(said.detail)
        return self._gettext(msgid("%(what)s; %(detail)s")) % {"what": what, "detail": detail} if detail else what

    def evidence(self, kind: str, detail: str) -> str:
        if kind not in EVIDENCE:
            return kind
        said = self._words.evidence(Evidence(kind, detail))
        what = _within(said.what)
        return f"{what}, {_within(said.detail)}" if kind == "printed" and said.detail else what


def _within(sentence: str) -> str:
    """A sentence as a part of another one."""
    return sentence[:1].lower() + sentence[1:].removesuffix(".")
