"""Jobs and their documents: taken before they are acknowledged, each once, whole or said to be not."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from pathlib import Path

import pytest
from tests.peers.capture_printer import CapturePrinter, request

from comptoir.arrivals import IppPrinterSourceConfig
from comptoir.core.errors import JournalError
from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Tag, Value, encode
from comptoir.wire.ipp_codes import JobState, Operation, Status

PDF = b"%PDF-1.7 one page"
FULL = JournalError("no space left on the disk", "Make room.")


async def create(printer: CapturePrinter, title: str = "Rapport", **template: v.Values) -> int:
    answer = await printer.ask(Operation.CREATE_JOB, {"job-name": v.name(title)}, template)
    assert answer.code == Status.OK
    number = answer.group(Tag.JOB).number("job-id")
    assert number is not None
    return number


async def send(
    printer: CapturePrinter, number: int, document: bytes = PDF, *, last: bool = True, **more: v.Values
) -> int:
    attributes = {"job-id": v.integer(number), "last-document": v.boolean(last)}
    attributes |= {name.replace("_", "-"): values for name, values in more.items()}
    return (await printer.ask(Operation.SEND_DOCUMENT, attributes, document=document)).code


async def state(printer: CapturePrinter, number: int) -> tuple[int | None, tuple[str, ...]]:
    job = await printer.job(number)
    return job.number("job-state"), job.texts("job-state-reasons")


async def test_a_print_is_kept_with_all_that_is_said_of_it(printer: CapturePrinter) -> None:
    template = {
        "copies": v.integer(3),
        "sides": v.keyword("two-sided-long-edge"),
        "media-col": v.collection(
            {"media-size-name": v.keyword("iso_a5_148x210mm"), "media-source": v.keyword("manual")}
        ),
    }
    attributes = {"job-name": v.name("Clôture"), "requesting-user-name": v.name("anne")}
    answer = await printer.ask(Operation.PRINT_JOB, attributes, template, PDF)
    assert answer.code == Status.OK
    (kept,) = await printer.kept()
    assert (kept.title, kept.origin.user, kept.origin.host, kept.printer) == ("Clôture", "anne", "127.0.0.1", "nuit")
    assert (kept.copies, kept.document.media_type) == (3, "application/pdf")
    assert kept.attributes["sides"] == "two-sided-long-edge"
    assert (kept.attributes["media"], kept.attributes["media-source"]) == ("iso_a5_148x210mm", "manual")
    assert await printer.content(kept) == PDF


async def test_nothing_is_acknowledged_before_it_is_taken(printer: CapturePrinter) -> None:
    printer.lets.clear()
    begun = asyncio.Event()
    printer.on_take = lambda capture: begun.set()
    asking = asyncio.create_task(printer.print(PDF))
    await begun.wait()
    assert (await printer.job(1)).number("job-state") == JobState.PENDING
    assert not asking.done()
    printer.lets.set()
    assert (await asking).code == Status.OK


@pytest.mark.parametrize(
    ("compression", "packed"), [("gzip", gzip.compress(PDF, mtime=0)), ("deflate", zlib.compress(PDF)), ("none", PDF)]
)
async def test_packed_documents(printer: CapturePrinter, compression: str, packed: bytes) -> None:
    assert (await printer.print(packed, compression=v.keyword(compression))).code == Status.OK
    assert await printer.content((await printer.kept())[0]) == PDF


async def test_a_large_document_in_pieces(printer: CapturePrinter) -> None:
    large = PDF + bytes(3 << 20)

    async def pieces() -> object:
        body = request(printer.uri, Operation.PRINT_JOB) + large
        for at in range(0, len(body), 100_000):
            yield body[at : at + 100_000]

    headers = {"Content-Type": "application/ipp", "Expect": "100-continue"}
    async with printer.session.post(printer.url, data=pieces(), headers=headers) as answer:
        assert answer.status == 200
        await answer.read()
    (kept,) = await printer.kept()
    assert kept.document.size == len(large)


async def test_each_document_of_a_job_is_a_print_of_its_own(printer: CapturePrinter) -> None:
    number = await create(printer, "Dossier")
    assert await send(printer, number, b"%PDF-1", last=False) == Status.OK
    assert (await state(printer, number))[0] == JobState.PENDING
    assert await send(printer, number, b"%PDF-2", last=False) == Status.OK
    assert await send(printer, number, b"") == Status.OK
    assert (await state(printer, number))[0] == JobState.COMPLETED
    assert [kept.title for kept in await printer.kept()] == ["Dossier", "Dossier (2)"]
    assert await send(printer, number) == Status.NOT_POSSIBLE


async def test_a_job_that_is_closed(printer: CapturePrinter) -> None:
    number = await create(printer)
    await send(printer, number, last=False)
    assert (await printer.ask(Operation.CLOSE_JOB, {"job-id": v.integer(number)})).code == Status.OK
    assert (await state(printer, number))[0] == JobState.COMPLETED
    empty = await create(printer)
    await printer.ask(Operation.CLOSE_JOB, {"job-id": v.integer(empty)})
    assert (await state(printer, empty))[0] == JobState.ABORTED


async def test_jobs_without_a_document_are_none(printer: CapturePrinter) -> None:
    assert (await printer.ask(Operation.PRINT_JOB)).code == Status.BAD_REQUEST
    number = await create(printer)
    assert await send(printer, number, b"") == Status.BAD_REQUEST
    without = {"job-id": v.integer(await create(printer))}
    assert (await printer.ask(Operation.SEND_DOCUMENT, without, document=PDF)).code == Status.BAD_REQUEST
    assert await printer.kept() == []


async def test_a_client_that_goes_away_leaves_a_part(printer: CapturePrinter) -> None:
    body = request(printer.uri, Operation.PRINT_JOB, {"job-name": v.name("Coupé")}) + PDF
    _, writer = await asyncio.open_connection("127.0.0.1", printer.source.port)
    length = len(body) + 100
    taken = asyncio.Event()
    printer.on_take = lambda capture: taken.set()
    writer.write(b"POST /ipp/print HTTP/1.1\r\nHost: x\r\nContent-Type: application/ipp\r\n")
    writer.write(f"Content-Length: {length}\r\n\r\n".encode() + body)
    await writer.drain()
    writer.close()
    await taken.wait()
    async with asyncio.timeout(20):
        while not (found := await printer.kept()):
            await asyncio.sleep(0)
    assert found[0].partial
    assert (found[0].title, await printer.content(found[0])) == ("Coupé", PDF)
    # What comes then is the whole one, and no repetition.
    await printer.print(PDF, "Coupé")
    assert [bool(kept.partial) for kept in await printer.kept()] == [True, False]


async def test_what_cannot_be_unpacked_is_kept_as_far_as_it_goes(printer: CapturePrinter) -> None:
    answer = await printer.print(gzip.compress(PDF * 100)[:-8], compression=v.keyword("gzip"))
    assert answer.code == Status.COMPRESSION_ERROR
    (kept,) = await printer.kept()
    assert kept.partial
    assert (await state(printer, 1))[0] == JobState.ABORTED


async def test_a_disk_that_refuses(printer: CapturePrinter) -> None:
    printer.refuses = FULL
    assert (await printer.print(PDF)).code == Status.SERVICE_UNAVAILABLE
    known = (await printer.ask(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
    assert known.texts("printer-state-reasons") == ("spool-area-full-error",)
    assert printer.source.state().trouble == FULL.message
    for operation in (Operation.VALIDATE_JOB, Operation.CREATE_JOB):
        assert (await printer.ask(operation)).code == Status.SERVICE_UNAVAILABLE
    printer.refuses = None
    assert (await printer.print(PDF)).code == Status.OK
    known = (await printer.ask(Operation.GET_PRINTER_ATTRIBUTES)).group(Tag.PRINTER)
    assert known.texts("printer-state-reasons") == ("none",)
    assert len(await printer.kept()) == 1


async def test_a_refused_document_may_be_sent_again(printer: CapturePrinter) -> None:
    number = await create(printer)
    printer.refuses = FULL
    assert await send(printer, number) == Status.SERVICE_UNAVAILABLE
    assert (await state(printer, number))[0] == JobState.PENDING
    printer.refuses = None
    assert await send(printer, number) == Status.OK
    assert len(await printer.kept()) == 1


async def test_who_cancels_to_send_anew_does_not_see_it_cancelled(printer: CapturePrinter) -> None:
    """CUPS would take that for somebody's wish, and give the print up."""
    number = await create(printer)
    printer.refuses = FULL
    await send(printer, number)
    await printer.ask(Operation.CANCEL_JOB, {"job-id": v.integer(number)})
    assert await state(printer, number) == (JobState.PROCESSING, ("processing-to-stop-point",))


