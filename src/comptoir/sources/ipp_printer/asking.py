"""What a client asks and what it is answered, as values: between HTTP (`server.py`) and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from comptoir.core.kept import Capture
from comptoir.sources.ipp_printer.arriving import Body
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Message, Tag, Value
from comptoir.wire.ipp_codes import Status
from comptoir.wire.ipp_request import version_for

Values = tuple[Value, ...]

PATH: Final = "/ipp/print"
JOBS: Final = f"{PATH}/jobs/"
ICONS: Final = (48, 128, 512)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the printer is, as the client that asks has reached it. authority: host and port.

    secure: this client came by TLS. plain, encrypted: what the printer lets others come by.
    """

    authority: str
    secure: bool
    plain: bool
    encrypted: bool

    @property
    def printers(self) -> tuple[str, ...]:
        """The way of this client first."""
        ways = [scheme for scheme, open_ in (("ipp", self.plain), ("ipps", self.encrypted)) if open_]
        ways.sort(key=lambda scheme: (scheme == "ipps") != self.secure)
        return tuple(f"{scheme}://{self.authority}{PATH}" for scheme in ways)

    @property
    def printer(self) -> str:
        return f"{'ipps' if self.secure else 'ipp'}://{self.authority}{PATH}"

    def job(self, number: int) -> str:
        return f"{'ipps' if self.secure else 'ipp'}://{self.authority}{JOBS}{number}"

    def page(self, path: str = "/") -> str:
        return f"{'https' if self.secure else 'http'}://{self.authority}{path}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A well-formed request. attributes: of the operation. host: the client's address. account: as HTTP knows it."""

    message: Message
    attributes: Group
    body: Body
    places: Places
    host: str = ""
    account: str = ""

    @property
    def user(self) -> str:
        """Who it says it is: the account is one for all who print here, the name is each one's own."""
        said = self.attributes.first("requesting-user-name")
        return said if isinstance(said, str) and said else self.account or "anonymous"

    def text(self, name: str) -> str:
        """An operation attribute that is a text; "" where it is not there."""
        said = self.attributes.first(name)
        return said if isinstance(said, str) else ""

    def true(self, name: str) -> bool:
        return self.attributes.first(name) is True

    @property
    def requested(self) -> frozenset[str]:
        return frozenset(self.attributes.texts("requested-attributes"))


@dataclass(frozen=True, slots=True)
class Answer:
    """status: of `wire.ipp.Status`. taken: the print about which the client learns by this that it is kept."""

    status: int = Status.OK
    groups: tuple[Group, ...] = ()
    message: str = ""
    unsupported: Mapping[str, Values] = field(default_factory=dict)
    taken: Capture | None = None
    #: further attributes of the operation
    more: Mapping[str, Values] = field(default_factory=dict)

    def to(self, version: tuple[int, int], number: int) -> Message:
        """The message that says so."""
        first: dict[str, Values] = {
            "attributes-charset": v.charset("utf-8"),
            "attributes-natural-language": v.language("en"),
        }
        if self.message:
            first["status-message"] = v.text(v.shortened(self.message, 255))
        groups = [Group(Tag.OPERATION, {**first, **self.more})]
        if self.unsupported:
            groups.append(Group(Tag.UNSUPPORTED_GROUP, dict(self.unsupported)))
        return Message(self.status, number, (*groups, *self.groups), version_for(version))
