"""What the routes make of a file: where it goes, under which name, what becomes of the original. It moves nothing.

Every route that matches contributes its destinations; how the document is to look at one of them says the first route
that names it. Where routes disagree about the original, the careful one wins: keep, then move, then delete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Final

from comptoir.arrivals import FolderSourceConfig
from comptoir.config import VIRTUAL, Config, PrinterConfig, RouteConfig
from comptoir.core.document import RAW
from comptoir.core.intake import Candidate, Delivery, Plan
from comptoir.core.job import Job
from comptoir.core.names import safe_name
from comptoir.core.ports import Clock
from comptoir.core.resting import OURS
from comptoir.core.route import Route
from comptoir.core.selection import folded
from comptoir.core.template import Template, file_fields
from comptoir.core.units import duration, size
from comptoir.destinations import FolderConfig
from comptoir.station.filing import keep_of

#: why a file is left alone
NO_ROUTE: Final = "no route takes it"
#: until the next start, which looks through all folders
NOT_YET: Final = "its destination needs a restart"

_MOVE: Final = "move:"
#: how a file is read, by the beginning of its media type; of others only a printer of their own language can say it
_FORMATS: Final[Mapping[str, str]] = {"text/": "text", "image/": "image", "application/pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A route of the configuration, its texts read. Times are ms."""

    route: Route
    config: RouteConfig
    name: Template | None
    keep: int | None
    after: int
    fallback_after: int

    @classmethod
    def of(cls, config: RouteConfig) -> Rule:
        route = Route(
            config.source, config.to, config.match, config.format, config.types, config.folder,
            size(config.larger), size(config.smaller),
        )  # fmt: skip
        name = Template(config.name) if config.name else None
        after, fallback = duration(config.original_after) or 0, duration(config.fallback_after) or 0
        return cls(route, config, name, duration(config.keep), after, fallback)

    @property
    def takes_part(self) -> bool:
        """One that leads nowhere and keeps nothing is switched off: what it took would be nowhere then."""
        return bool(self.config.to) or self.keep is not None


@dataclass(frozen=True, slots=True)
class _Rules:
    """All that planning reads from one configuration."""

    config: Config
    rules: tuple[Rule, ...]
    printers: Mapping[str, PrinterConfig]
    sources: Mapping[str, FolderSourceConfig]
    #: source → directories in its folder that this station itself puts files into, as names are compared
    filled: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, config: Config) -> _Rules:
        rules = tuple(rule for rule in map(Rule.of, config.route) if rule.takes_part)
        printers = {printer.name: printer for printer in config.printer or (VIRTUAL,)}
        sources = {source.name: source for source in config.folders}
        filled = {name: _filled(source, config) for name, source in sources.items()}
        return cls(config, rules, printers, sources, filled)


