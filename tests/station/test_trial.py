"""A printer that is set up: reached, asked who it is, remembered, tried on paper; and what happens when it is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.clock import START, FakeClock
from tests.peers.listener import Listener

from comptoir.config import Config, PrinterConfig
from comptoir.core.errors import ComptoirError, ConfigError, UnknownName
from comptoir.devices.virtual_server import VirtualPrinterServer
from comptoir.sinks import probe
from comptoir.sinks.facts import Facts
from comptoir.station.trial import NotPrinted, Trial, Trials, print_lines, suggested


@pytest.fixture
def trials(tmp_path: Path) -> Trials:
    return Trials(tmp_path / "printers", FakeClock())


async def tried(trials: Trials, device: str, language: str = "escpos") -> Trial:
    trial = trials.get(trials.begin(device, language))
    assert trial is not None
    await trial.ended()
    assert not trial.running
    return trial


async def test_a_printer_that_answers_says_who_it_is_and_what_it_confirms(trials: Trials) -> None:
    server = VirtualPrinterServer()
    await server.start()
    trial = await tried(trials, f"socket://127.0.0.1:{server.port}")
    assert (trial.step, trial.trouble, trial.answers) == ("done", "", True)
    assert trial.identity[0] == "Comptoir"
    assert trial.confirms[0] == "process-id"
    await server.close()


async def test_one_that_accepts_and_says_nothing_is_a_printer_all_the_same(
    trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "PATIENCE", 0.05)
    with Listener() as mute:
        trial = await tried(trials, f"socket://127.0.0.1:{mute.port}")
    assert (trial.step, trial.trouble, trial.answers, trial.identity) == ("done", "", False, ())


async def test_one_that_is_not_there_ends_at_the_first_step_and_says_why(trials: Trials) -> None:
    with Listener() as gone:
        pass
    trial = await tried(trials, f"socket://127.0.0.1:{gone.port}")
    assert trial.step == "reach"
    assert "Connect" in trial.trouble
    assert trial.hint


async def test_one_without_paper_is_reached_and_says_so(trials: Trials) -> None:
    server = VirtualPrinterServer()
    await server.start()
    server.set_faults("paper")
    trial = await tried(trials, f"socket://127.0.0.1:{server.port}")
    assert (trial.step, trial.reason) == ("ask", "media-empty-error")
    await server.close()


@pytest.mark.parametrize(
    ("device", "language", "error"),
    [("pigeon:", "escpos", UnknownName), ("socket:", "escpos", ConfigError), ("virtual:", "latin", UnknownName)],
)
async def test_what_is_no_device_or_language_is_refused_before_anything_happens(
    trials: Trials, device: str, language: str, error: type[ComptoirError]
) -> None:
    with pytest.raises(error):
        trials.begin(device, language)


async def test_what_was_learned_is_known_of_the_saved_printer(trials: Trials, tmp_path: Path) -> None:
    server = VirtualPrinterServer()
    await server.start()
    trial = await tried(trials, f"socket://127.0.0.1:{server.port}")
    await trials.keep(trial.number, "BAR")
    learned = Facts(tmp_path / "printers" / "BAR").learned
    assert (learned.answers, learned.identity, learned.probed_at) == (True, tuple(trial.identity), START)
    assert learned.confirms == tuple(trial.confirms)
    await server.close()


async def test_a_test_comes_out_with_a_ruler_as_wide_as_the_paper(trials: Trials) -> None:
    papers: list[str] = []
    server = VirtualPrinterServer()
    server.device.on_printed.append(lambda printed: papers.append(printed.paper.text))
    await server.start()
    trial = await tried(trials, f"socket://127.0.0.1:{server.port}")
    await trials.keep(trial.number, "BAR")
    printer = PrinterConfig(name="BAR", device=trial.device, columns=42)
    assert await trials.print_test(trial.number, printer, Config(printer=(printer,)), ["Été 2 €"]) == "processed"
    assert trial.printed == "processed"
    assert "Été 2 €" in papers[0]
    assert ("1234567890" * 5)[:42] in papers[0].splitlines()[-1] or ("1234567890" * 5)[:42] in papers[0]
    await server.close()


async def test_a_mute_printer_gets_its_test_and_no_more_is_claimed(tmp_path: Path) -> None:
    with Listener() as mute:
        printer = PrinterConfig(name="BAR", device=f"socket://127.0.0.1:{mute.port}")
        assert await print_lines(printer, Config(printer=(printer,)), tmp_path, ["Bonjour"]) == "sent"
        assert b"Bonjour" in b"".join(mute.wait(1))


async def test_a_test_that_cannot_be_sent_says_why(tmp_path: Path) -> None:
    with Listener() as gone:
        pass
    printer = PrinterConfig(name="BAR", device=f"socket://127.0.0.1:{gone.port}")
    with pytest.raises(NotPrinted, match="the test was not printed: "):
        await print_lines(printer, Config(printer=(printer,)), tmp_path, ["Bonjour"])


async def test_the_oldest_trial_is_forgotten_first(trials: Trials) -> None:
    numbers = [(await tried(trials, "virtual:")).number for _ in range(Trials.MOST + 1)]
    assert trials.get(numbers[0]) is None
    assert trials.get(numbers[-1]) is not None
    await trials.close()


@pytest.mark.parametrize(
    ("identity", "profile"),
    [
        (("EPSON", "TM-T88V", "1.0"), "TM-T88V"),
        (("EPSON", "tm-t88v"), "TM-T88V"),
        (("EPSON", "TM-T20IIIX"), "TM-T20III"),
        (("Nobody", "Quite Something Else"), ""),
        (("EPSON",), ""),
        ((), ""),
    ],
)
def test_a_model_is_suggested_where_one_is_near(identity: tuple[str, ...], profile: str) -> None:
    assert suggested(identity) == profile
