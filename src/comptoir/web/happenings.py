"""What the events of the journal say to people: a group and a sentence for each kind, and who was behind it.

The log and the journal page say the same sentences. Jobs have pages of their own, and words in `words.py`. Secrets
never reach the journal, so none can come out here; what others wrote is cut short, and made harmless by who shows it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from comptoir.core.record import Event
from comptoir.web.guard import is_loopback
from comptoir.web.locale import msgid
from comptoir.web.words import ERRORS, EVENTS, Words

Group = Literal["drawer", "access", "settings", "prints", "folders", "archive"]

#: characters of a value in a sentence
LONGEST: Final = 200
#: reasons that are words of ours, for programs
_OURS: Final = frozenset({"page", "host", "set-up"})
#: who sits at the machine itself, where nobody is signed in
NOBODY: Final = ("", "console")


@dataclass(frozen=True, slots=True)
class Happening:
    """A kind of event. `level`: in the log; 0: it does not stand there."""

    group: Group
    sentence: str
    level: int = logging.INFO


_WARNING: Final = logging.WARNING

#: kind of event, or kind and outcome → what it says
HAPPENINGS: Final[dict[str, Happening]] = {
    "drawer-asked": Happening("drawer", msgid("Cash drawer asked to open: %(printer)s"), 0),
    "drawer-opened": Happening("drawer", msgid("Cash drawer opened successfully: %(printer)s")),
    "drawer-opened opened": Happening(
        "drawer", msgid("Cash drawer opened successfully: %(printer)s (its sensor says so)")
    ),
    "drawer-opened was-open": Happening("drawer", msgid("Cash drawer open already: %(printer)s (its sensor says so)")),
    "drawer-opened processed": Happening(
        "drawer", msgid("Cash drawer opened successfully: %(printer)s (the printer has sent the pulse)")
    ),
    "drawer-opened sent": Happening(
        "drawer", msgid("Cash drawer opened successfully: %(printer)s (pulse sent, this printer confirms nothing)")
    ),
    "drawer-failed": Happening("drawer", msgid("Cash drawer not opened: %(printer)s. %(why)s"), logging.ERROR),
    "drawer-refused": Happening(
        "drawer", msgid("Cash drawer not opened: %(printer)s. It was asked to open a moment ago."), _WARNING
    ),
    "drawer-learned": Happening("drawer", msgid("Cash drawer opened to look for its sensor: %(printer)s")),
    "drawer-is-open": Happening("drawer", msgid("The sensor of the drawer says open: %(printer)s")),
    "drawer-is-closed": Happening("drawer", msgid("The sensor of the drawer says closed: %(printer)s")),
    "page-refused": Happening("access", msgid("Web page refused: %(page)s asked for %(path)s (×%(count)s)"), _WARNING),
    "site-allowed": Happening("access", msgid("Site allowed: %(page)s")),
    "signed-in": Happening("access", msgid("Signed in")),
    "sign-in-refused": Happening("access", msgid("Sign-in refused: wrong password"), _WARNING),
    "signed-out": Happening("access", msgid("Signed out")),
    "signed-out everywhere": Happening("access", msgid("Signed out everywhere")),
    "password-set": Happening("access", msgid("Password set")),
    "pairing-refused": Happening("access", msgid("Pairing refused"), _WARNING),
    "paired": Happening("settings", msgid("Station paired with the hub %(hub)s")),
    "unlinked": Happening("settings", msgid("Station unlinked from its hub")),
    "logs-read": Happening("access", msgid("Log read")),
    # Whoever purges says it in the new log: the line of this event would go with the old one.
    "logs-purged": Happening("access", msgid("Log purged: %(files)s file(s), %(bytes)s bytes"), 0),
    "journal-checked": Happening(
        "access", msgid("Journal checked: as it was written, %(events)s events, last hash %(head)s")
    ),
    "journal-checked damaged": Happening(
        "access", msgid("Journal checked: NOT as it was written, %(findings)s findings"), logging.ERROR
    ),
    "settings-changed": Happening("settings", msgid("Settings changed: %(keys)s")),
    "restart-asked": Happening("settings", msgid("Restart asked for")),
    "certificate-made": Happening("settings", msgid("Certificate made")),
    "trust-installed": Happening("settings", msgid("Certificate authority installed on this computer")),
    "test-printed": Happening("settings", msgid("Test printed while a printer was set up: %(printer)s")),
    "printer-probed": Happening("settings", msgid("Printer asked what it can do: %(printer)s")),
    "invoices-purged": Happening(
        "settings", msgid("Folder of invoices purged: %(removed)s removed, %(left)s not printed yet and kept")
    ),
    "jobs-purged": Happening("settings", msgid("Old prints forgotten: %(count)s")),
    "folder-begun": Happening(
        "folders", msgid("Folder watched from now on: %(source)s; left alone of what lay there: %(left_alone)s")
    ),
    "file-taken": Happening("folders", msgid("File copied and taken: %(path)s (%(source)s), %(size)s bytes")),
    "lot-taken": Happening("folders", msgid("Directory taken as one unit: %(path)s (%(source)s), %(files)s files")),
    "file-returned": Happening("folders", msgid("File that had gone is back: %(path)s (%(source)s)")),
    "file-waiting": Happening("folders", msgid("File tried again: %(path)s (%(source)s)")),
    "file-failed": Happening("folders", msgid("File not delivered: %(path)s (%(source)s). %(message)s"), logging.ERROR),
    "file-delivered": Happening("folders", msgid("File delivered to all its destinations: %(path)s (%(source)s)")),
    "file-given-up": Happening("folders", msgid("File given up, it stays in its folder: %(path)s (%(source)s)")),
    "original-going": Happening("folders", msgid("Original about to leave: %(path)s (%(source)s)"), 0),
    "original-waits": Happening(
        "folders", msgid("Original not removed yet: %(path)s (%(source)s). %(message)s"), _WARNING
    ),
    "original-kept": Happening("folders", msgid("Original left in its folder: %(path)s (%(source)s)")),
    "original-deleted": Happening("folders", msgid("Original removed: %(path)s (%(source)s)")),
    "original-moved": Happening("folders", msgid("Original moved: %(path)s (%(source)s) to %(to)s")),
    "original-left": Happening(
        "folders", msgid("Original not touched, it is not as it was: %(path)s (%(source)s). %(message)s"), _WARNING
    ),
    "document-kept": Happening("archive", msgid("Document %(kept)s kept in the archive (%(source)s)"), 0),
    "document-held": Happening("archive", msgid("Documents put on legal hold: %(kept)s")),
    "document-released": Happening("archive", msgid("Legal hold lifted from the documents: %(kept)s")),
    "documents-eliminated": Happening(
        "archive", msgid("Documents eliminated after their time of keeping: %(count)s (%(why)s)"), _WARNING
    ),
    "documents-exported": Happening(
        "archive", msgid("Documents exported: %(documents)s, SHA-256 of the manifest %(manifest)s")
    ),
    "night-noted": Happening("archive", msgid("Note of the night of %(date)s changed")),
    "night-signed": Happening("archive", msgid("Night of %(date)s signed")),
    "night-sent": Happening("archive", msgid("Reports of the night of %(date)s sent as one PDF")),
    "export-removed": Happening("archive", msgid("Export removed, the archive stays as it was: %(name)s")),
}

#: jobs have sentences of their own
_PRINT: Final = Happening("prints", "", 0)

#: the kinds of each group
GROUPS: Final[dict[Group, tuple[str, ...]]] = {
    "drawer": tuple(kind for kind, one in HAPPENINGS.items() if one.group == "drawer" and " " not in kind),
    "access": tuple(kind for kind, one in HAPPENINGS.items() if one.group == "access" and " " not in kind),
    "settings": tuple(kind for kind, one in HAPPENINGS.items() if one.group == "settings" and " " not in kind),
    "prints": tuple(EVENTS),
    "folders": tuple(kind for kind, one in HAPPENINGS.items() if one.group == "folders" and " " not in kind),
    "archive": tuple(kind for kind, one in HAPPENINGS.items() if one.group == "archive" and " " not in kind),
}

_FROM_HERE: Final = msgid("from this computer")
_OWNER: Final = msgid("the owner")
_THE_OWNER: Final = ("user", "owner")
#: field of an event → how it names who was behind it
_WHO: Final[dict[str, str]] = {
    "site": msgid("site %(site)s"),
    "user": msgid("user %(user)s"),
    "host": msgid("from %(host)s"),
    "reason": msgid("reason “%(reason)s”"),
    "order": msgid("sale %(order)s"),
}


def body_of(event: Event) -> dict[str, Any]:
    """The fields of an event; none where they cannot be read. Whoever is called `peer` or stands in `who` is found
    under `user`, `host` and `site`."""
    try:
        body = msgspec.json.decode(event.body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}
    who = body.get("who")
    if isinstance(who, dict):
        body = {**who, **body}
    if event.kind in GROUPS["archive"]:
        body = {"user": body.get("by", ""), **body}
    return {"host": body["peer"], **body} if "peer" in body else body


def level_of(event: Event) -> int:
    """How much it matters in the log; 0: it does not stand there."""
    return _of(event.kind, body_of(event)).level


def tell(event: Event, words: Words) -> str:
    """What happened, and who was behind it, in one line."""
    body = body_of(event)
    named = {**body, "site": ""} if "%(page)s" in _of(event.kind, body).sentence else body
    return " · ".join([_sentence(event, body, words), *who(named, words)])


def who(body: Mapping[str, Any], words: Words) -> list[str]:
    """By whom, from where, why: as far as the event tells."""
    told = []
    for field, sentence in _WHO.items():
        value = _short(body.get(field))
        if not value or (field == "user" and value in NOBODY) or (field == "reason" and value in _OURS):
            continue
        known = _FROM_HERE if field == "host" and is_loopback(value) else _OWNER if (field, value) == _THE_OWNER else ""
        told.append(words.text(known or sentence) % {field: value})
    return told


def _sentence(event: Event, body: Mapping[str, Any], words: Words) -> str:
    if event.kind not in HAPPENINGS:
        return _job(event, body, words)
    values = {name: _short(value) for name, value in body.items()}
    values["why"] = values.get("why") or why(body, words)
    values["message"] = words.known(values.get("message", ""))
    values["page"] = values.get("site") or words.text(msgid("a page that hides where it comes from"))
    return words.text(_of(event.kind, body).sentence) % _Known(values)


def why(body: Mapping[str, Any], words: Words) -> str:
    """Why a drawer was not opened: the sentence of the error where it is known, else its code's."""
    message = _short(body.get("message"))
    said = words.known(message)
    code = _short(body.get("error"))
    return said if said != message else words.text(ERRORS.get(code, ERRORS["error"]))


def _job(event: Event, body: Mapping[str, Any], words: Words) -> str:
    what = words.event(event.kind, _short(body.get("message")))
    if event.job_id is None:
        return what
    values = {"number": event.job_id, "what": what[:1].lower() + what[1:]}
    return words.text(msgid("Print %(number)s: %(what)s")) % values


def _of(kind: str, body: Mapping[str, Any]) -> Happening:
    outcome = "everywhere" if body.get("all") else body.get("outcome")
    return HAPPENINGS.get(f"{kind} {outcome}") or HAPPENINGS.get(kind) or _PRINT


class _Known(dict[str, str]):
    """What an older event does not tell is a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def _short(value: object) -> str:
    """A value as text, cut short."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
