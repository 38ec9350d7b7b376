"""Events that clients fetch: RFC 3995 and 3996 (ippget), as IPP 2.1 wants them. In memory, and gone with a restart."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from comptoir.sources.ipp_printer import capabilities
from comptoir.sources.ipp_printer.asking import Answer, Asked
from comptoir.sources.ipp_printer.book import Book
from comptoir.sources.ipp_printer.print_job import PrintJob
from comptoir.sources.ipp_printer.status import Status as PrinterNow
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Tag, Value
from comptoir.wire.ipp_codes import Status
from comptoir.wire.ipp_request import Refused

Values = tuple[Value, ...]

#: subscriptions at one time; of more, none is made
MOST: Final = 100
#: events that wait for one subscriber; of more, the oldest go
MOST_EVENTS: Final = 100
#: seconds after which a client is to ask again
INTERVAL: Final = 10
#: bytes, RFC 3995 §5.3.4
LONGEST_DATA: Final = 63


@dataclass(frozen=True, slots=True)
class Happened:
    """at: ms. attributes: as they are fetched, without the subscription's own."""

    at: int
    number: int
    attributes: dict[str, Values]


@dataclass(slots=True)
class Subscription:
    """until: ms; None: without an end. waiting: what happened and is not too old to be fetched."""

    number: int
    user: str
    events: tuple[str, ...]
    lease: int
    until: int | None
    data: bytes = b""
    last: int = 0
    waiting: deque[Happened] = field(default_factory=lambda: deque(maxlen=MOST_EVENTS))


