"""What depends on the platform passes its own suites on Windows, too: so many tests at least, and none that fails.

Each run is a pytest of its own under Wine, on a part of the tree that is named here; they run beside each other. What
cannot be there is skipped in the suites themselves, with its reason; what Wine only pretends is marked `not_wine`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from tests.peers.counted import verdict
from tests.peers.wine import Wine

pytestmark = [pytest.mark.xdist_group("wine"), pytest.mark.timeout(280)]

PATIENCE: Final = 240.0
#: faulthandler: Wine hands a crash back to it again and again, and the run never ends
PYTEST: Final = ("-m", "pytest", "-q", "--tb=short", "-rfE", "--timeout=60", "-p", "no:cacheprovider",
                 "-p", "no:faulthandler", "-p", "tests.peers.counted")  # fmt: skip

#: where there is one, the tests' folders are in memory: nothing there waits for the disk of the machine
MEMORY: Final = Path("/dev/shm")
ROOM: Final = 512 * 1024 * 1024

#: Left out are what takes many seconds; and spoilt journals, whose files Wine holds on to for longer than a moment.
#: Destinations, channels, folders and what else is busy on networks are not in the list: now and then a run stands
#: still there, and nobody knows yet whether a thread's call to the loop is lost by Wine or by us.
LEFT_OUT: Final = (
    "a_lot_of_many_files_has_a_manifest or taking_in_and_forgetting_the_same_bytes"
    " or a_flipped_byte_is_never_a_traceback"
)

#: what a run covers → its tests, and how many of them pass at least
SUITES: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "what is kept": (
        (
            "tests/journal",
            "tests/contracts/test_device.py",
            "tests/contracts/test_journal.py",
            "tests/contracts/test_journal_documents.py",
            "tests/contracts/test_keeping.py",
            "tests/contracts/test_ledger.py",
            "tests/contracts/test_ledger_folder.py",
            "tests/contracts/test_keeping_end.py",
        ),
        570,
    ),
    "what is at the edges": (
        (
            "tests/cli/service/test_acting.py",
            "tests/cli/service/test_program.py",
            "tests/cli/service/test_windows.py",
            "tests/cli/service/test_windows_manager.py",
            "tests/cli/test_capture_windows.py",
            "tests/windows",
            "tests/sources/winspool",
            "tests/sinks/test_naming.py",
            "tests/sinks/test_placing.py",
            "tests/test_beneath.py",
            "tests/test_children.py",
            "tests/test_clock.py",
            "tests/test_config.py",
            "tests/test_config_backslash.py",
            "tests/test_config_edit.py",
            "tests/test_config_file.py",
            "tests/test_config_file_environment.py",
            "tests/test_durable.py",
            "tests/test_logbook.py",
            "tests/test_logfiles.py",
            "tests/test_remains.py",
            "tests/test_secret_file.py",
            "tests/test_settings.py",
            "tests/test_threads.py",
        ),
        400,
    ),
}


@pytest.fixture
def folder() -> Iterator[Path]:
    where = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None
    with tempfile.TemporaryDirectory(prefix="suites-", dir=where) as one:
        yield Path(one)


def test_the_suites_pass(wine: Wine, folder: Path) -> None:
    def run(name: str, paths: tuple[str, ...]) -> tuple[int, str]:
        choice = f"not ({LEFT_OUT})"
        return wine.run(*PYTEST, "-k", choice, f"--basetemp={wine.path(folder / name)}", *paths, timeout=PATIENCE)

    with ThreadPoolExecutor(len(SUITES)) as pool:
        running = {name: (pool.submit(run, name, paths), least) for name, (paths, least) in SUITES.items()}
    for name, (done, least) in running.items():
        code, said = done.result()
        wrong = verdict(code, said, least)
        assert not wrong, f"{name}: {wrong}\n{said}"
