"""Sentences that other parts say in English, which a page says in the reader's language. `words.py` looks them up.

A part that errs speaks English, as its log does; what people meet of it stands here, word for word (`KNOWN`) or with
the names and numbers in it (`SHAPED`). What a form's value is refused for: `refused_values.py`.
"""

from __future__ import annotations

from typing import Final

from comptoir.web.archive_sentences import ARCHIVE_SAYS
from comptoir.web.capture_sentences import CAPTURES_SAY
from comptoir.web.cups_sentences import CUPS_SAYS
from comptoir.web.destination_sentences import DESTINATIONS_SAY
from comptoir.web.document_sentences import DOCUMENTS_SAY
from comptoir.web.driver_sentences import DRIVERS_SAY
from comptoir.web.keeping_sentences import KEEPING_SAYS
from comptoir.web.locale import msgid
from comptoir.web.night_sentences import NIGHTS_SAY
from comptoir.web.port_sentences import PORTS_SAY
from comptoir.web.refused_values import TROUBLES
from comptoir.web.spooler_sentences import SPOOLERS_SAY

#: What the job's message is while its printer has stopped in the middle of it.
IN_THE_MIDDLE: Final = msgid("It stopped in the middle of this; it prints on when it can.")

#: Sentences that other parts say in English and that are known word for word.
KNOWN: Final = (
    msgid("Is the share mounted? Nothing is concluded from that; what comes there is taken."),
    msgid("Its folder cannot be reached."),
    msgid("Its folder is empty; perhaps a share is away."),
    msgid("A program has it open."),
    msgid("Something else is in its place by now."),
    msgid("It was about to leave when the service ended, and is not there any more."),
    msgid("Other files are in its directory, which stays."),
    msgid("Its folder is not in the configuration any more."),
    msgid("A person gave it up: the file stays where it is."),
    msgid("Nothing was accepted. Check the disk and the rights of the data folder."),
    msgid("Make room on the disk or check its rights; nothing was accepted."),
    msgid("Check the disk; `comptoir journal verify` says more."),
    msgid("No space left on device"),
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
    msgid("this computer slept while it printed"),
    msgid("this computer slept"),
    msgid("this computer slept before the pulse was sent; the drawer was not opened"),
    msgid("this computer has just woken up: the drawer may have been asked for before, and was not opened"),
    msgid("Ask once more."),
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
    msgid("as the settings say"),
    msgid("Is the server there? It is waited for."),
    msgid("Name a folder as its path."),
    msgid("Is its disk there? A service sees no drive letter that a person gave to a share: write its own address."),
    msgid("Let the service's user read it."),
    msgid("Make room on the disk or check its rights; the originals are untouched."),
    msgid("The page Folders names those that there are."),
    msgid("Look at it again."),
    msgid("before must be the number of a file"),
    msgid("Print it from another program."),
    msgid("Look at its display, then print it again."),
    msgid("Is the address of the printer right?"),
    msgid("Let this computer print there without a name and a password: in the settings of the printer or of CUPS."),
    msgid("it asks for a name and a password"),
    msgid("it does not let this computer print"),
    msgid("there is no printer at this address"),
    msgid("it wants an encrypted connection"),
    msgid("Write ipps: in place of ipp:."),
    msgid("there is no printer of this name"),
    msgid("there is no printer of this name any more"),
    msgid("it does not take documents of this kind"),
    msgid("Send it as PDF."),
    msgid("it cannot read the document"),
    msgid("the document is too large for it"),
    msgid("Print it in parts."),
    msgid("it cannot print with these wishes"),
    msgid("it cannot fulfil these wishes together"),
    msgid("Change copies, sides, tray or paper."),
    msgid("it is busy with another job"),
    msgid("it takes no jobs at the moment"),
    msgid("Let it take jobs again, at the printer or in CUPS."),
    msgid("it does not answer"),
    msgid("this printer takes no ready-made bytes"),
    msgid("Set it up with its port 9100 and a page language."),
    msgid("the connection broke, and the printer knows no such job"),
    msgid("the service stopped while this was sent, and the printer knows no such job any more"),
    msgid("it was not printed in time, and was taken back from the printer"),
    msgid("It takes nothing more for the moment: is there paper in it? It prints on when it can."),
    msgid("a printer of this kind tells nothing of itself"),
    msgid("Print a test, and look at it."),
)

