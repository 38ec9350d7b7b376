"""What is told of printer and jobs: what was asked for, and nothing else."""

from __future__ import annotations

import pytest
from tests.peers.capture_printer import CapturePrinter

from comptoir.wire import ipp_values as v
from comptoir.wire.ipp import Group, Tag
from comptoir.wire.ipp_codes import Operation, Status

PDF = b"%PDF-1.7"


async def told(printer: CapturePrinter, *wanted: str) -> Group:
    attributes = {"requested-attributes": v.keyword(*wanted)} if wanted else {}
    return (await printer.ask(Operation.GET_PRINTER_ATTRIBUTES, attributes)).group(Tag.PRINTER)


async def numbers(printer: CapturePrinter, **asked: v.Values) -> list[int | None]:
    attributes = {name.replace("_", "-"): values for name, values in asked.items()}
    answer = await printer.ask(Operation.GET_JOBS, attributes)
    assert answer.code == Status.OK
    return [job.number("job-id") for job in answer.all(Tag.JOB)]


async def test_all_of_the_printer_but_its_database_of_paper(printer: CapturePrinter) -> None:
    for wanted in ((), ("all",)):
        known = (await told(printer, *wanted)).attributes
        assert len(known) > 100
        assert "media-col-database" not in known
    assert "media-col-database" in (await told(printer, "all", "media-col-database")).attributes


async def test_groups_and_single_attributes(printer: CapturePrinter) -> None:
    assert set((await told(printer, "printer-name", "no-such-thing")).attributes) == {"printer-name"}
    template = (await told(printer, "job-template")).attributes
    assert "sides-supported" in template
    assert "printer-name" not in template
    description = (await told(printer, "printer-description")).attributes
    assert "printer-name" in description
    assert "sides-supported" not in description


async def test_a_format_that_is_not_taken(printer: CapturePrinter) -> None:
    answer = await printer.ask(Operation.GET_PRINTER_ATTRIBUTES, {"document-format": v.mime("application/x-shoe")})
    assert answer.code == Status.FORMAT_NOT_SUPPORTED


async def test_where_it_is_is_told_as_the_client_has_reached_it(printer: CapturePrinter) -> None:
    known = await told(printer)
    here = f"127.0.0.1:{printer.source.port}"
    assert known.texts("printer-uri-supported") == (f"ipp://{here}/ipp/print",)
    assert known.texts("printer-more-info") == (f"http://{here}/",)
    assert all(icon.startswith(f"http://{here}/icon-") for icon in known.texts("printer-icons"))


async def test_which_jobs(printer: CapturePrinter) -> None:
    await printer.print(PDF, user="anne")
    await printer.ask(Operation.CREATE_JOB, {"requesting-user-name": v.name("anne")})
    await printer.ask(Operation.CREATE_JOB, {"requesting-user-name": v.name("marc")})
    await printer.print(PDF, user="marc")
    assert await numbers(printer) == [2, 3]
    assert await numbers(printer, which_jobs=v.keyword("completed")) == [4, 1]
    assert await numbers(printer, which_jobs=v.keyword("all")) == [4, 3, 2, 1]
    assert await numbers(printer, which_jobs=v.keyword("all"), limit=v.integer(2)) == [4, 3]
    assert await numbers(printer, which_jobs=v.keyword("all"), first_job_id=v.integer(2), limit=v.integer(2)) == [2, 3]
    assert await numbers(printer, job_ids=v.integer(3, 4, 5)) == [3]
    anne = {"my_jobs": v.boolean(True), "requesting_user_name": v.name("anne")}
    assert await numbers(printer, **anne, which_jobs=v.keyword("all")) == [2, 1]
    answer = await printer.ask(Operation.GET_JOBS, {"which-jobs": v.keyword("nice-ones")})
    assert answer.code == Status.ATTRIBUTES_NOT_SUPPORTED


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ((), {"job-id", "job-uri"}),
        (("job-name", "sides"), {"job-name", "sides"}),
        (("job-template",), {"sides", "copies"}),
    ],
)
async def test_what_of_jobs(printer: CapturePrinter, wanted: tuple[str, ...], expected: set[str]) -> None:
    wishes = {"sides": v.keyword("one-sided"), "copies": v.integer(2)}
    await printer.ask(Operation.PRINT_JOB, {"job-name": v.name("t")}, wishes, PDF)
    asked = {"which-jobs": v.keyword("all")}
    if wanted:
        asked["requested-attributes"] = v.keyword(*wanted)
    assert set((await printer.ask(Operation.GET_JOBS, asked)).group(Tag.JOB).attributes) == expected


async def test_times_of_a_job(printer: CapturePrinter) -> None:
    await printer.print(PDF)
    await printer.ask(Operation.CREATE_JOB)
    done, open_ = await printer.job(1), await printer.job(2)
    assert (done.number("time-at-completed") or 0) >= (done.number("time-at-creation") or 0) >= 0
    assert open_.attributes["time-at-completed"] == v.no_value() == open_.attributes["date-time-at-processing"]
    assert done.number("job-k-octets") == 1
