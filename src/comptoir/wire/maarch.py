"""Maarch RM's interface of deposits, as values: the body and the headers of a request, and what its answers mean.

Source: Maarch RM 2.9.1, `recordsManagement/archiveInterface.php`, `Message/archive.php`, `core/laabsAppTrait.php`.

Three things of it must be known. A document travels inside of JSON, as base64 in one line: with line breaks it is
refused, or stored damaged. `hash` beside it is compared on receipt. And the status of an answer tells nothing alone:
errors without a code of their own, those of its database among them, arrive as 200 with the header X-Laabs-Exception.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote, unquote

#: where requests go, below the address of the site
DEPOSIT: Final = "/recordsManagement/archive"
#: the header that says that an answer is an error, whatever its status
EXCEPTION: Final = "X-Laabs-Exception"
COOKIE: Final = "LAABS-AUTH"
#: bytes of an answer that are read: its errors are short
LONGEST_ANSWER: Final = 65_536

_TOKEN: Final = re.compile(r"[A-Za-z0-9+/=_.~-]+")
_IDENTIFIER: Final = re.compile(r"[^A-Za-z0-9_-]")


def archive_id(uid: str) -> str:
    """The archive's identity for a job's: deposited twice, it is known. Its paths allow letters, digits, - and _."""
    return f"cpt_{_IDENTIFIER.sub('_', uid)}"


def exists_path(archive: str) -> str:
    return f"{DEPOSIT}/{quote(archive, safe='')}/Exists"


def search_path(archive: str, digest: str) -> str:
    """Asks for the resources of an archive with this hash."""
    return (
        "/digitalResource/digitalResource/Finddocuments"
        f"?hash={quote(digest, safe='')}&hashAlgorithm=SHA256&archiveId={quote(archive, safe='')}"
    )


# -- headers ----------------------------------------------------------------------------------------------------------


def headers(token: str, version: str, client_token: str) -> dict[str, str]:
    """The headers of every request. `token`: as `cookie_value` has made it."""
    return {
        "Accept": "application/json",
        "User-Agent": f"Comptoir/{version} {client_token}",
        "Cookie": f"{COOKIE}={token}",
    }


def cookie_value(text: str) -> str:
    """The token as it travels: percent-encoded once, whether it was so already. Raises ValueError for what is none.

    `text`: what stands in the token's file: the token as the administration shows it, in either form.
    """
    token = text.strip().removeprefix(f"{COOKIE}=").strip().strip("\"'")
    if "%" in token:  # base64 has none
        token = unquote(token)
    if not _TOKEN.fullmatch(token):
        raise ValueError("expected letters, digits, +, / and = in one line")
    return quote(token, safe="")


def cookie_forms(value: str) -> tuple[str, ...]:
    """How the token of a cookie can be written: what must not be shown."""
    return value, unquote(value)


# -- the body ---------------------------------------------------------------------------------------------------------

Value: TypeAlias = "str | int | float | bool | Sequence[str] | Mapping[str, Value]"


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of an archive. `digest`: SHA-256 in hexadecimal."""

    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """One archive as it is to be. `values`: by the names of the interface; what is empty is left out."""

    archive_id: str
    values: Mapping[str, Value]
    resources: tuple[Resource, ...]

    @property
    def length(self) -> int:
        """Bytes of the whole body."""
        return sum(len(part) if isinstance(part, bytes) else encoded_length(part.size) for part in self.parts())

    def parts(self) -> Iterator[bytes | Resource]:
        """The body in order: bytes, and the resources whose content stands there as base64."""
        known = {"archiveId": self.archive_id, **_without_empty(self.values)}
        yield b'{"archive":' + _json(known)[:-1] + b',"digitalResources":['
        for number, resource in enumerate(self.resources):
            yield (b"," if number else b"") + _json(_facts(resource))[:-1] + b',"handler":"'
            yield resource
            yield b'"}'
        yield b']},"zipContainer":false}'


def _facts(resource: Resource) -> dict[str, str | int]:
    _, dot, extension = resource.name.rpartition(".")
    facts: dict[str, str | int] = {"fileName": resource.name}
    if dot and extension:
        facts["fileExtension"] = extension.lower()
    return facts | {
        "mimetype": resource.media_type,
        "size": resource.size,
        "hash": resource.digest,
        "hashAlgorithm": "SHA256",
    }


def _without_empty(values: Mapping[str, Value]) -> dict[str, Value]:
    full = ((name, _full(value)) for name, value in values.items())
    return {name: value for name, value in full if value not in ("", [], {})}


def _full(value: Value) -> Value:
    if isinstance(value, Mapping):
        return _without_empty(value)
    if isinstance(value, str | int | float):
        return value
    return [one for one in value if one]


def _json(value: object) -> bytes:
    # Names of files may have halves of characters, which no server takes.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def encoded_length(size: int) -> int:
    """Characters of base64 for so many bytes."""
    return (size + 2) // 3 * 4


# -- answers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `exception`: the header of that name; None where there is none. `whole`: the body came whole."""

    status: int
    exception: str | None
    body: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Stored:
    """It has the archive, under this identity."""

    archive_id: str


