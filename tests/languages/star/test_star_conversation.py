"""The language and a printer that speaks it, over TCP: what is sent is printed, and what is said is true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.peers.star_printer import StarPrinter

from comptoir.core.page import Barcode, Cell, Line, Media, Page, Picture, QrCode, Row, Style
from comptoir.core.profile import DrawerPulse
from comptoir.languages.star import Star, StarPrnt
from comptoir.languages.star.replies import Hearing

PATIENCE = 20.0


class Host:
    """One connection to the printer. Use as `async with`."""

    def __init__(self, printer: StarPrinter) -> None:
        self._printer = printer
        self.hearing = Hearing()

    async def __aenter__(self) -> Host:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._printer.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()

    async def hear(self, until: Callable[[Hearing], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not until(self.hearing):
                piece = await self._reader.read(4096)
                assert piece, "the printer hung up"
                self.hearing.feed(piece)

    async def ask(self) -> None:
        before = self.hearing.answers
        self.hearing.asking()
        await self.send(Star().ask_status())
        await self.hear(lambda hearing: hearing.answers > before)


def job(lines: int) -> bytes:
    return Star().encode([Page(tuple(Line(f"ligne {n} à 2 €") for n in range(lines)))], Media()).data


def watched(data: bytes) -> bytes:
    """The job with automatic status all the while, as a sink sends it: a reset ends it."""
    reset, watch = Star().reset, Star().watch()
    return reset + watch + data.removeprefix(reset) + watch


async def test_a_job_is_printed_and_numbered() -> None:
    async with StarPrinter() as printer, Host(printer) as host:
        host.hearing.fencing("process-id", 42)
        await host.send(job(3), Star().fence("process-id", 42))
        await host.hear(lambda hearing: hearing.passed("process-id", 42))
        assert printer.printed.get_nowait() == "ligne 0 à 2 €\nligne 1 à 2 €\nligne 2 à 2 €"
        assert printer.unknown == []


async def test_every_kind_of_element_is_understood() -> None:
    elements = (
        Row((Cell(0, "é"), Cell(40, "2,50", Style(bold=True, width=2)))),
        Barcode("CODE128", "A%1", text=True),
        QrCode("https://example.org"),
        Line("日本"),
        Picture(16, 30, b"\x1b\x06" * 30, "right"),
    )
    for language, picture in ((Star(), "[576×24]\n[576×24]"), (StarPrnt(), "[576×30]")):
        async with StarPrinter() as printer, Host(printer) as host:
            await host.send(language.encode([Page(elements)], Media()).data)
            text = await asyncio.wait_for(printer.printed.get(), PATIENCE)
            assert text.replace(" ", "") == f"é2,50\n[576×24]\n{picture}"
            assert printer.unknown == []


async def test_paper_runs_out_in_the_middle_and_nothing_is_confirmed_until_it_is_back() -> None:
    async with StarPrinter() as printer, Host(printer) as host:
        await host.ask()
        host.hearing.fencing("counter", 1)
        printer.fail_after(20, "paper")
        await host.send(watched(job(40)), Star().fence("counter", 1))
        await host.hear(lambda hearing: "media-empty-error" in hearing.state.problems)
        assert not host.hearing.passed("counter", 1)
        assert len(printer.paper) == 20
        printer.mend("paper")
        await host.hear(lambda hearing: hearing.passed("counter", 1))
        assert host.hearing.state.problems == ()
        assert printer.printed.get_nowait().count("\n") == 39


async def test_it_answers_while_it_cannot_print() -> None:
    async with StarPrinter() as printer, Host(printer) as host:
        printer.fail("cover")
        await host.send(job(2))
        await host.ask()
        assert host.hearing.state.problems == ("cover-open-error",)
        assert printer.paper == []


async def test_another_host_does_not_confirm_our_number() -> None:
    async with StarPrinter() as printer, Host(printer) as other, Host(printer) as host:
        host.hearing.fencing("process-id", 7)
        other.hearing.fencing("process-id", 7)
        await other.send(job(1), Star().fence("process-id", 7))
        await other.hear(lambda hearing: hearing.passed("process-id", 7))
        await host.ask()
        assert not host.hearing.passed("process-id", 7)


async def test_an_old_model_does_not_know_numbers_and_counts() -> None:
    async with StarPrinter(knows_numbers=False) as printer, Host(printer) as host:
        await host.ask()
        host.hearing.fencing("process-id", 0)
        host.hearing.fencing("counter", 0)
        await host.send(job(1), Star().fence("process-id", 0), Star().fence("counter", 0))
        await host.hear(lambda hearing: hearing.passed("counter", 0))
        assert not host.hearing.passed("process-id", 0)


async def test_a_drawer_opens_and_its_sensor_says_so() -> None:
    async with StarPrinter() as printer, Host(printer) as host:
        await host.ask()
        assert host.hearing.state.drawer_high is True
        await host.send(Star().watch(), Star().pulse(DrawerPulse()))
        await host.hear(lambda hearing: hearing.state.drawer_high is False)
        assert printer.pulses.get_nowait() == 1
        printer.close_drawer()
        await host.hear(lambda hearing: hearing.state.drawer_high is True)
        await host.send(Star().pulse(DrawerPulse(5)))
        assert await asyncio.wait_for(printer.pulses.get(), PATIENCE) == 2


async def test_switched_off_and_on_in_the_middle_is_no_confirmation() -> None:
    async with StarPrinter() as printer:
        async with Host(printer) as host:
            await host.ask()
            host.hearing.fencing("counter", 1)
            printer.fail("cover")
            await host.send(job(2), Star().fence("counter", 1))
            await host.ask()
            await printer.switch_off()
            printer.mend("cover")
        await printer.switch_on()
        async with Host(printer) as host:
            await host.ask()
            assert not host.hearing.passed("counter", 1)
            assert printer.paper == []
