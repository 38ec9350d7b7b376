"""The line printer daemon protocol, RFC 1179: commands, control files, answers. Pure; it moves no byte.

A sender says a line, then perhaps a file with its size in the line; each is answered with one octet, 0 for yes. What
programs do beside the RFC is read too: sizes that are not known before the end, sections in any order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from comptoir.core.print_header import words_of

YES: Final = b"\0"
NO: Final = b"\1"

LONGEST_LINE: Final = 1024
LARGEST_CONTROL: Final = 65_536
#: data files of one job
MOST_FILES: Final = 64
#: prints of one data file: its copies
MOST_COPIES: Final = 999
#: Windows claims a size like this where it does not count bytes before it sends them
UNCOUNTED: Final = 10**13


class BadLpd(ValueError):
    """What came is no line printer protocol."""


class Ask(IntEnum):
    """What a connection is for, RFC 1179 §5."""

    PRINT_WAITING = 1
    RECEIVE = 2
    SHORT_STATE = 3
    LONG_STATE = 4
    REMOVE = 5


class Section(IntEnum):
    """What a sender of a job says, RFC 1179 §6."""

    ABORT = 1
    CONTROL_FILE = 2
    DATA_FILE = 3


@dataclass(frozen=True, slots=True)
class Command:
    """The first line of a connection. about: the agent and the jobs that it names."""

    ask: Ask
    queue: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Announced:
    """A line of who sends a job. size: bytes; None: they end with the connection."""

    section: Section
    name: str = ""
    size: int | None = 0


@dataclass(frozen=True, slots=True)
class Printing:
    """A data file of a job. source: what it was called where it came from."""

    name: str
    copies: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class ControlFile:
    """What a control file says, RFC 1179 §7."""

    host: str = ""
    user: str = ""
    job: str = ""
    title: str = ""
    files: tuple[Printing, ...] = ()

    def called(self, file: Printing) -> str:
        """The title of one of its files: the job's name; where it has several, each one's own."""
        if len(self.files) > 1:
            return file.source or self.job or self.title
        return self.job or file.source or self.title


def command(line: bytes) -> Command:
    """The first line, without its end. Raises BadLpd."""
    try:
        ask = Ask(line[0])
    except (IndexError, ValueError):
        raise BadLpd("no command of the line printer protocol") from None
    queue, *about = [words_of(word) for word in line[1:].split()] or [""]
    return Command(ask, queue, tuple(about))


def announced(line: bytes) -> Announced:
    """A line of who sends a job, without its end. Raises BadLpd."""
    try:
        section = Section(line[0])
    except (IndexError, ValueError):
        raise BadLpd("no part of a job") from None
    if section is Section.ABORT:
        return Announced(section)
    found = re.fullmatch(rb"\s*(\d{1,18})(?:\s+(.*?))?\s*", line[1:], re.DOTALL)
    if found is None:
        raise BadLpd("no size of a file")
    size, name = int(found[1]), words_of(found[2] or b"")
    if section is Section.CONTROL_FILE:
        if size > LARGEST_CONTROL:
            raise BadLpd("the control file is too large")
        return Announced(section, name, size)
    return Announced(section, name, None if size >= UNCOUNTED else size)


#: lines that print a file, in one or the other way (§7.17 to §7.29, and o of CUPS and others for PostScript)
_PRINTS: Final = frozenset("cdfglnoprtv")


def control_file(content: bytes) -> ControlFile:
    """What it says; lines that are not known mean nothing. Raises BadLpd for more files than anybody prints."""
    said: dict[str, str] = {}
    copies: dict[str, int] = {}
    sources: dict[str, str] = {}
    last = ""
    for line in filter(None, content.splitlines()):
        letter, word = line[:1].decode("latin-1"), words_of(line[1:])
        if letter in _PRINTS:
            last = word
            copies[word] = min(copies.get(word, 0) + 1, MOST_COPIES)
        elif letter == "N":
            sources.setdefault(last, word)
        else:
            said.setdefault(letter, word)
    if len(copies) > MOST_FILES:
        raise BadLpd("too many files in one job")
    files = tuple(Printing(name, count, sources.get(name, "")) for name, count in copies.items())
    return ControlFile(said.get("H", ""), said.get("P", ""), said.get("J", ""), said.get("T", ""), files)


def state_of(queue: str, trouble: str, under_way: Sequence[str], *, long: bool) -> bytes:
    """What a queue says of itself (§5.3, §5.4): a text for people. under_way: jobs that are coming in."""
    lines = [f"{queue or 'lp'}: {trouble or 'ready'}"]
    if under_way:
        lines += [f"{rank}. {title}" if long else title for rank, title in enumerate(under_way, 1)]
    else:
        lines.append("no entries")
    return "".join(f"{line}\n" for line in lines).encode()
