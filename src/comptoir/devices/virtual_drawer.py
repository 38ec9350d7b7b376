"""A cash drawer without metal: a lock that a pulse opens, and perhaps a sensor. It knows nothing of printers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from comptoir.languages.escpos.paper import Pulse

#: The level of the sensor's pin when the drawer is open; none: there is no sensor, and the pin stays low.
Sensor = Literal["high", "low", "none"]

#: A shorter pulse does not move the bolt.
SHORTEST: Final = 20


class VirtualDrawer:
    """A drawer on one pin of the connector. `listeners` are called after it has opened or closed."""

    def __init__(self, pin: int = 2, sensor: Sensor = "high") -> None:
        self.pin = pin
        self.sensor = sensor
        self.locked = False
        self.listeners: list[Callable[[], None]] = []
        self._open = False

    @property
    def open(self) -> bool:
        return self._open

    @property
    def high(self) -> bool:
        """The level of the sensor's pin."""
        return self.sensor != "none" and self._open == (self.sensor == "high")

    def pulse(self, pulse: Pulse) -> None:
        """It springs open, if it is on this pin, the pulse is long enough and it is not locked."""
        if pulse.pin == self.pin and pulse.on_ms >= SHORTEST and not self.locked:
            self._move(True)

    def close(self) -> None:
        """Somebody pushes it shut."""
        self._move(False)

    def _move(self, to: bool) -> None:
        if self._open == to:
            return
        self._open = to
        for listener in list(self.listeners):
            listener()
