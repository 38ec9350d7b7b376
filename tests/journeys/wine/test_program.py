"""What a shop does with comptoir.exe: run it and write a message; have it start with the computer, and remove it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.peers.browser import chromium
from tests.peers.program_file import ProgramFile
from tests.peers.wine import Wine
from tests.peers.wine_life import lives_as_a_service
from tests.peers.wine_shop import WineShop

pytestmark = [pytest.mark.xdist_group("wine-frozen"), pytest.mark.timeout(500)]

SOON = 30_000  # ms


def test_a_message_from_a_browser_of_another_system_comes_out(wine: Wine, program: ProgramFile) -> None:
    with WineShop(wine, "TICKET", exe=program.exe) as shop, chromium() as browser:
        page = browser.new_context(locale="en-GB").new_page()
        page.goto(shop.hub)
        page.get_by_role("textbox").first.fill("Un café à 1,20 € <page>")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#sent .outcome")).to_contain_text("Printed", timeout=SOON)
        assert shop["TICKET"].count("Un café à 1,20 € <page>") == 1
        assert shop.station.stop() == 0


def test_the_life_of_a_service(wine: Wine, program: ProgramFile) -> None:
    lives_as_a_service(wine, program.exe)
