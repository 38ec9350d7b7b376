"""What is asked of a Windows spooler: the port between the source and the system. All calls block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from comptoir.windows.structures import SpooledJob


class Spooler(Protocol):
    """Every call raises OSError where the spooler refuses; JobGone (`windows.spooler`) for a job that it has not."""

    def printers(self) -> Sequence[str]:
        """The names of its local printers and of those it is connected to."""
        ...

    def jobs(self, printer: str) -> Sequence[SpooledJob]:
        """The jobs that a printer has, also those that it keeps printed."""
        ...

    def read(self, printer: str, number: int) -> Iterator[bytes]:
        """The bytes of a job, as far as they are spooled."""
        ...

    def hold(self, printer: str, number: int) -> None:
        """It is not printed until `resume`."""
        ...

    def resume(self, printer: str, number: int) -> None: ...

    def wait(self, seconds: float) -> None:
        """Until something about jobs has changed, or so long."""
        ...

    def wake(self) -> None:
        """End a `wait`, from any thread."""
        ...
