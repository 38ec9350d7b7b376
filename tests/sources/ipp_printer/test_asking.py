"""Questions and answers as values: where the printer is for whom, who asks, what an answer looks like."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp.base_protocol import BaseProtocol

from comptoir.sources.ipp_printer.arriving import Body
from comptoir.sources.ipp_printer.asking import Answer, Asked, Places
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Message, Tag
from comptoir.wire.ipp_codes import Status


def test_where_it_is_for_who_came_by_which_way() -> None:
    both = Places("caisse:22631", secure=True, plain=True, encrypted=True)
    assert both.printers == ("ipps://caisse:22631/ipp/print", "ipp://caisse:22631/ipp/print")
    assert both.job(7) == "ipps://caisse:22631/ipp/print/jobs/7"
    assert both.page("/x") == "https://caisse:22631/x"
    plain = Places("caisse:22631", secure=False, plain=True, encrypted=False)
    assert plain.printers == (plain.printer,) == ("ipp://caisse:22631/ipp/print",)
    only = Places("c", secure=True, plain=False, encrypted=True)
    assert only.printers == ("ipps://c/ipp/print",)


async def test_who_asks() -> None:
    loop = asyncio.get_running_loop()
    body = Body(b"", aiohttp.StreamReader(BaseProtocol(loop), 10, loop=loop))
    places = Places("c", secure=False, plain=True, encrypted=False)

    def asked(account: str = "", **names: v.Values) -> Asked:
        group = Group(Tag.OPERATION, {name.replace("_", "-"): values for name, values in names.items()})
        return Asked(Message(2, 1), group, body, places, "10.0.0.3", account)

    assert asked().user == "anonymous"
    assert asked("hotel").user == "hotel"
    assert asked("hotel", requesting_user_name=v.name("anne")).user == "anne"
    one = asked(job_name=v.integer(1), my_jobs=v.boolean(True), requested_attributes=v.keyword("a", "b"))
    assert (one.text("job-name"), one.true("my-jobs"), one.true("x")) == ("", True, False)
    assert one.requested == {"a", "b"}


def test_an_answer_as_a_message() -> None:
    job = Group(Tag.JOB, {"job-id": v.integer(1)})
    answer = Answer(
        Status.OK_IGNORED, (job,), "é" * 200, {"sides": v.keyword("x")}, more={"printer-up-time": v.integer(3)}
    )
    message = answer.to((2, 2), 5)
    assert (message.code, message.request_id, message.version) == (1, 5, (2, 1))
    assert [group.tag for group in message.groups] == [Tag.OPERATION, Tag.UNSUPPORTED_GROUP, Tag.JOB]
    first = message.groups[0]
    assert list(first.attributes)[:2] == ["attributes-charset", "attributes-natural-language"]
    assert len(str(first.first("status-message")).encode()) <= 255
    assert first.number("printer-up-time") == 3
