"""Events that clients fetch: each hears of what it asked for, in order; who stops asking is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.capture_printer import CapturePrinter
from tests.peers.clock import FakeClock

from comptoir.sources.ipp_printer import subscriptions as module
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Message, Tag, decode, encode
from comptoir.wire.ipp_codes import Operation, Status

PDF = b"%PDF-1.7"


async def subscribe(printer: CapturePrinter, user: str = "nuit", **wanted: v.Values) -> Message:
    attributes = {"notify-pull-method": v.keyword("ippget"), **{n.replace("_", "-"): x for n, x in wanted.items()}}
    first = {
        "attributes-charset": v.charset("utf-8"),
        "attributes-natural-language": v.language("fr"),
        "printer-uri": v.uri(printer.uri),
        "requesting-user-name": v.name(user),
    }
    groups = (Group(Tag.OPERATION, first), Group(Tag.SUBSCRIPTION, attributes))
    return await printer.send(encode(Message(Operation.CREATE_PRINTER_SUBSCRIPTIONS, 1, groups)))


async def events(printer: CapturePrinter, number: int, since: int = 1) -> list[tuple[int | None, str]]:
    asked = {"notify-subscription-ids": v.integer(number), "notify-sequence-numbers": v.integer(since)}
    answer = await printer.ask(Operation.GET_NOTIFICATIONS, asked)
    assert answer.code == Status.OK
    assert answer.group(Tag.OPERATION).number("notify-get-interval") == module.INTERVAL
    return [
        (group.number("notify-sequence-number"), group.texts("notify-subscribed-event")[0])
        for group in answer.all(Tag.EVENT)
    ]


async def test_who_asks_hears_of_jobs_in_order(printer: CapturePrinter) -> None:
    made = await subscribe(printer, notify_events=v.keyword("job-created", "job-completed"))
    number = made.group(Tag.SUBSCRIPTION).number("notify-subscription-id") or 0
    await printer.print(PDF)
    await printer.print(PDF)
    heard = [(1, "job-created"), (2, "job-completed"), (3, "job-created"), (4, "job-completed")]
    assert await events(printer, number) == heard
    assert await events(printer, number, since=3) == heard[2:]


async def test_without_a_wish_it_is_told_what_is_completed(printer: CapturePrinter) -> None:
    number = (await subscribe(printer)).group(Tag.SUBSCRIPTION).number("notify-subscription-id") or 0
    await printer.print(PDF)
    assert [name for _, name in await events(printer, number)] == ["job-completed"]


async def test_it_is_shown_renewed_and_cancelled_by_its_owner(printer: CapturePrinter) -> None:
    await subscribe(printer, "anne", notify_user_data=v.octets(b"x"), notify_lease_duration=v.integer(60))
    one = {"notify-subscription-id": v.integer(1), "requesting-user-name": v.name("anne")}
    shown = (await printer.ask(Operation.GET_SUBSCRIPTION_ATTRIBUTES, one)).group(Tag.SUBSCRIPTION)
    assert (shown.number("notify-lease-duration"), shown.first("notify-user-data")) == (60, b"x")
    assert len((await printer.ask(Operation.GET_SUBSCRIPTIONS)).all(Tag.SUBSCRIPTION)) == 1
    marc = {**one, "requesting-user-name": v.name("marc")}
    for operation in (Operation.RENEW_SUBSCRIPTION, Operation.CANCEL_SUBSCRIPTION):
        assert (await printer.ask(operation, marc)).code == Status.NOT_AUTHORIZED
        assert (await printer.ask(operation, one)).code == Status.OK
    assert (await printer.ask(Operation.GET_SUBSCRIPTION_ATTRIBUTES, one)).code == Status.NOT_FOUND


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"notify_recipient_uri": v.uri("mailto:x@y")}, 0x040C),
        ({"notify_pull_method": v.keyword("mail")}, Status.BAD_REQUEST),
        ({"notify_events": v.keyword("full-moon")}, Status.ATTRIBUTES_NOT_SUPPORTED),
        ({"notify_user_data": v.octets(b"x" * 64)}, Status.VALUE_TOO_LONG),
    ],
)
async def test_what_cannot_be_subscribed(printer: CapturePrinter, wanted: dict[str, v.Values], status: int) -> None:
    answer = await subscribe(printer, **wanted)
    assert answer.code == Status.OK_IGNORED
    assert answer.group(Tag.SUBSCRIPTION).number("notify-status-code") == status


async def test_there_are_only_so_many_and_they_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    clock = FakeClock()
    async with CapturePrinter(tmp_path / "data", clock=clock) as printer:
        for _ in range(2):
            assert (await subscribe(printer)).code == Status.OK
        assert (await subscribe(printer)).code == Status.TOO_MANY_SUBSCRIPTIONS
        clock.advance(3_600_001)
        assert (await subscribe(printer, notify_lease_duration=v.integer(0))).code == Status.OK
        assert len((await printer.ask(Operation.GET_SUBSCRIPTIONS)).all(Tag.SUBSCRIPTION)) == 1
        clock.advance(90_000_000)
        assert (await printer.ask(Operation.GET_SUBSCRIPTIONS)).all(Tag.SUBSCRIPTION) == ()


async def test_events_that_nobody_fetches_go(tmp_path: Path) -> None:
    clock = FakeClock()
    async with CapturePrinter(tmp_path / "data", clock=clock) as printer:
        await subscribe(printer)
        await printer.print(PDF)
        clock.advance(61_000)
        assert await events(printer, 1) == []
        for _ in range(module.MOST_EVENTS + 5):
            await printer.ask(Operation.CREATE_JOB)
            await printer.ask(Operation.CANCEL_MY_JOBS)
        assert len(await events(printer, 1)) == module.MOST_EVENTS


async def test_questions_that_name_nothing(printer: CapturePrinter) -> None:
    assert (await printer.ask(Operation.GET_NOTIFICATIONS)).code == Status.BAD_REQUEST
    assert (await printer.ask(Operation.GET_SUBSCRIPTION_ATTRIBUTES)).code == Status.BAD_REQUEST
    assert (await printer.ask(Operation.CREATE_PRINTER_SUBSCRIPTIONS)).code == Status.BAD_REQUEST
    missing = {"notify-subscription-ids": v.integer(7)}
    assert (await printer.ask(Operation.GET_NOTIFICATIONS, missing)).code == Status.NOT_FOUND
    assert decode(encode(Message(0, 1, ()))).groups == ()