class Planning:
    """The planner of the folder sources. `config`: as it is now: routes hold as soon as they are changed."""

    def __init__(self, config: Callable[[], Config], clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._read = _Rules.of(config())
        #: printers and other destinations are those of the start, whatever is configured since
        self._there = {*self._read.printers, *(one.name for one in config().destination)}

    def plan(self, candidate: Candidate) -> Plan | str:
        """What is to become of a file; a text: why it is left alone."""
        rules = self._matching(candidate)
        return self._refused(candidate, rules) or self._plan(candidate, rules, _destinations(rules))

    def plan_lot(self, directory: str, members: Sequence[Candidate]) -> tuple[Plan, Sequence[Plan]] | str:
        """What is to become of a directory whose files belong together, and of each file; a text: why nothing.

        A route takes the whole lot where it takes one of its files. Printers print no lot: they get the files, one by
        one, that their routes take. What becomes of the originals holds for all of them: they stay where one of them
        goes nowhere.
        """
        of_each = [self._matching(member) for member in members]
        rules = [rule for rule in self._now().rules if any(rule in matching for matching in of_each)]
        if refused := self._refused(members[0], rules):
            return refused
        newest = max(member.mtime_ns for member in members)
        lot = Candidate(members[0].source, directory, sum(member.size for member in members), newest, "")
        whole = self._plan(lot, rules, [name for name in _destinations(rules) if not self.prints(name)])
        if not whole.deliveries and whole.keep is None and not all(of_each):
            whole = replace(whole, original="keep")
        return whole, [self._member(member, matching, whole) for member, matching in zip(members, of_each, strict=True)]

    def print(self, candidate: Candidate) -> Plan | None:
        """What is to become of a print that a source has captured; None: no route takes it.

        Its job for a destination that needs a restart waits for that: `started`.
        """
        rules = self._matching_print(candidate)
        return self._plan(candidate, rules, _destinations(rules)) if rules else None

    def started(self, destination: str) -> bool:
        """Whether this destination is one of those with which the service was started."""
        return destination in self._there

    def fallback(self, job: Job) -> tuple[str, int] | None:
        """The printer that takes over when this job's has certainly not printed it, and after how many ms."""
        path = job.attributes.get("path", "") or job.document.name
        document = job.document
        candidate = Candidate(job.origin.source, path, document.size, 0, document.media_type)
        for rule in self._matching_print(candidate) if job.original is None else self._matching(candidate):
            other = rule.config.fallback
            if job.destination in rule.config.to and other and other != job.destination and self.prints(other):
                return other, rule.fallback_after
        return None

    def expires_in(self, destination: str) -> int | None:
        """How long a job may wait for this printer, in ms; None: for ever, as for what is no printer."""
        printer = self._now().printers.get(destination)
        return None if printer is None else printer.expires_ms()

    def prints(self, destination: str) -> bool:
        """Whether it puts paper out."""
        return destination in self._now().printers

    # -- the rules ----------------------------------------------------------------------------------------------------

    def _now(self) -> _Rules:
        config = self._config()
        if config is not self._read.config:
            self._read = _Rules.of(config)
        return self._read

    def _refused(self, candidate: Candidate, rules: Sequence[Rule]) -> str:
        """Why these rules do not take it; "": they do."""
        above = folded(candidate.path).split("/")[:-1]
        filled = self._now().filled.get(candidate.source, frozenset())
        if filled and any("/".join(above[:count]) in filled for count in range(1, len(above) + 1)):
            return OURS
        if not rules:
            return NO_ROUTE
        return "" if self._there.issuperset(_destinations(rules)) else NOT_YET

    def _matching(self, candidate: Candidate) -> list[Rule]:
        return [rule for rule in self._now().rules if rule.route.matches(candidate)]

    def _matching_print(self, candidate: Candidate) -> list[Rule]:
        """Patterns are held against its name with and without the extension: titles of prints have none."""
        bare = replace(candidate, path=str(PurePosixPath(candidate.path).with_suffix("")))
        return [one for one in self._now().rules if one.route.matches(candidate) or one.route.matches(bare)]

    def _member(self, member: Candidate, rules: Sequence[Rule], whole: Plan) -> Plan:
        own = Plan(())
        if rules:
            own = self._plan(member, rules, [name for name in _destinations(rules) if self.prints(name)])
        return replace(
            own,
            original=whole.original,
            after=whole.after,
            keep=whole.keep,
            once=whole.once,
            business_date=whole.business_date,
        )

    def _plan(self, candidate: Candidate, rules: Sequence[Rule], destinations: Sequence[str]) -> Plan:
        known = self._known(candidate)
        now = self._clock.now()
        day_starts = self._now().config.archive.day_starts
        keep = keep_of([rule.config for rule in rules], now, day_starts, candidate.mtime_ns // 1_000_000)
        source = self._now().sources.get(candidate.source)
        return Plan(
            deliveries=tuple(self._delivery(name, candidate, rules, known) for name in destinations),
            name=self._named(candidate, rules, known),
            original=self._original_of(candidate, rules),
            after=max(rule.after for rule in rules),
            keep=None if keep is None or keep.until is None else max(0, keep.until - now),
            once=source is not None and source.duplicates == "once",
            business_date="" if keep is None else keep.business_date,
        )

    def _original_of(self, candidate: Candidate, rules: Sequence[Rule]) -> str:
        """As the careful one of these wants it; a move to where it lies already is none."""
        wish, source = original_of([rule.config.original for rule in rules]), self._now().sources.get(candidate.source)
        to_itself = source is not None and wish.startswith(_MOVE) and _inside(source, wish[len(_MOVE) :]) == ()
        return "keep" if to_itself else wish

    def _delivery(
        self, destination: str, candidate: Candidate, rules: Sequence[Rule], known: Mapping[str, str]
    ) -> Delivery:
        config = next(rule.config for rule in rules if destination in rule.config.to)
        wishes = {"sides": config.sides, "media-source": config.tray, "print-scaling": config.scale}
        form = next((rule.config.format for rule in rules if rule.config.format), "") or format_of(candidate.media_type)
        if not form and self.prints(destination):
            # A format that no printer has. Bytes that nobody can read are not tried on paper: they could open a drawer.
            form = candidate.media_type or RAW
        attributes = {**known, **{name: value for name, value in wishes.items() if value}}
        return Delivery(destination, form, config.copies, attributes, self.expires_in(destination))

    def _known(self, candidate: Candidate) -> dict[str, str]:
        """The attributes of a file that every job of it has."""
        folder = candidate.folder.rpartition("/")[2] or self._folder_of(candidate.source)
        return {
            "source": candidate.source,
            "path": candidate.path,
            "folder": folder,
            "modified": local_time(candidate.mtime_ns),
        }

    def _folder_of(self, source: str) -> str:
        """What the source's folder is called."""
        config = self._now().sources.get(source)
        # A path of Windows is one everywhere: a configuration can be looked at on another machine.
        return "" if config is None else PurePath(config.path.replace("\\", "/")).name

    def _named(self, candidate: Candidate, rules: Sequence[Rule], known: Mapping[str, str]) -> str:
        """By the first route that gives a name; "" for the file's own."""
        template = next((rule.name for rule in rules if rule.name is not None), None)
        if template is None:
            return ""
        now, modified = self._clock.now(), known["modified"]
        fields = file_fields(candidate.path, now, modified=modified, source=candidate.source)
        more = {"folder": known["folder"], "size": str(candidate.size), "media_type": candidate.media_type}
        return safe_name(template.fill(fields | more))


def original_of(wishes: Sequence[str]) -> str:
    """The careful one of what routes want done: keep before move, move before delete; the first move."""
    if "keep" in wishes:
        return "keep"
    return next((wish for wish in wishes if wish.startswith(_MOVE)), "delete")


def format_of(media_type: str) -> str:
    """How a file of this type is read; "" where nobody can say it."""
    return next((form for start, form in _FORMATS.items() if media_type.startswith(start)), "")


def local_time(mtime_ns: int) -> str:
    """The time of a file in this machine's zone, as RFC 3339 has it; "" where it is none that a calendar knows."""
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC).astimezone().isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""


def _filled(source: FolderSourceConfig, config: Config) -> frozenset[str]:
    goals = [route.original[len(_MOVE) :] for route in config.route if route.source == source.name and _moves(route)]
    goals += [one.path for one in config.destination if isinstance(one, FolderConfig) and _is_absolute(one.path)]
    inside = [_inside(source, goal) for goal in goals]
    return frozenset("/".join(names) for names in inside if names)


def _moves(route: RouteConfig) -> bool:
    return route.original.startswith(_MOVE)


def _inside(source: FolderSourceConfig, goal: str) -> tuple[str, ...] | None:
    """The names from the source's folder to this directory, as they are compared; None: it is elsewhere."""
    folder, names = _names_of(source.path), _names_of(goal)
    if _is_absolute(goal):
        return names[len(folder) :] if names[: len(folder)] == folder else None
    return None if ".." in names else names


def _is_absolute(path: str) -> bool:
    """On any system: a configuration can be looked at on another machine."""
    return PurePath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def _names_of(path: str) -> tuple[str, ...]:
    """The names of a path, as they are compared."""
    return tuple(name for name in folded(path.replace("\\", "/")).split("/") if name not in ("", "."))


def _destinations(rules: Sequence[Rule]) -> list[str]:
    """Each once, in the order of the routes."""
    return list(dict.fromkeys(name for rule in rules for name in rule.config.to))
