"""What in a configuration names a printer, a folder or a destination: said before one goes, and carried along when one
is renamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from comptoir.config import Config
from comptoir.settings import Edit, Remove, Set

What = Literal["drawer", "epos", "hw_proxy", "route", "fallback", "invoices", "first", "night"]


@dataclass(frozen=True, slots=True)
class Use:
    """Something that names it. `source`: where the documents of a route come from; `others`: where else they go."""

    what: What
    source: str = ""
    others: tuple[str, ...] = ()


def uses_of_printer(config: Config, name: str) -> list[Use]:
    """What changes when this printer goes."""
    found: list[Use] = []
    if name == config.drawer.printer:
        found.append(Use("drawer"))
    if name == config.epos.printer:
        found.append(Use("epos"))
    if name == config.hw_proxy.printer:
        found.append(Use("hw_proxy"))
    found += uses_of_destination(config, name)
    found += [Use("fallback", route.source) for route in config.route if route.fallback == name]
    if len(config.printer) > 1 and config.printer[0].name == name:
        found.append(Use("first", others=(config.printer[1].name,)))
    return found


def uses_of_destination(config: Config, name: str) -> list[Use]:
    """What changes when this destination goes."""
    found = [
        Use("route", route.source, tuple(other for other in route.to if other != name))
        for route in config.route
        if name in route.to
    ]
    return [*found, Use("night")] if config.night.send_to == name else found


def uses_of_source(config: Config, name: str) -> list[Use]:
    """What changes when this source goes."""
    found = [Use("route", name, route.to) for route in config.route if route.source == name]
    if name in config.night.sources:
        found.append(Use("night", others=tuple(other for other in config.night.sources if other != name)))
    return [Use("invoices"), *found] if config.till.invoices == name else found


def printer_renamed(config: Config, old: str, new: str) -> list[Edit]:
    """The edits that make everything that named `old` name `new`; with an empty `new`, name it no more."""
    edits: list[Edit] = []
    for section, named in _naming(config):
        if named == old:
            edits.append(Set((section, "printer"), new) if new else Remove((section, "printer")))
    for number, route in enumerate(config.route):
        if route.fallback == old:
            edits.append(Set(("route", number, "fallback"), new) if new else Remove(("route", number, "fallback")))
    return edits + destination_renamed(config, old, new)


def destination_renamed(config: Config, old: str, new: str) -> list[Edit]:
    """The edits that make routes and nights go to `new` instead of `old`; with an empty `new`, no more there."""
    edits: list[Edit] = []
    if config.night.send_to == old:
        edits.append(Set(("night", "send_to"), new) if new else Remove(("night", "send_to")))
    for number, route in enumerate(config.route):
        if old in route.to:
            to = [new if name == old else name for name in route.to]
            edits.append(Set(("route", number, "to"), [name for name in to if name]))
    return edits


def source_renamed(config: Config, old: str, new: str) -> list[Edit]:
    """As `printer_renamed`; with an empty `new`, its routes go too."""
    edits: list[Edit] = []
    if config.till.invoices == old:
        edits.append(Set(("till", "invoices"), new) if new else Remove(("till", "invoices")))
    if old in config.night.sources:
        left = [one for one in (new if name == old else name for name in config.night.sources) if one]
        edits.append(Set(("night", "sources"), left) if left else Remove(("night", "sources")))
    # The last first: the number of a route is its place at the time of the edit.
    for number, route in reversed(list(enumerate(config.route))):
        if route.source == old:
            edits.append(Set(("route", number, "from"), new) if new else Remove(("route", number)))
    return edits


def _naming(config: Config) -> Iterator[tuple[str, str]]:
    yield "drawer", config.drawer.printer
    yield "epos", config.epos.printer
    yield "hw_proxy", config.hw_proxy.printer
