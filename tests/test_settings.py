"""Changes to the configuration's file: all or none, by whoever else it is changed meanwhile."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.config import Config
from comptoir.config_file import load
from comptoir.core.errors import ConfigError
from comptoir.settings import HEADER, Append, Edit, Remove, Set, Settings, WrongField, changed

TEXT = """\
# ours
[station]
name = "bar" # the small one
[[printer]]
name = "A"
device = "virtual:"
"""

Opened = Callable[..., Settings]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def open_settings(text: str | bytes | None = TEXT, environ: Mapping[str, str] | None = None) -> Settings:
        if text is not None:
            (tmp_path / "comptoir.toml").write_bytes(text.encode() if isinstance(text, str) else text)
        return Settings(None, tmp_path, environ or {})

    return open_settings


def test_what_is_saved_is_loaded(opened: Opened, tmp_path: Path) -> None:
    ours = opened()
    assert ours.config == ours.running == load(None, tmp_path, {})
    config = ours.save([Set(("station", "port"), 1234), Set(("language",), "en")])
    assert config == ours.config == load(None, tmp_path, {})
    assert (config.station.port, config.language, ours.running.station.port) == (1234, "en", 22548)
    assert 'name = "bar" # the small one' in ours.file.read_text("utf-8")
    assert not (tmp_path / "comptoir.toml.part").exists()


def test_a_check_changes_nothing(opened: Opened) -> None:
    ours = opened()
    assert ours.check([Set(("station", "port"), 1234)]).station.port == 1234
    assert (ours.config.station.port, ours.file.read_text("utf-8")) == (22548, TEXT)


def test_a_file_that_is_not_there_is_made_when_there_is_something_to_say(opened: Opened) -> None:
    ours = opened(None)
    ours.save([Set(("station", "port"), 22548)])
    assert not ours.file.exists()
    ours.save([Append("printer", {"name": "BAR", "device": "virtual:"})])
    assert ours.file.read_text("utf-8") == f'{HEADER}\n[[printer]]\nname = "BAR"\ndevice = "virtual:"\n'
    ours.save([Remove(("printer", "BAR"))])
    assert ours.file.read_text("utf-8") == HEADER


def test_a_named_file_is_changed_in_its_place(tmp_path: Path) -> None:
    ours = Settings(tmp_path / "etc" / "my.toml", tmp_path / "data", {})
    ours.save([Set(("language",), "en")])
    assert (tmp_path / "etc" / "my.toml").exists()
    assert not (tmp_path / "data" / "comptoir.toml").exists()


@pytest.mark.parametrize(
    ("edits", "key", "why"),
    [
        ([Set(("station", "port"), 70000)], "station.port", "65535"),
        ([Set(("station", "prot"), 1)], "station.prot", "unknown"),
        ([Set(("station", "name"), "a/b")], "station.name", "a name"),
        ([Append("printer", {"name": "A", "device": "virtual:"})], "printer[1].name", "two printers"),
        ([Append("printer", {"name": "B"})], "printer[1].device", "missing"),
        ([Set(("printer", "A", "device"), "tape")], "printer[0].device", "no device URI"),
        ([Set(("printer", "Z", "device"), "virtual:")], "printer[Z]", "any more"),
        ([Remove(("printer", 3))], "printer[3]", "any more"),
        ([Set(("station", "allowed_origins"), ["shop"])], "station.allowed_origins", "no origin"),
        ([Set(("epos", "printer"), "Z")], "epos.printer", "no printer is called “Z”"),
        ([Set(("language",), "en"), Set(("drawer", "on"), "1 h")], "drawer.on", "510 ms"),
    ],
)
def test_a_wrong_value_is_refused_whole(opened: Opened, edits: list[Edit], key: str, why: str) -> None:
    ours = opened()
    for attempt in (ours.check, ours.save):
        with pytest.raises(WrongField) as caught:
            attempt(edits)
        assert caught.value.key == key
        assert why in caught.value.sentence
        assert caught.value.message == f"{key}: {caught.value.sentence}", "no line of a text that nobody has seen"
    assert ours.file.read_text("utf-8") == TEXT
    assert ours.config == ours.running


def test_half_a_letter_is_refused(opened: Opened) -> None:
    ours = opened()
    with pytest.raises(ConfigError, match="characters"):
        ours.save([Set(("station", "certificate"), "\ud800")])
    assert ours.file.read_text("utf-8") == TEXT


def test_a_file_that_the_library_cannot_change_is_said(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = opened()
    monkeypatch.setattr(tomlkit, "parse", lambda text: tomlkit.document())
    with pytest.raises(ConfigError, match="cannot be changed here"):
        ours.save([Set(("station", "port"), 1)])
    assert ours.file.read_text("utf-8") == TEXT


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_what_somebody_wrote_meanwhile_stays(opened: Opened) -> None:
    ours = opened()
    ours.file.write_text(TEXT + '\n[log]\nkeep = "3 days" # by hand\n', "utf-8")
    assert ours.save([Set(("language",), "en")]).log.keep == "3 days"
    assert '[log]\nkeep = "3 days" # by hand\n' in ours.file.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "where"),
    [("[station]\nport = \n", "line 2"), ("\n[station]\nport = 'x'\n", "line 3: station.port")],
)
def test_a_file_that_was_spoilt_meanwhile_is_not_overwritten(opened: Opened, text: str, where: str) -> None:
    ours = opened()
    ours.file.write_text(text, "utf-8")
    for attempt in (ours.check, ours.save, lambda edits: ours.reload()):
        with pytest.raises(ConfigError, match=where) as caught:
            attempt([Set(("station", "port"), 1)])
        assert attempt not in (ours.check, ours.save) or not isinstance(caught.value, WrongField)
    assert ours.file.read_text("utf-8") == text
    assert ours.config == ours.running, "what was read before goes on"


def test_reload_reads_the_file_again(opened: Opened) -> None:
    ours = opened()
    ours.file.write_text("[station]\nport = 5\n", "utf-8")
    assert ours.reload().station.port == ours.config.station.port == 5
    assert ours.running.station.port == 22548


def test_a_file_of_windows_stays_one(opened: Opened) -> None:
    text = "\N{ZERO WIDTH NO-BREAK SPACE}" + TEXT.replace("\n", "\r\n")
    ours = opened(text)
    ours.save([Set(("station", "port"), 1), Append("route", {"from": "a\r\nb\nc"})])
    data = ours.file.read_bytes()
    assert data.startswith(text.encode()[:20])
    assert data.count(b"\n") == data.count(b"\r\n")
    assert load(None, ours.file.parent, {}).route[0].source == "a\r\nb\nc"


@pytest.mark.skipif(os.name == "nt", reason="there are no such rights")
def test_rights_and_links_stay(opened: Opened, tmp_path: Path) -> None:
    ours = opened()
    ours.file.chmod(0o640)
    real = ours.file.rename(tmp_path / "real.toml")
    ours.file.symlink_to(real.name)
    ours.save([Set(("station", "port"), 1)])
    assert ours.file.is_symlink()
    assert (stat.S_IMODE(real.stat().st_mode), b"port = 1" in real.read_bytes()) == (0o640, True)


# -- fixed elsewhere --------------------------------------------------------------------------------------------------


def test_what_a_variable_fixes_cannot_be_changed_here(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COMPTOIR_STATION__NAME=quay\n", "utf-8")
    environ = {
        "COMPTOIR_STATION__PORT": "99",
        "COMPTOIR_STATION__ALLOWED_ORIGINS": "https://a.example,https://b.example",
    }
    ours = opened(environ=environ)
    assert ours.overridden == {
        "station.name": "the variable COMPTOIR_STATION__NAME in the file .env",
        "station.port": "the variable COMPTOIR_STATION__PORT",
        "station.allowed_origins": "the variable COMPTOIR_STATION__ALLOWED_ORIGINS",
    }
    with pytest.raises(WrongField, match=r"fixed by the variable COMPTOIR_STATION__NAME in the file \.env") as caught:
        ours.save([Set(("station", "name"), "x")])
    assert caught.value.key == "station.name"
    form = [
        Set(("station", "name"), "quay"),
        Set(("station", "port"), 99),
        Set(("station", "allowed_origins"), ("https://a.example", "https://b.example")),
        Set(("language",), "en"),
    ]
    assert ours.save(form).language == "en", "a form that repeats what holds is no change of it"
    assert "quay" not in ours.file.read_text("utf-8")


def test_what_an_option_fixes_cannot_be_changed_here(tmp_path: Path) -> None:
    ours = Settings(None, tmp_path, {}, {("station", "port"): ("--port", 7)})
    assert (ours.config.station.port, ours.overridden) == (7, {"station.port": "the option --port"})
    with pytest.raises(WrongField, match="fixed by the option --port"):
        ours.save([Set(("station", "port"), 8)])
    assert ours.reload().station.port == 7


def test_what_a_variable_makes_wrong_names_the_variable(opened: Opened) -> None:
    ours = opened(environ={"COMPTOIR_DRAWER__PRINTER": "A"})
    with pytest.raises(
        WrongField, match=r"the variable COMPTOIR_DRAWER__PRINTER: drawer.printer: no printer is called"
    ):
        ours.save([Set(("printer", "A", "name"), "B")])


# -- what takes effect when -------------------------------------------------------------------------------------------


def test_what_needs_a_restart_is_told(opened: Opened) -> None:
    ours = opened()
    ours.save([
        Set(("language",), "en"), Set(("station", "allowed_origins"), ["https://odoo.example.com"]),
        Set(("log", "keep"), "3 days"), Set(("till", "enabled"), False), Set(("epos", "printer"), "A"),
    ])  # fmt: skip
    assert ours.needs_restart() == ()
    ours.save([Set(("printer", "A", "columns"), 32), Set(("station", "port"), 1), Set(("drawer", "pin"), 5)])
    assert ours.needs_restart() == ("station.port", "printer[0].columns", "drawer.pin")
    ours.save([Append("printer", {"name": "B", "device": "virtual:"})])
    assert ours.needs_restart() == ("station.port", "printer", "drawer.pin")
    ours.running = ours.config
    assert ours.needs_restart() == ()


def test_routes_take_effect_at_once_and_folders_do_not(opened: Opened) -> None:
    ours = opened()
    ours.save([Append("route", {"from": "api", "to": ["A"]})])
    ours.save([Set(("route", 0, "match"), ["*.pdf"])])
    assert ours.needs_restart() == ()
    ours.running = ours.config
    ours.save([Set(("route", 0, "match"), ["*.txt"])])
    assert ours.needs_restart() == ()
    ours.save([Append("source", {"kind": "folder", "name": "in", "path": "/in"})])
    assert ours.needs_restart() == ("source",)


def test_what_differs_is_named(opened: Opened) -> None:
    ours = opened()
    before = ours.config
    after = ours.save([Set(("language",), "en"), Append("route", {"from": "x"})])
    assert changed(before, after) == ("language", "route")
    assert changed(before, before) == ()


# -- nothing half -----------------------------------------------------------------------------------------------------


def test_a_full_disk_leaves_everything_as_it_was(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = opened()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="cannot be written"):
        ours.save([Set(("station", "port"), 1)])
    assert ours.file.read_text("utf-8") == TEXT
    assert ours.config.station.port == 22548
    assert not ours.file.with_name("comptoir.toml.part").exists()


SAVES = """
import sys
from pathlib import Path
from comptoir.settings import Set, Settings
ours = Settings(None, Path(sys.argv[1]), {})
print("ready", flush=True)
number = 0
while True:
    number += 1
    ours.save([Set(("station", "name"), "x" * (number % 64 + 1)), Set(("station", "port"), number % 64 + 1)])
    if number == 3:
        print("saved", flush=True)
