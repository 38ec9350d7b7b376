"""Templates of names and of metadata: "{folder}_{name}_{date:%Y%m%d}{ext}". Pure.

    template = { text | "{{" | "}}" | "{" field [ ":" times ] { "|" filter } "}" }
    filter   = "date" [ ":" times ] | "number" | "default:" text

It is a grammar of its own and not `str.format`, which reaches attributes and has a language of widths: a template is
what an owner types, and a value what a stranger's file says. A value is never read as a template.

`times` is a format with the letters of TIMES, alike on every system. A value that is not there is the empty text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from comptoir.core.document import Document
from comptoir.core.job import Job
from comptoir.core.lot import LOT
from comptoir.core.names import safe_name, safe_path
from comptoir.core.reading import date_of, number_of

#: field → what it says
FIELDS: Final[Mapping[str, str]] = {
    "name": "the document's name without its extension",
    "ext": "its extension with the dot",
    "file": "its name with the extension",
    "folder": "the name of the directory that it was in",
    "path": "its path in the source's folder",
    "source": "the name of its source",
    "title": "the title that the sender gave",
    "user": "who sent it",
    "host": "from which machine",
    "date": "the day on which it was taken: 2026-11-21",
    "time": "the time of day then: 14:05:03",
    "modified": "when the file was last changed: 2026-11-21T14:05:03+01:00",
    "size": "bytes",
    "digest": "SHA-256 in hexadecimal",
    "media_type": "application/pdf",
    "id": "the job's number",
    "uid": "the job's identity, the same when it is tried again",
    "n": "1, 2, 3: its number in its lot",
}

#: letters of a format of times → the same for every year, system and language
TIMES: Final[Mapping[str, Callable[[datetime], str]]] = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "d": lambda at: f"{at.day:02}",
    "H": lambda at: f"{at.hour:02}",
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "j": lambda at: f"{at.timetuple().tm_yday:03}",
    "V": lambda at: f"{at.isocalendar().week:02}",
    "%": lambda at: "%",
}
_DAY: Final = "%Y-%m-%d"
_TIME: Final = "%H:%M:%S"
#: the fields that are moments
_MOMENTS: Final = frozenset({"date", "time", "modified"})
#: {…} with anything but braces in it; what is doubled; a brace that is alone; text
_PIECE: Final = re.compile(r"(?P<twice>\{\{|\}\})|\{(?P<field>[^{}]*)\}|(?P<alone>[{}])|(?P<text>[^{}]+)")


class WrongTemplate(ValueError):
    """The text is no template. Its words say why."""


Step = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Slot:
    """One field: its name, its own format of times, and what is done to its value."""

    name: str
    times: str
    steps: tuple[Step, ...]
    #: its value is not a stranger's: it may lead to other directories
    is_ours: bool

    def part(self, fields: Mapping[str, str]) -> str:
        value = self.value(fields)
        return value if self.is_ours else re.sub(r"[/\\]", "_", value)

    def value(self, fields: Mapping[str, str]) -> str:
        value = fields.get(self.name, "")
        if self.times:
            at = _moment(self.name, fields)
            value = "" if at is None else formatted(at, self.times)
        for step in self.steps:
            value = step(value)
        return value


class Template:
    """A checked template. `also`: names of fields besides FIELDS: what patterns have found. Raises WrongTemplate."""

    __slots__ = ("_pieces", "text")

    def __init__(self, text: str, also: Iterable[str] = ()) -> None:
        self.text = text
        known = {*FIELDS, *also}
        self._pieces = tuple(_piece(found, known) for found in _PIECE.finditer(text))

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields in it."""
        return frozenset(piece.name for piece in self._pieces if isinstance(piece, _Slot))

    def fill(self, fields: Mapping[str, str]) -> str:
        """The text with the values in their places. A date that is none, and what is not there, is empty."""
        return "".join(piece if isinstance(piece, str) else piece.value(fields) for piece in self._pieces)

    def fill_path(self, fields: Mapping[str, str]) -> str:
        """The same as a relative path with / between names, each of which can be a file's on any system.

        Directories come from the template, its formats of times, and {path}: a / in any other value is none.
        """
        parts = [piece if isinstance(piece, str) else piece.part(fields) for piece in self._pieces]
        return safe_path("".join(parts))

    def __repr__(self) -> str:
        return f"Template({self.text!r})"