#: what an answer that is no success means:
#:   token      it does not know who asks            forbidden  the account may not do this
#:   declined   it will not have this document       too-big    a server on the way takes no request of this size
#:   damaged    what arrived is not what its hash says
#:   busy       it cannot at the moment, for a reason of its own
#:   elsewhere  what answered is not the interface: the address is wrong, or programs are known by another word
#:   database   an error of its database, an identity that it has already among them: it may have the archive
#:   unclear    no error, and no identity either: it may have the archive
Kind = Literal["token", "forbidden", "declined", "too-big", "damaged", "busy", "elsewhere", "database", "unclear"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """`words`: the server's own, in one line, or what else there is to say."""

    kind: Kind
    words: str


#: what the message of an answer with status 200 begins with → what it means
_SAID: Final[tuple[tuple[str, Kind], ...]] = (
    ("invalid hash", "damaged"),
    ("missing hash", "declined"),
    ("the deposit has been blocked", "busy"),
    ("the container file", "declined"),
)
_BY_STATUS: Final[Mapping[int, Kind]] = {
    400: "declined", 401: "token", 403: "forbidden", 404: "declined", 408: "busy", 413: "too-big", 422: "declined",
    425: "busy", 429: "busy",
}  # fmt: skip


def read_deposit(answer: Answer) -> Stored | Trouble:
    """What became of a deposit. `Stored` for one answer only: 200, no exception, an identity as JSON."""
    if answer.status != 200 or answer.exception is not None:
        return _trouble(answer)
    value = _value(answer)
    if isinstance(value, str) and _line(value):
        return Stored(_line(value)[:300])
    if isinstance(value, dict) and value.get("message"):
        return _said(_words(answer, value))
    if answer.whole and answer.body.lstrip()[:1] == b"<":
        return Trouble("elsewhere", "a page for people")
    return Trouble("unclear", "an answer without the archive's identity")


def read_exists(answer: Answer, archive: str) -> bool | Trouble:
    """Whether it knows the archive."""
    if answer.status == 200 and answer.exception is None:
        value = _value(answer)
        if isinstance(value, dict) and isinstance(value.get("exist"), bool) and value.get("archiveId") == archive:
            return bool(value["exist"])
        return Trouble("elsewhere", "an answer that does not say whether it has the archive")
    return _trouble(answer)


def read_found(answer: Answer, archive: str) -> frozenset[str] | Trouble:
    """The hashes of the resources that it found in this archive, in small letters."""
    if answer.status == 200 and answer.exception is None:
        value = _value(answer)
        if isinstance(value, list):
            rows = [row for row in value if isinstance(row, dict) and row.get("archiveId") == archive]
            return frozenset(str(row.get("hash", "")).lower() for row in rows)
        return Trouble("elsewhere", "an answer that is no list of resources")
    return _trouble(answer)


def _trouble(answer: Answer) -> Trouble:
    value = _value(answer)
    words = _words(answer, value)
    status = answer.status
    if status == 200:
        return _said(words)
    if 200 < status < 300:
        return Trouble("unclear", words)
    if status >= 500 or status < 200:
        return Trouble("busy", words)
    if 300 <= status < 400:
        return Trouble("elsewhere", f"a redirection ({status})")
    is_its_own = answer.exception is not None or (isinstance(value, dict) and "message" in value)
    if status in (404, 405) and not is_its_own:
        return Trouble("elsewhere", f"status {status}")
    return Trouble(_BY_STATUS.get(status, "declined"), words)


def _said(words: str) -> Trouble:
    """An error that arrived as 200, by its words. One that is not known may be any."""
    said = words.lower()
    kind: Kind = next((kind for start, kind in _SAID if said.startswith(start)), "database")
    return Trouble(kind, words)


def _value(answer: Answer) -> Any:
    """The body as JSON; None where it is none."""
    try:
        return json.loads(answer.body.decode("utf-8-sig")) if answer.whole else None
    except (ValueError, RecursionError):
        return None


def _words(answer: Answer, value: Any) -> str:
    """What the server says, in its own words, on one line; its status where it says nothing."""
    said = value.get("message") if isinstance(value, dict) else None
    if isinstance(said, str) and said.strip():
        text = _with_variables(said, value.get("variables"))
    else:
        text = (answer.exception or "").partition(";")[2]
    return _line(text) or f"status {answer.status}"


def _line(text: str) -> str:
    """The text as one line that can be shown. It is not cut: half of a token would not be known as one any more."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _with_variables(text: str, variables: object) -> str:
    """'Metadata %1$s is not allowed' with what it speaks of."""
    if not isinstance(variables, list):
        return text
    rest = iter(variables)

    def said(found: re.Match[str]) -> str:
        number = int(found[1]) - 1 if found[1] else None
        if number is None:
            return str(next(rest, found[0]))
        return str(variables[number]) if 0 <= number < len(variables) else found[0]

    return re.sub(r"%(?:([1-9][0-9]?)\$)?s", said, text)
