"""What became of prints, for tills that wait for the word of an IoT box (long polling). Kept in memory, for seconds:
the record is the journal's.

An event is what Odoo's box sends (addons/iot_drivers/event_manager.py): `device_identifier` (`device_id` in Odoo 13),
`time` in seconds, `status`, `message`, `owner` (the session that had asked) and `session_id` (the one that hears).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection
from typing import Final

from comptoir.core.ports import Clock

#: ms: who comes back to wait hears what happened in between
REPLAYED: Final = 5_000
#: a till may wait for a device by its kind
KIND: Final = "printer"

_MOST_EVENTS: Final = 200
_MOST_WAITING: Final = 200

Event = dict[str, object]


class Events:
    """The events of a station's printers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recent: deque[tuple[int, Event]] = deque(maxlen=_MOST_EVENTS)
        self._last = 0
        self._closed = False
        #: by session: what it waits for, and how it is told
        self._waiting: dict[str, tuple[frozenset[str], asyncio.Future[Event | None]]] = {}

    def close(self) -> None:
        """Nobody waits any longer."""
        self._closed = True
        for session in list(self._waiting):
            self._end(session)

    def tell(self, device: str, owner: object, status: str, message: str = "") -> None:
        """Tell everybody who waits for this printer. `status`: success, warning, error."""
        # A till asks for what came after the last one that it heard: two must not have the same time.
        self._last = at = max(self._clock.now(), self._last + 1)
        event: Event = {
            "device_identifier": device,
            "device_id": device,
            "time": at / 1000,
            "status": status,
            "message": message,
            "owner": owner,
        }
        self._recent.append((at, event))
        for devices, told in self._waiting.values():
            if _concerns(event, devices) and not told.done():
                told.set_result(event)

    async def next(self, session: object, devices: Collection[str], after: float, within: float) -> Event | None:
        """The next event of these printers after this time (s), or one of the last seconds; None: none in time.

        A session that asks again waits no longer for its first answer.
        """
        wanted = frozenset(devices)
        event = self._missed(wanted, after)
        if event is None and not self._closed:
            event = await self._wait(str(session), wanted, within)
        return None if event is None else {**event, "session_id": session}

    def _missed(self, devices: frozenset[str], after: float) -> Event | None:
        oldest = max(after * 1000, self._clock.now() - REPLAYED)
        return next((event for at, event in self._recent if at > oldest and _concerns(event, devices)), None)

    async def _wait(self, session: str, devices: frozenset[str], within: float) -> Event | None:
        told: asyncio.Future[Event | None] = asyncio.get_running_loop().create_future()
        self._end(session)
        if len(self._waiting) >= _MOST_WAITING:
            self._end(next(iter(self._waiting)))
        self._waiting[session] = devices, told
        try:
            async with asyncio.timeout(within):
                return await told
        except TimeoutError:
            return None
        finally:
            if self._waiting.get(session, (None, None))[1] is told:
                del self._waiting[session]

    def _end(self, session: str) -> None:
        _, told = self._waiting.pop(session, (None, None))
        if told is not None and not told.done():
            told.set_result(None)


def _concerns(event: Event, devices: frozenset[str]) -> bool:
    return event["device_identifier"] in devices or KIND in devices
