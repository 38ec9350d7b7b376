from __future__ import annotations

import pytest

from comptoir.devices.virtual_drawer import SHORTEST, Sensor, VirtualDrawer
from comptoir.languages.escpos.paper import Pulse

PULSE = Pulse(2, 50, 500)


@pytest.mark.parametrize(
    ("sensor", "closed", "opened"), [("high", False, True), ("low", True, False), ("none", False, False)]
)
def test_the_sensors_pin(sensor: Sensor, closed: bool, opened: bool) -> None:
    drawer = VirtualDrawer(sensor=sensor)
    assert (drawer.open, drawer.high) == (False, closed)
    drawer.pulse(PULSE)
    assert (drawer.open, drawer.high) == (True, opened)
    drawer.close()
    assert (drawer.open, drawer.high) == (False, closed)


@pytest.mark.parametrize("pulse", [Pulse(5, 50, 500), Pulse(2, SHORTEST - 1, 500), Pulse(2, 0, 0)])
def test_a_pulse_that_does_not_move_it(pulse: Pulse) -> None:
    drawer = VirtualDrawer()
    drawer.pulse(pulse)
    assert not drawer.open


def test_on_the_other_pin() -> None:
    drawer = VirtualDrawer(pin=5)
    drawer.pulse(Pulse(5, SHORTEST, 500))
    assert drawer.open


def test_a_locked_drawer_stays_shut() -> None:
    drawer = VirtualDrawer()
    drawer.locked = True
    drawer.pulse(PULSE)
    assert not drawer.open


def test_listeners_hear_of_each_movement_once() -> None:
    drawer = VirtualDrawer()
    heard: list[bool] = []
    drawer.listeners.append(lambda: heard.append(drawer.open))
    drawer.close()
    drawer.pulse(PULSE)
    drawer.pulse(PULSE)
    drawer.close()
    assert heard == [True, False]
