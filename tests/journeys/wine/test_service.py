"""Comptoir as a service of Windows, from source: installed, started, it prints and opens a drawer, stopped, removed."""

from __future__ import annotations

import pytest
from tests.peers.wine import Wine
from tests.peers.wine_life import lives_as_a_service

pytestmark = [pytest.mark.xdist_group("wine"), pytest.mark.timeout(180)]


def test_the_life_of_a_service(wine: Wine) -> None:
    lives_as_a_service(wine)