"""


def test_a_kill_leaves_a_whole_file(opened: Opened, tmp_path: Path) -> None:
    ours = opened()
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", SAVES, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        with process.stdout as says:
            assert [says.readline(), says.readline()] == ["ready\n", "saved\n"]
            process.kill()
            process.wait()
        config = ours.reload()
        assert len(config.station.name) == config.station.port, "both values of one save, or neither"
        assert "# ours" in ours.file.read_text("utf-8")
    ours.save([Set(("station", "port"), 5)])


def test_many_at_once_lose_nothing(opened: Opened, tmp_path: Path) -> None:
    opened()
    both = [Settings(None, tmp_path, {}), Settings(None, tmp_path, {})]

    def save(number: int) -> None:
        both[number % 2].save([Append("printer", {"name": f"P{number}", "device": "virtual:"})])

    threads = [threading.Thread(target=save, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {p.name for p in load(None, tmp_path, {}).printer} == {"A", *(f"P{number}" for number in range(12))}


def test_who_is_kept_waiting_by_another_program_is_told(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = opened()
    monkeypatch.setattr("comptoir.settings._PATIENCE", 0.05)
    with FileLock(tmp_path / "settings.lock"), pytest.raises(ConfigError, match="by another program"):
        ours.save([Set(("station", "port"), 1)])


def tables(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(values)


VALUES = st.text() | st.integers(-5, 99999) | st.booleans() | st.lists(st.text(max_size=5), max_size=3) | st.just("A")
PATHS = st.sampled_from([
    ("language",), ("retention",), ("station", "name"), ("station", "port"), ("station", "certificate"),
    ("station", "allowed_hosts"), ("printer", 0, "name"), ("printer", "A", "device"), ("printer", 1, "columns"),
    ("drawer", "printer"), ("till", "enabled"), ("relay", "token_file"), ("route", 0, "to"), ("printer", 0),
    ("source", 0, "path"), ("nothing", "here"), ("nothing",),
])  # fmt: skip
EDITS = st.lists(
    st.builds(Set, PATHS, VALUES)
    | st.builds(Remove, PATHS)
    | st.builds(Append, st.just("printer"), tables(name=st.text(max_size=3), device=st.just("virtual:")))
    | st.builds(Append, st.just("source"), tables(kind=st.just("folder"), name=st.text(max_size=3), path=st.text()))
    | st.builds(Append, st.just("route"), tables(**{"from": st.text(), "to": st.just(["A"])})),
    max_size=6,
)  # fmt: skip


@given(EDITS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_for_the_file_is_right_or_as_it_was(opened: Opened, edits: list[Edit]) -> None:
    ours = opened()
    try:
        config = ours.save(edits)
    except ConfigError:
        assert ours.file.read_bytes() == TEXT.encode()
        assert ours.config == ours.running
        return
    assert load(None, ours.file.parent, {}) == config == ours.config
    assert "# ours\n" in ours.file.read_text("utf-8")
    assert isinstance(config, Config)


@given(st.text())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_kept(opened: Opened, text: str) -> None:
    ours = opened()
    assert ours.save([Set(("relay", "token_file"), text)]).relay.token_file == text
    assert load(None, ours.file.parent, {}).relay.token_file == text
