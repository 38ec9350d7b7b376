"""Servers of CUPS for the tests of this directory: started once, for all of them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.peers.prints import Prints
from tests.peers.real_printers import missing
from tests.peers.wrapped_cups import Paper, WrappedCups

from comptoir.clock import SystemClock
from comptoir.journal import open_journal
from comptoir.journal.sqlite import SqliteJournal

#: the documents of others are for the administrator, as Debian has it; who comes by TCP is nobody
STRICT = """DefaultPolicy strict
<Policy strict>
  JobPrivateAccess default
  JobPrivateValues default
  <Limit CUPS-Get-Document>
    AuthType Basic
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""


@pytest.fixture
async def prints(tmp_path: Path) -> AsyncIterator[Prints]:
    (tmp_path / "data").mkdir()
    journal = await open_journal("", tmp_path / "data", SystemClock())
    assert isinstance(journal, SqliteJournal)
    yield Prints(journal, tmp_path / "data", SystemClock())
    await journal.close()


@pytest.fixture(scope="session")
def paper() -> Iterator[Paper]:
    one = Paper()
    yield one
    one.close()


def _cups(server: str, paper: Paper) -> Iterator[WrappedCups]:
    if os.name == "nt" or (why := missing()):
        pytest.skip("needs CUPS" if os.name == "nt" else why)
    with WrappedCups(server=server) as cups:
        cups.queue("FACTURE", paper.uri)
        cups.queue("captured", f"comptoir:/{paper.uri}")
        yield cups


@pytest.fixture(scope="session")
def cups(paper: Paper) -> Iterator[WrappedCups]:
    """It keeps what it has printed, and gives it to everybody."""
    yield from _cups("", paper)


@pytest.fixture(scope="session")
def strict(paper: Paper) -> Iterator[WrappedCups]:
    """It throws away what it has printed, and gives documents to its administrators only."""
    yield from _cups(f"PreserveJobFiles 5\n{STRICT}", paper)
