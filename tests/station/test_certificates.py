"""The station's certificate over the years: made, kept, renewed, and never lost to a wrong clock or a damaged file."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.peers.clock import START, FakeClock

from comptoir.config import StationConfig
from comptoir.core.errors import ConfigError
from comptoir.station.certificates import AUTHORITY, KEY, SERVER, Certificates
from comptoir.station.machine import Names, names_of
from comptoir.station.tls import shown

DAY = 86_400_000
YEAR = 365 * DAY
HOME = names_of(["localhost", "127.0.0.1", "::1", "caisse-1"])


class Kept:
    """The certificates of a data folder, with a clock, names and a record that the test holds."""

    def __init__(self, folder: Path) -> None:
        self.data = folder
        self.folder = folder / "certificates"
        self.clock = FakeClock()
        self.names = HOME
        self.made: list[Mapping[str, Any]] = []

    async def _note(self, kind: str, body: Mapping[str, object]) -> None:
        assert kind == "certificate-made"
        self.made.append(body)

    async def start(self, config: StationConfig | None = None) -> Certificates:
        one = Certificates(self.data, config or StationConfig(), self.clock, self._note, lambda: self.names)
        await one.start()
        return one

    @property
    def what(self) -> list[str]:
        """What was made since the last look at this."""
        made, self.made = self.made, []
        return [str(body["what"]) for body in made]

    def read(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


async def test_the_first_start_makes_all_and_the_second_nothing(kept: Kept) -> None:
    one = await kept.start()
    told = one.describe()
    assert told.names == HOME.all
    assert (told.own, told.trouble) == (False, "")
    assert told.fingerprint != told.authority
    assert shown(one.context(), one.authority_pem()).fingerprint == told.fingerprint
    assert [(body["what"], body["fingerprint"]) for body in kept.made] == [
        ("authority", told.authority),
        ("server", told.fingerprint),
    ]
    assert kept.what == ["authority", "server"]
    files = kept.read()
    assert set(files) == {AUTHORITY, KEY, SERVER}
    assert (await kept.start()).describe() == told
    assert kept.read() == files
    assert kept.what == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
async def test_nobody_else_reads_the_keys(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    old = os.umask(0)
    try:
        await kept.start()
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in kept.folder.iterdir()}
        assert modes == {KEY: 0o600, SERVER: 0o600, AUTHORITY: 0o644}
        assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700
        for name in (KEY, SERVER):
            (kept.folder / name).chmod(0o644)  # as a copy from elsewhere may be
        kept.folder.chmod(0o755)
        await kept.start()
    finally:
        os.umask(old)
    assert stat.S_IMODE((kept.folder / KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE((kept.folder / SERVER).stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700
    assert caplog.text.count("could be read by other users") == 2


async def test_it_is_renewed_while_it_serves_a_month_before_its_end(kept: Kept) -> None:
    one = await kept.start()
    first, context = one.describe(), one.context()
    kept.clock.at = first.ends_at - 30 * DAY
    await one.check()
    assert one.describe() == first
    kept.clock.advance(1000)
    await one.check()
    assert one.describe().ends_at > first.ends_at
    assert one.describe().authority == first.authority
    assert one.context() is not context
    assert kept.what == ["authority", "server", "server"]


async def test_ten_years_pass_under_one_authority_with_a_certificate_every_day(kept: Kept) -> None:
    one = await kept.start()
    authority = one.describe().authority
    while kept.clock.at < START + 10 * YEAR - 20 * DAY:
        kept.clock.advance(20 * DAY)
        await one.check()
        told = one.describe()
        assert told.begins_at <= kept.clock.at <= told.ends_at
        assert told.authority == authority
    assert 9 <= kept.what.count("server") <= 13


async def test_that_the_authority_ends_is_said_a_month_before(kept: Kept) -> None:
    one = await kept.start()
    kept.clock.advance(10 * YEAR - 60 * DAY)
    await one.check()
    assert one.describe().trouble == ""
    kept.clock.advance(40 * DAY)
    await one.check()
    assert "ends on 2036-11-" in one.describe().trouble
    assert "trust the new authority" in one.describe().trouble
    assert kept.what[-1] == "server"
    await one.check()
    assert kept.what == [], "a new one would not hold longer"


async def test_when_the_authority_has_ended_it_is_said_and_nothing_is_replaced(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    one = await kept.start()
    files = kept.read()
    kept.clock.advance(12 * YEAR)
    for _ in range(3):
        await one.check()
    assert kept.read() == files
    assert "ended" in one.describe().trouble
    assert caplog.text.count("is the clock right?") == 1, "said once, not every hour"
    kept.clock.at = START
    await one.check()
    assert one.describe().trouble == ""


@pytest.mark.parametrize("off", [-40 * YEAR, -YEAR, -3 * DAY, 2 * YEAR, 9 * YEAR, 30 * YEAR])
async def test_a_clock_that_was_wrong_for_a_while_leaves_nothing_wrong_behind(kept: Kept, off: int) -> None:
    one = await kept.start()
    authority = one.describe().authority
    kept.clock.at = START + off
    await one.check()
    kept.clock.at = START + DAY
    await one.check()
    told = one.describe()
    assert told.authority == authority
    assert told.trouble == ""
    assert told.begins_at <= kept.clock.at <= told.ends_at
    assert (await kept.start()).describe() == told


async def test_a_clock_that_is_wrong_at_the_first_start_does_not_last(kept: Kept) -> None:
    """A machine whose clock has lost its battery begins in 2010."""
    kept.clock.at = 1_262_304_000_000
    one = await kept.start()
    authority = one.describe().authority
    kept.clock.at = START + 9 * YEAR
    await one.check()
    told = one.describe()
    assert (told.authority, told.trouble) == (authority, "")
    assert told.begins_at <= kept.clock.at <= told.ends_at


async def test_a_new_name_or_address_is_in_a_new_certificate_and_one_that_went_is_not(kept: Kept) -> None:
    one = await kept.start()
    kept.names = names_of([*HOME.all, "192.168.1.7", "caisse-1.local"])
    await one.check()
    assert one.describe().names == kept.names.all
    assert kept.what == ["authority", "server", "server"]
    kept.names = HOME
    await one.check()
    assert kept.what == [], "an address that went harms nobody"


async def test_a_name_that_the_authority_does_not_permit_makes_nothing(kept: Kept) -> None:
    one = await kept.start()
    kept.names = names_of([*HOME.all, "caisse-2.example.com"])
    await one.check()
    assert one.describe().names == HOME.all
    assert kept.what == ["authority", "server"]


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [emptied, halved, gone])
async def test_a_damaged_certificate_is_made_anew_by_the_same_authority(
    kept: Kept, damage: Callable[[Path], None]
) -> None:
    told = (await kept.start()).describe()
    damage(kept.folder / SERVER)
    again = (await kept.start()).describe()
    assert again.authority == told.authority
    assert again.fingerprint != told.fingerprint
    assert kept.what == ["authority", "server", "server"]


@pytest.mark.parametrize("name", [KEY, AUTHORITY])
@pytest.mark.parametrize("damage", [emptied, halved, gone])
async def test_a_damaged_authority_is_made_anew_and_said(
    kept: Kept, caplog: pytest.LogCaptureFixture, name: str, damage: Callable[[Path], None]
) -> None:
    """Nothing that it signed can be trusted without its certificate, and it signs nothing without its key."""
    told = (await kept.start()).describe()
    damage(kept.folder / name)
    one = await kept.start()
    assert one.describe().authority != told.authority
    assert shown(one.context(), one.authority_pem())
    assert "must be trusted anew" in caplog.text
    assert kept.what == ["authority", "server"] * 2


async def test_what_another_authority_signed_is_made_anew(kept: Kept, tmp_path: Path) -> None:
    await kept.start()
    other = Kept(tmp_path / "other")
    await other.start()
    (kept.folder / SERVER).write_bytes((other.folder / SERVER).read_bytes())
    one = await kept.start()
    assert shown(one.context(), one.authority_pem())
    assert kept.what == ["authority", "server", "server"]


@pytest.mark.parametrize("name", [KEY, AUTHORITY, SERVER])
async def test_a_file_that_cannot_be_read_stops_the_start_and_changes_nothing(kept: Kept, name: str) -> None:
    await kept.start()
    path = kept.folder / name
    path.unlink()
    path.mkdir()  # the one thing that not even root can read
    with pytest.raises(ConfigError, match="certificates") as caught:
        await kept.start()
    assert caught.value.hint
    assert path.is_dir()
    assert kept.what == ["authority", "server"]


async def test_what_goes_wrong_later_is_logged_and_the_certificate_stays(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    one = await kept.start()
    told, context = one.describe(), one.context()
    (kept.folder / KEY).unlink()
    (kept.folder / KEY).mkdir()
    kept.clock.advance(YEAR + 25 * DAY)
    await one.check()
    assert "the certificate in use stays" in caplog.text
    assert (one.describe(), one.context()) == (told, context)
    assert caplog.records[-1].levelno == logging.ERROR


async def test_a_crash_between_key_and_certificate_costs_nothing(kept: Kept) -> None:
    """What was begun is not used: nobody can have trusted it."""
    await kept.start()
    for name in (AUTHORITY, SERVER):
        (kept.folder / name).unlink()
    (kept.folder / f"{AUTHORITY}.part").write_bytes(b"half of it")
    one = await kept.start()
    assert shown(one.context(), one.authority_pem())
    assert set(kept.read()) == {AUTHORITY, KEY, SERVER}


async def test_the_owners_own_is_shown_and_read_again_when_it_changes(kept: Kept, tmp_path: Path) -> None:
    other = Kept(tmp_path / "other")
    theirs = await other.start()
    own = StationConfig(certificate="mine.pem", private_key="mine.pem")
    mine = kept.data / "mine.pem"
    mine.write_bytes((other.folder / SERVER).read_bytes())
    one = await kept.start(own)
    assert one.describe().own
    assert one.describe().fingerprint == theirs.describe().fingerprint
    assert one.authority_pem() == b""
    assert not kept.folder.exists(), "no authority is made that nobody needs"
    context = one.context()
    await one.check()
    assert one.context() is context
    other.clock.advance(YEAR + 10 * DAY)
    await theirs.check()
    mine.write_bytes((other.folder / SERVER).read_bytes())
    os.utime(mine, ns=(1, 1))
    await one.check()
    assert one.describe().fingerprint == theirs.describe().fingerprint
    assert one.context() is not context


async def test_the_owners_own_that_has_ended_is_shown_nevertheless(
    kept: Kept, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = Kept(tmp_path / "other")
    await other.start()
    (kept.data / "mine.pem").write_bytes((other.folder / SERVER).read_bytes())
    one = await kept.start(StationConfig(certificate="mine.pem", private_key="mine.pem"))
    assert caplog.text == ""
    kept.clock.advance(2 * YEAR)
    await one.check()
    assert "put a new one in its place" in caplog.text
    assert one.describe().trouble in caplog.text
    assert one.context()


async def test_the_owners_own_that_is_broken_later_stays_in_use(
    kept: Kept, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = Kept(tmp_path / "other")
    await other.start()
    mine = kept.data / "mine.pem"
    mine.write_bytes((other.folder / SERVER).read_bytes())
    one = await kept.start(StationConfig(certificate="mine.pem", private_key="mine.pem"))
    context = one.context()
    mine.write_bytes(b"half a cert")
    await one.check()
    assert one.context() is context
    assert "the certificate in use stays" in caplog.text


def test_nothing_is_to_be_had_before_the_start(tmp_path: Path) -> None:
    async def note(kind: str, body: Mapping[str, object]) -> None: ...

    def names() -> Names:
        return HOME

    with pytest.raises(RuntimeError):
        Certificates(tmp_path, StationConfig(), FakeClock(), note, names).context()
