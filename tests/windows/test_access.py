"""Who may open what on Windows. What the lists are is shown anywhere; that Windows obeys them needs Windows."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from comptoir.windows import access
from comptoir.windows.access import CHANGING, READING, folder_rights, secret_rights, shared_rights

ANNA = "S-1-5-21-1-2-3-1001"
#: SDDL: (A;INHERITED;RIGHTS;;;WHO)
ENTRY = re.compile(r"\(A;(?P<below>[A-Z]*);(?P<rights>\w+);;;(?P<who>[\w-]+)\)")
#: 0x1200a9: FILE_GENERIC_READ | FILE_GENERIC_EXECUTE; 0x120089: FILE_GENERIC_READ
RIGHTS = {"FA": 0x1F01FF, "0x1200a9": 0x1200A9, "0x120089": 0x120089}

windows = pytest.mark.skipif(sys.platform != "win32", reason="lists of Windows")


def entries(sddl: str) -> dict[str, tuple[str, int]]:
    """Who → what is handed down, what is allowed."""
    assert sddl.startswith("D:PAI("), "nothing is handed down from above"
    found = list(ENTRY.finditer(sddl))
    assert "".join(one[0] for one in found) == sddl.removeprefix("D:PAI")
    return {one["who"]: (one["below"], RIGHTS[one["rights"]]) for one in found}


@pytest.mark.parametrize("account", ["", ANNA])
def test_the_data_folder_is_changed_by_the_service_and_administrators(account: str) -> None:
    told = entries(folder_rights(account))
    assert {who for who, (_, mask) in told.items() if mask & CHANGING} == {"SY", "BA", *filter(None, [account])}
    assert told["SY"] == ("OICI", 0x1F01FF)


def test_users_see_the_data_folder_and_open_nothing_in_it() -> None:
    below, _ = entries(folder_rights())["BU"]
    assert below == ""


def test_a_secret_is_for_its_owner() -> None:
    told = entries(secret_rights(ANNA, folder=False))
    assert set(told) == {"SY", "BA", ANNA}
    assert {below for below, _ in told.values()} == {""}
    assert {below for below, _ in entries(secret_rights(ANNA, folder=True)).values()} == {"OICI"}


def test_the_configuration_is_read_by_all_and_changed_by_few() -> None:
    mask = entries(shared_rights(ANNA))["BU"][1]
    assert mask & READING
    assert not mask & CHANGING


@pytest.mark.skipif(sys.platform == "win32", reason="elsewhere than on Windows")
def test_elsewhere_the_folder_is_made_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    access.protect_folder(folder)
    assert folder.is_dir()
    before = folder.stat().st_mode
    access.protect_secret(folder)
    access.share(folder)
    access.copy_rights(tmp_path, folder)
    assert folder.stat().st_mode == before
    assert access.others_who_may(folder, CHANGING) == ()


def test_what_links_lead_to_is_left_alone(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    (folder / "station").mkdir(parents=True)
    (folder / "station" / "journal.db").write_text("")
    elsewhere.mkdir()
    (elsewhere / "other").write_text("")
    try:
        (folder / "link").symlink_to(elsewhere, target_is_directory=True)
    except OSError:
        pytest.skip("links need a right here")
    assert {path.name for path in access._beneath(folder)} == {"station", "journal.db"}
    if (folder / "link").exists():  # Wine only pretends to make links
        whose = {path.name for path in access._beneath(folder, links=True)}
        assert whose == {"station", "journal.db", "link"}, "whose it is, is asked"


@windows
def test_the_calls_are_made(tmp_path: Path) -> None:
    """That they are taken; Wine keeps of a list what the modes of its host can say."""
    secret = tmp_path / "data" / "relay.token"
    access.protect_folder(tmp_path / "data")
    secret.write_text("x")
    access.protect_secret(secret)
    access.share(secret)
    access.share(secret, own=True)
    access.copy_rights(secret, secret)
    assert access.others_who_may(secret, CHANGING) == ()


@windows
@pytest.mark.not_wine
def test_windows_has_the_list(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "relay.token").write_text("x")
    access.protect_folder(folder)
    assert access.others_who_may(folder / "relay.token", READING) == ()
    assert access.others_who_may(folder, READING) != ()
    access.share(folder / "relay.token")
    assert access.others_who_may(folder / "relay.token", READING) != ()
    assert access.others_who_may(folder / "relay.token", CHANGING) == ()


@windows
def test_what_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        access.protect_secret(tmp_path / "nothing")


@windows
def test_an_account_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="data"):
        access.protect_folder(tmp_path / "data", "no-such-account")


def test_a_folder_that_leads_elsewhere_is_not_taken(tmp_path: Path) -> None:
    """Below C:\\ProgramData anybody may make one that leads to a folder of Windows itself."""
    (tmp_path / "system").mkdir()
    try:
        (tmp_path / "data").symlink_to(tmp_path / "system", target_is_directory=True)
    except OSError:
        pytest.skip("links need a right here")
    if not (tmp_path / "data").exists():
        pytest.skip("Wine only pretends to make links")
    with pytest.raises(OSError, match="it is a link"):
        access.protect_folder(tmp_path / "data")


if sys.platform == "win32":

    @pytest.fixture
    def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A folder into which anybody may put something, and in which something of Anna's is."""
        folder = tmp_path / "data"
        folder.mkdir()
        (folder / "comptoir.toml").write_text("")
        owner, allowed = access._owner, access._allowed
        monkeypatch.setattr(access, "_owner", lambda path: ANNA if path.suffix == ".toml" else owner(path))
        everybody = [(access.EVERYBODY, 0x1F01FF)]
        monkeypatch.setattr(access, "_allowed", lambda path: everybody if path == folder else allowed(path))
        return folder

    def test_what_a_stranger_has_put_there_is_not_taken(opened: Path) -> None:
        assert access.stranger_in(opened) == (opened / "comptoir.toml", f"it belongs to {ANNA}")
        with pytest.raises(PermissionError, match=ANNA):
            access.protect_folder(opened)

    def test_where_nobody_else_could_put_it_it_is_taken(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A backup that was laid back has accounts of other days."""
        monkeypatch.setattr(access, "_allowed", lambda path: [])
        assert access.stranger_in(opened) is None
        access.protect_folder(opened)

    def test_a_second_name_of_another_file_is_not_taken(opened: Path) -> None:
        (opened / "comptoir.toml").unlink()
        (opened.parent / "system.dll").write_text("")
        (opened / "x").hardlink_to(opened.parent / "system.dll")
        assert access.stranger_in(opened) == (opened / "x", "it is elsewhere, too")