class Subscriptions:
    """Of one printer. It listens to its jobs and its state by itself."""

    def __init__(self, book: Book, now: PrinterNow) -> None:
        self._now = now
        self._numbers = itertools.count(1)
        self._all: dict[int, Subscription] = {}
        book.on_change.append(self._job_changed)
        now.on_change.append(self._printer_changed)

    def create(self, asked: Asked) -> Answer:
        """Create-Printer-Subscriptions, RFC 3995 §11.1.2: a subscription for each group that asks for one."""
        wanted = asked.message.all(Tag.SUBSCRIPTION)
        if not wanted:
            raise Refused(Status.BAD_REQUEST, "there is no subscription in the request")
        self._sweep()
        made = [self._created(asked, group) for group in wanted]
        good = sum("notify-subscription-id" in group.attributes for group in made)
        if not good and len(self._all) >= MOST:
            return Answer(Status.TOO_MANY_SUBSCRIPTIONS, message=f"there are {MOST} subscriptions already")
        return Answer(Status.OK if good == len(made) else Status.OK_IGNORED, tuple(made))

    def one(self, asked: Asked) -> Answer:
        """Get-Subscription-Attributes, RFC 3995 §11.2.4."""
        return Answer(groups=(self._described(self._named(asked)),))

    def all(self, asked: Asked) -> Answer:
        """Get-Subscriptions, RFC 3995 §11.2.5. Of jobs there are none."""
        self._sweep()
        if asked.attributes.number("notify-job-id") is not None:
            return Answer()
        mine = asked.true("my-subscriptions")
        found = [one for one in self._all.values() if not mine or one.user == asked.user]
        return Answer(groups=tuple(map(self._described, found[: asked.attributes.number("limit")])))

    def renew(self, asked: Asked) -> Answer:
        """Renew-Subscription, RFC 3995 §11.2.6."""
        one = self._owned(asked)
        self._lease(one, asked.message.group(Tag.SUBSCRIPTION))
        return Answer(groups=(Group(Tag.SUBSCRIPTION, {"notify-lease-duration": v.integer(one.lease)}),))

    def cancel(self, asked: Asked) -> Answer:
        """Cancel-Subscription, RFC 3995 §11.2.7."""
        del self._all[self._owned(asked).number]
        return Answer()

    def notifications(self, asked: Asked) -> Answer:
        """Get-Notifications, RFC 3996 §5, without waiting: a client asks again after `notify-get-interval`."""
        numbers = [number for number in asked.attributes.all("notify-subscription-ids") if isinstance(number, int)]
        since = [number for number in asked.attributes.all("notify-sequence-numbers") if isinstance(number, int)]
        if not numbers:
            raise Refused(Status.BAD_REQUEST, "notify-subscription-ids is missing")
        self._sweep()
        found = [self._all[number] for number in numbers if number in self._all]
        if not found:
            raise Refused(Status.NOT_FOUND, "there is no such subscription")
        groups = []
        for one in found:
            place = numbers.index(one.number)
            first = since[place] if place < len(since) else 1
            groups += [self._event(one, happened) for happened in one.waiting if happened.number >= first]
        return Answer(groups=(*groups,), more={"notify-get-interval": v.integer(INTERVAL), **self._up})

    # -- the parts ----------------------------------------------------------------------------------------------------

    @property
    def _up(self) -> dict[str, Values]:
        return {"printer-up-time": v.integer(self._now.up())}

    def _created(self, asked: Asked, group: Group) -> Group:
        """The subscription's number; or why there is none."""
        wrong = _wrong(group)
        if wrong is not None or len(self._all) >= MOST:
            status = Status.TOO_MANY_SUBSCRIPTIONS if wrong is None else wrong
            return Group(Tag.SUBSCRIPTION, {"notify-status-code": v.enum(status)})
        events = group.texts("notify-events") or ("job-completed",)
        data = group.first("notify-user-data")
        one = Subscription(
            next(self._numbers), asked.user, tuple(dict.fromkeys(events)), 0, None,
            data if isinstance(data, bytes) else b"",
        )  # fmt: skip
        self._lease(one, group)
        self._all[one.number] = one
        return Group(
            Tag.SUBSCRIPTION,
            {"notify-subscription-id": v.integer(one.number), "notify-lease-duration": v.integer(one.lease)},
        )

    def _lease(self, one: Subscription, group: Group) -> None:
        asked = group.number("notify-lease-duration")
        one.lease = capabilities.LEASE if asked is None else min(max(asked, 0), capabilities.LONGEST_LEASE)
        # For ever is not offered: who has gone would be one of the hundred for ever.
        one.lease = one.lease or capabilities.LONGEST_LEASE
        one.until = self._now.clock.now() + one.lease * 1000

    def _named(self, asked: Asked) -> Subscription:
        self._sweep()
        number = asked.attributes.number("notify-subscription-id")
        if number is None:
            raise Refused(Status.BAD_REQUEST, "notify-subscription-id is missing")
        if number not in self._all:
            raise Refused(Status.NOT_FOUND, f"there is no subscription {number}")
        return self._all[number]

    def _owned(self, asked: Asked) -> Subscription:
        one = self._named(asked)
        if one.user != asked.user:
            raise Refused(Status.NOT_AUTHORIZED, f"subscription {one.number} belongs to {one.user}")
        return one

    def _described(self, one: Subscription) -> Group:
        left = 0 if one.until is None else max(0, one.until - self._now.clock.now()) // 1000
        return Group(
            Tag.SUBSCRIPTION,
            {
                "notify-subscription-id": v.integer(one.number),
                "notify-subscriber-user-name": v.name(one.user),
                "notify-pull-method": v.keyword("ippget"),
                "notify-events": v.keyword(*one.events),
                "notify-lease-duration": v.integer(one.lease),
                "notify-lease-expiration-time": v.integer(self._now.up() + left),
                "notify-sequence-number": v.integer(one.last),
                "notify-user-data": v.octets(one.data),
                **{name.replace("printer-up-time", "notify-printer-up-time"): up for name, up in self._up.items()},
            },
        )

    def _event(self, one: Subscription, happened: Happened) -> Group:
        return Group(
            Tag.EVENT,
            {
                "notify-charset": v.charset("utf-8"),
                "notify-natural-language": v.language("en"),
                "notify-subscription-id": v.integer(one.number),
                "notify-sequence-number": v.integer(happened.number),
                "notify-user-data": v.octets(one.data),
                **happened.attributes,
            },
        )

    def _job_changed(self, job: PrintJob, what: str) -> None:
        standing = job.standing
        also = ("job-state-changed",) if what == "job-completed" else ()
        self._happened(
            (what, *also),
            {
                "notify-job-id": v.integer(job.number),
                "job-id": v.integer(job.number),
                "job-state": v.enum(standing.state),
                "job-state-reasons": v.keyword(*standing.reasons),
                "notify-text": v.text(f"Job {job.number} is {standing.state.name.lower()}."),
            },
        )
        self._now.look()

    def _printer_changed(self) -> None:
        self._happened(
            ("printer-state-changed",),
            {
                "printer-state": v.enum(self._now.state),
                "printer-state-reasons": v.keyword(*self._now.reasons),
                "printer-is-accepting-jobs": v.boolean(True),
                "notify-text": v.text(self._now.message or f"The printer is {self._now.state.name.lower()}."),
            },
        )

    def _happened(self, names: tuple[str, ...], attributes: dict[str, Values]) -> None:
        """For each who wants to hear of any of these."""
        for one in self._all.values():
            name = next((name for name in names if name in one.events), None)
            if name is not None:
                one.last += 1
                said = {"notify-subscribed-event": v.keyword(name), **attributes, **self._up}
                one.waiting.append(Happened(self._now.clock.now(), one.last, said))

    def _sweep(self) -> None:
        """Whose time is over goes, and so do events that nobody has fetched."""
        now = self._now.clock.now()
        for one in list(self._all.values()):
            if one.until is not None and one.until <= now:
                del self._all[one.number]
            while one.waiting and one.waiting[0].at < now - capabilities.EVENT_LIFE * 1000:
                one.waiting.popleft()


def _wrong(group: Group) -> int | None:
    """The status of a subscription that cannot be; None where it can."""
    if "notify-recipient-uri" in group.attributes:
        return 0x040C  # client-error-uri-scheme-not-supported: nothing is pushed from here
    if group.first("notify-pull-method") != "ippget":
        return Status.BAD_REQUEST
    data = group.first("notify-user-data")
    if isinstance(data, bytes) and len(data) > LONGEST_DATA:
        return Status.VALUE_TOO_LONG
    known = all(event in (*capabilities.EVENTS, "none") for event in group.texts("notify-events"))
    return None if known else Status.ATTRIBUTES_NOT_SUPPORTED