#: Sentences that other parts say in English, with a name or a number in them; the first that fits is taken.
SHAPED: Final = (
    # An original, as station/leaving.py says it.
    (r"It cannot be touched: (?P<text>.*?)\.", msgid("It cannot be touched: %(text)s.")),
    (
        r"It cannot be moved to (?P<place>.*): (?P<text>.*?)\.",
        msgid("It cannot be moved to %(place)s: %(text)s."),
    ),
    # The archive, as sinks/maarch.py says it.
    (
        r"the archive refuses the token: (?P<text>.*?)\.? Generate .*",
        msgid(
            "The archive refuses the token: %(text)s. Generate one for the service account, and put it into "
            "the file of the token."
        ),
    ),
    (
        r"the archive does not allow this account to deposit: (?P<text>.*?)\.? Its administrator .*",
        msgid(
            "The archive does not allow this account to deposit: %(text)s. Its administrator can allow "
            "recordsManagement/archive/create."
        ),
    ),
    (
        r"the archive does not take the document: (?P<text>.*?)\.? Correct the destination.*",
        msgid(
            "The archive does not take the document: %(text)s. Correct the destination, or what the "
            "archive’s profile demands; then try again."
        ),
    ),
    (
        r"the document is larger than the server before the archive lets through \(413\)\. .*",
        msgid(
            "The document is larger than the server before the archive lets through. Its administrator can "
            "raise the limit."
        ),
    ),
    (
        r"the document did not arrive as it was sent: .*",
        msgid(
            "The document did not arrive as it was sent: something on the way changes what passes, a proxy "
            "or a virus scanner."
        ),
    ),
    (
        r"the archive cannot take it now: (?P<text>.*?)\.? It is tried again\.",
        msgid("The archive cannot take it now: %(text)s. It is tried again."),
    ),
    (
        r"the archive cannot take it now: (?P<text>.*?)\.? It was tried (?P<number>\d+) times\..*",
        msgid(
            "The archive does not take this document: %(text)s. It was tried %(number)s times; the "
            "archive’s own log says more."
        ),
    ),
    (
        r"(?P<name>\S+) does not answer as an archive does: (?P<text>.*?)\.? Check the keys url.*",
        msgid(
            "%(name)s does not answer as an archive does: %(text)s. Check its address, and the word by "
            "which it knows programs."
        ),
    ),
    (
        r"the archive’s database refused it: (?P<text>.*?)\.? Before it is sent again.*",
        msgid(
            "The archive’s database refused it: %(text)s. Before it is sent again, the archive is asked "
            "whether it has it."
        ),
    ),
    (
        r"the archive did not answer clearly: .* Before it is sent again.*",
        msgid("The archive did not answer clearly. Before the document is sent again, it is asked whether it has it."),
    ),
    (
        r"(?P<name>\S+) (?:did not answer|broke off after \d+ of \d+ bytes): .* Before it is sent again.*",
        msgid(
            "The connection to %(name)s broke before its answer. Before the document is sent again, the "
            "archive is asked whether it has it."
        ),
    ),
    # The certificate of an IPP printer.
    (
        r"its certificate is not trusted: its fingerprint is (?P<text>\S+)\. If it is .*",
        msgid(
            "Its certificate is not trusted. If the one with the fingerprint %(text)s is the printer’s own, write it "
            "behind its address: ?certificate=%(text)s"
        ),
    ),
    (
        r"its certificate is not the one that stands in its address: its fingerprint is (?P<text>\S+)\. .*",
        msgid(
            "Its certificate is not the one that stands in its address: it has the fingerprint %(text)s. It may be "
            "another machine."
        ),
    ),
    (
        r"the connection broke off (?P<number>\d+) times while the document was sent\. .*",
        msgid(
            "The connection broke off %(number)s times while the document was sent. Does a server on the way let "
            "documents as large as this through?"
        ),
    ),
    (
        r"the archive’s database refused it, perhaps because it has it already: (?P<text>.*?)\.? Look "
        r"for (?P<number>\S+) in the archive\..*",
        msgid("The archive refused it, perhaps because it has it already. Look for %(number)s in the archive."),
    ),
    (
        r"the archive said that it has (?P<number>\S+), and does not know it when asked\..*",
        msgid("The archive said that it has %(number)s, and does not know it when asked."),
    ),
    (
        r"(?P<name>.+) is empty, and the archive takes no empty files\..*",
        msgid("%(name)s is empty, and the archive takes no empty files."),
    ),
    (
        r"the file (?P<path>.+) holds no token of the archive: .*",
        msgid("The file %(path)s holds no token of the archive. Copy it again from the page of the service account."),
    ),
    (
        r"the (?:document cannot be kept|journal cannot be written): (?P<why>.*)",
        msgid("Nothing can be kept on the disk at the moment: %(why)s."),
    ),
    (r"[Tt]he journal cannot be read: (?P<why>.*)", msgid("The journal cannot be read: %(why)s.")),
    *DESTINATIONS_SAY,
    *DOCUMENTS_SAY,
    *ARCHIVE_SAYS,
    *KEEPING_SAYS,
    *NIGHTS_SAY,
    *PORTS_SAY,
    *CAPTURES_SAY,
    *CUPS_SAYS,
    *DRIVERS_SAY,
    *SPOOLERS_SAY,
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
    (r"[Tt]here is nothing at (?P<path>\S+)", msgid("There is nothing at this address: %(path)s.")),
    (r"The addresses are listed at /docs\.", msgid("All addresses are listed at /docs.")),
    (r"there is no (?:kind of )?(?:source|destination) “(?P<name>.*)”", msgid("There is no “%(name)s” here.")),
    (r"\w+ must be a whole number, not “(?P<text>.*)”", msgid("“%(text)s” is no whole number.")),
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
    (r"the connection broke while it was sent.*", msgid("The connection broke while it was sent.")),
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
    # Folders: why they cannot be read, and how they are watched.
    (
        r"a network or user file system \((?P<kind>.*)\) does not tell of all changes",
        msgid("A share of another computer (%(kind)s) does not tell of all changes."),
    ),
    (r"a removable disk \((?P<kind>.*)\) can be taken away", msgid("A removable disk (%(kind)s) can be taken away.")),
    (r"a local disk \((?P<kind>.*)\) tells of all changes", msgid("A local disk (%(kind)s) tells of all changes.")),
    (
        r"it is not known whether this file system \((?P<kind>.*)\) tells of all changes",
        msgid("It is not known whether this file system (%(kind)s) tells of all changes."),
    ),
    (r"the system gives no events here: (?P<detail>.*)", msgid("The system gives no news of this folder: %(detail)s")),
    (r"(?P<path>.+) does not answer", msgid("%(path)s does not answer.")),
    (r"(?P<path>.+) is not there", msgid("%(path)s is not there.")),
    (
        r"nothing of what was known is in (?P<path>.+)",
        msgid("Of all files that are known, none is in %(path)s: another folder stands there."),
    ),
    (r"(?P<path>.+) is no folder", msgid("%(path)s is no folder.")),
    (r"(?P<path>.+) may not be read", msgid("%(path)s may not be read.")),
    (
        r"files cannot be copied to the store: (?P<detail>.*)",
        msgid("Nothing can be kept on the disk of this service: %(detail)s"),
    ),
    (
        r"(?P<name>.+) has it instead of (?P<other>.+), which did not take it\.",
        msgid("%(name)s has it instead of %(other)s, which did not take it."),
    ),
    (r"there is no file (?P<number>\d+).*", msgid("There is no file %(number)s.")),
    (r"nothing of the file (?P<number>\d+) has failed", msgid("Nothing of this file has failed any more.")),
    (r"there is no destination “(?P<name>.*)”", msgid("No destination is called “%(name)s”.")),
    *TROUBLES,
    (
        r"The printer says: (?P<text>.*)",
        msgid("The printer says: %(text)s"),
    ),
    (
        r"it has stopped: (?P<text>.*)",
        msgid("It has stopped: %(text)s"),
    ),
    (
        r"it was cancelled at the printer(?P<text>.*)",
        msgid("It was cancelled at the printer%(text)s"),
    ),
    (
        r"the printer gave it up \((?P<text>.*)\)",
        msgid("The printer gave it up (%(text)s)"),
    ),
    (
        r"the printer gave it up after (?P<count>\d+) sides \((?P<text>.*)\)",
        msgid("The printer gave it up after %(count)s sides (%(text)s)"),
    ),
    (
        r"the printer cannot read it \((?P<text>.*)\)",
        msgid("The printer cannot read it (%(text)s)"),
    ),
    (
        r"this printer takes neither PDF nor PWG raster, but (?P<text>.*)",
        msgid("This printer takes neither PDF nor PWG raster, but %(text)s"),
    ),
    (
        r"the printer does not know its job (?P<number>\d+) any more",
        msgid("The printer does not know its job %(number)s any more"),
    ),
    (
        r"the printer was not asked: (?P<text>.*)",
        msgid("The printer was not asked: %(text)s"),
    ),
)
