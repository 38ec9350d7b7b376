"""The ports of the records beside jobs: what stands behind them is held to `contracts/test_ledger.py` and its like."""

from __future__ import annotations

import inspect

import pytest

from comptoir.core.ledgers import Keeping, Ledger
from comptoir.journal.keeping import SqliteKeeping
from comptoir.journal.originals import SqliteLedger


@pytest.mark.parametrize(("port", "behind"), [(Ledger, SqliteLedger), (Keeping, SqliteKeeping)])
def test_the_journal_has_every_method(port: type, behind: type) -> None:
    for name, method in vars(port).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            wanted = list(inspect.signature(method).parameters)
            assert list(inspect.signature(getattr(behind, name)).parameters)[: len(wanted)] == wanted