# -- reading a template -----------------------------------------------------------------------------------------------


def _piece(found: re.Match[str], known: set[str]) -> str | _Slot:
    if found["text"] is not None:
        return found["text"]
    if found["twice"] is not None:
        return found["twice"][0]
    if found["alone"] is not None:
        raise WrongTemplate(
            f"there is a single “{found['alone']}”; write {found['alone'] * 2} for the character itself"
        )
    head, *filters = found["field"].split("|")
    name, _, times = head.partition(":")
    if name not in known:
        raise WrongTemplate(f"there is no field {{{name}}}; known fields: {', '.join(sorted(known))}")
    if times and name not in _MOMENTS:
        raise WrongTemplate(f"{{{name}}} is no moment: “{times}” cannot be its format")
    is_ours = bool(times) or name == "path" or any(text.startswith("date") for text in filters)
    return _Slot(name, _checked(times), tuple(_filter(text) for text in filters), is_ours)


def _filter(text: str) -> Step:
    name, colon, argument = text.partition(":")
    if name == "date":
        times = _checked(argument) or _DAY
        return lambda value: _dated(value, times)
    if name == "number" and not colon:
        return number_of
    if name == "default" and colon:
        return lambda value: value or argument
    raise WrongTemplate(f"“{text}” is no filter; known filters: date, number, default:TEXT")


def _checked(times: str) -> str:
    """Raises WrongTemplate for letters that TIMES does not have."""
    for letter in re.findall(r"%(.?)", times):
        if letter not in TIMES:
            raise WrongTemplate(f"“%{letter}” is no part of a time; known: {' '.join(f'%{one}' for one in TIMES)}")
    return times


def formatted(at: datetime, times: str) -> str:
    """The moment as the format says; see TIMES."""
    return re.sub("%(.)", lambda found: TIMES[found[1]](at), times)


def _dated(value: str, times: str) -> str:
    day = date_of(value)
    return "" if day is None else formatted(day, times)


def _moment(name: str, fields: Mapping[str, str]) -> datetime | None:
    """The value of a field that is a moment; `date` and `time` are one."""
    text = fields.get("modified", "") if name == "modified" else f"{fields.get('date', '')}T{fields.get('time', '')}"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


# -- the values -------------------------------------------------------------------------------------------------------


def file_fields(path: str, at: int, *, modified: str = "", source: str = "", file: str = "") -> dict[str, str]:
    """What is known of a file before it is a document. `path`: relative, with /. `at`: ms, when it was taken.

    `file`: how it is called now, where that is not the last name of its path.
    """
    taken = datetime.fromtimestamp(at / 1000, UTC).astimezone()
    file = file or path.rpartition("/")[2]
    stem, dot, ext = file.rpartition(".")
    # .profile is a name and no extension.
    name, ext = (stem, dot + ext) if stem.strip(".") else (file, "")
    folder = path.rpartition("/")[0].rpartition("/")[2]
    return {
        "name": name,
        "ext": ext,
        "file": file,
        "folder": folder,
        "path": path,
        "source": source,
        "date": formatted(taken, _DAY),
        "time": formatted(taken, _TIME),
        "modified": modified,
        "n": "1",
    }


def fields_of(job: Job, document: Document) -> dict[str, str]:
    """Every field of a document on its way to a destination.

    {file} is what the document is called, which a route may have decided; {path} is where its original lay.
    """
    known = job.attributes
    path = known.get("path", "") or document.name
    fields = file_fields(
        path, job.created_at, modified=known.get("modified", ""), source=known.get("source", "") or job.origin.source,
        file=document.name.rpartition("/")[2],
    )  # fmt: skip
    if document.media_type == LOT:
        # A directory's name has no extension.
        fields |= {"name": fields["file"], "ext": ""}
    return fields | {
        "folder": known.get("folder", "") or fields["folder"],
        "title": job.title,
        "user": job.origin.user,
        "host": job.origin.host,
        "size": str(document.size),
        "digest": document.digest,
        "media_type": document.media_type,
        "id": str(job.id),
        "uid": job.uid,
    }


__all__ = ["FIELDS", "TIMES", "Template", "WrongTemplate", "fields_of", "file_fields", "safe_name", "safe_path"]