async def test_a_bomb_is_refused_and_nothing_is_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    config = IppPrinterSourceConfig(name="nuit", port=0, largest="1 MB")
    async with CapturePrinter(tmp_path_factory.mktemp("data"), config) as printer:
        answer = await printer.print(gzip.compress(bytes(8 << 20)), compression=v.keyword("gzip"))
        assert answer.code == Status.VALUE_TOO_LONG
        assert (await state(printer, 1))[0] == JobState.ABORTED
        assert await printer.kept() == []
        assert (await printer.print(PDF)).code == Status.OK


async def test_a_job_sent_again_by_its_uuid_is_the_first_one(printer: CapturePrinter) -> None:
    uuid = v.uri("urn:uuid:6a4d0b2e-0000-4000-8000-000000000001")
    first = (await printer.print(PDF, job_uuid=uuid)).group(Tag.JOB)
    again = (await printer.print(PDF, job_uuid=uuid)).group(Tag.JOB)
    assert first.number("job-id") == again.number("job-id")
    assert len(await printer.kept()) == 1
    await printer.stop()
    await printer.session.close()
    await printer.start()
    assert (await printer.print(PDF, job_uuid=uuid)).code == Status.OK
    assert len(await printer.kept()) == 1, "also after a restart"
    assert (await printer.print(PDF + b", two", job_uuid=uuid)).code == Status.NOT_POSSIBLE, "it is not taken"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"document-format": v.mime("application/x-shoe")}, Status.FORMAT_NOT_SUPPORTED),
        ({"compression": v.keyword("rar")}, Status.COMPRESSION_NOT_SUPPORTED),
    ],
)
async def test_what_is_not_taken(printer: CapturePrinter, attributes: dict[str, v.Values], expected: int) -> None:
    for operation in (Operation.VALIDATE_JOB, Operation.PRINT_JOB):
        answer = await printer.ask(operation, attributes, document=PDF if operation == Operation.PRINT_JOB else b"")
        assert answer.code == expected
        assert answer.group(Tag.UNSUPPORTED_GROUP).attributes == attributes
    assert await printer.kept() == []


