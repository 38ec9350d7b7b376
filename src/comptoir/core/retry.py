"""When something that failed is tried again. A value computed here, away from the loop that waits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off: `first` ms after one failure, doubled after each further one, at most `most` ms."""

    first: int = 1_000
    most: int = 30_000

    def delay(self, failures: int, luck: float = 0.0) -> int:
        """Milliseconds to wait after that many failures in a row (≥ 1).

        `luck` in [0, 1) takes off up to half of it, so that a thousand stations do not come back in one instant.
        """
        # 2**20 first delays are more than any `most`; the bound keeps the number small after a week of failures.
        full = min(self.first << min(failures - 1, 20), self.most)
        return int(full * (1 - luck / 2))


PRINTER = Backoff(first=500, most=15_000)
LINK = Backoff(first=500, most=60_000)
#: an archive or a server that does not answer, perhaps for days
DESTINATION = Backoff(first=1_000, most=300_000)
