"""When which name is to be looked at again. Pure: a heap that knows its entries by name."""

from __future__ import annotations

import heapq


class Timetable:
    """A time (ms) for each name, at most one; the earliest first, of the same time the one of the lowest rank."""

    def __init__(self) -> None:
        self._due: dict[str, tuple[int, int]] = {}
        self._heap: list[tuple[tuple[int, int], str]] = []

    def put(self, name: str, due: int, rank: int = 0) -> None:
        """Then, and not at another time."""
        if self._due.get(name) != (due, rank):
            self._due[name] = (due, rank)
            heapq.heappush(self._heap, ((due, rank), name))

    def drop(self, name: str) -> None:
        """At no time."""
        self._due.pop(name, None)

    def next(self) -> int | None:
        """The earliest time; None: there is none."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0][0] if self._heap else None

    def pop(self, now: int, limit: int) -> list[str]:
        """The names whose time has come, so many at most; they have none any more."""
        names: list[str] = []
        while len(names) < limit and (at := self.next()) is not None and at <= now:
            name = heapq.heappop(self._heap)[1]
            del self._due[name]
            names.append(name)
        return names