async def test_wishes_that_cannot_be_fulfilled(printer: CapturePrinter) -> None:
    wishes = {"sides": v.keyword("tumble"), "staple": v.boolean(True), "copies": v.integer(2)}
    answer = await printer.ask(Operation.PRINT_JOB, {}, wishes, PDF)
    assert answer.code == Status.OK_IGNORED
    assert answer.group(Tag.UNSUPPORTED_GROUP).attributes == {
        "staple": (Value(Tag.UNSUPPORTED),), "sides": v.keyword("tumble"),
    }  # fmt: skip
    strictly = {"ipp-attribute-fidelity": v.boolean(True)}
    assert (await printer.ask(Operation.PRINT_JOB, strictly, wishes, PDF)).code == Status.ATTRIBUTES_NOT_SUPPORTED
    assert len(await printer.kept()) == 1


async def test_held_jobs_wait_on_disk_until_they_are_released(printer: CapturePrinter) -> None:
    answer = await printer.ask(
        Operation.PRINT_JOB, {"job-name": v.name("Plus tard")}, {"job-hold-until": v.keyword("indefinite")}, PDF
    )
    number = answer.group(Tag.JOB).number("job-id")
    assert number is not None
    assert await state(printer, number) == (JobState.HELD, ("job-hold-until-specified",))
    assert await printer.kept() == []
    await printer.stop()
    await printer.session.close()
    await printer.start()
    assert (await state(printer, number))[0] == JobState.HELD, "and over a restart"
    assert (await printer.ask(Operation.RELEASE_JOB, {"job-id": v.integer(number)})).code == Status.OK
    (kept,) = await printer.kept()
    assert (kept.title, await printer.content(kept)) == ("Plus tard", PDF)
    assert (await printer.ask(Operation.RELEASE_JOB, {"job-id": v.integer(number)})).code == Status.NOT_POSSIBLE


async def test_a_job_is_held_before_its_document_comes(printer: CapturePrinter) -> None:
    number = await create(printer)
    assert (await printer.ask(Operation.HOLD_JOB, {"job-id": v.integer(number)})).code == Status.OK
    await send(printer, number)
    assert await printer.kept() == []
    assert (await printer.ask(Operation.CANCEL_JOB, {"job-id": v.integer(number)})).code == Status.OK
    assert (await printer.ask(Operation.RELEASE_JOB, {"job-id": v.integer(number)})).code == Status.NOT_POSSIBLE
    assert await printer.kept() == []
    done = (await printer.print(PDF)).group(Tag.JOB).number("job-id") or 0
    assert (await printer.ask(Operation.HOLD_JOB, {"job-id": v.integer(done)})).code == Status.NOT_POSSIBLE


async def test_twenty_at_once(printer: CapturePrinter) -> None:
    answers = await asyncio.gather(*(printer.print(PDF + str(n).encode(), f"n{n}") for n in range(20)))
    assert {answer.code for answer in answers} == {Status.OK}
    assert len({answer.group(Tag.JOB).number("job-id") for answer in answers}) == 20
    assert {kept.title for kept in await printer.kept()} == {f"n{n}" for n in range(20)}
    assert encode(answers[0])


async def test_one_that_is_cancelled_while_it_is_filed_is_kept_and_not_printed(tmp_path: Path) -> None:
    async with CapturePrinter(tmp_path, destinations=("laser",)) as printer:
        printer.lets.clear()
        coming = asyncio.Event()
        printer.on_take = lambda capture: coming.set()
        sent = asyncio.create_task(printer.print(PDF))
        await coming.wait()
        assert (await printer.ask(Operation.CANCEL_JOB, {"job-id": v.integer(1)})).code == Status.OK
        printer.lets.set()
        assert (await sent).code == Status.CANCELED
        assert printer.withdrawn == [1]
        assert (await printer.job(1)).number("job-state") == JobState.CANCELED
        assert len(await printer.kept()) == 1
