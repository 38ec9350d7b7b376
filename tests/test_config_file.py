"""The configuration: what can be set, and what a mistake is answered with."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.config import Config
from comptoir.config_file import load
from comptoir.core.errors import ConfigError

FULL = """
language = "en"
retention = "30 days"
[station]
name = "bar"
host = "0.0.0.0"
port = 1234
allowed_origins = ["https://shop.example.com"]
[hub]
port = 1235
rate = 12.5
burst = 3
[relay]
url = "wss://hub.example.com/relay"
token_file = "my.token"
[[printer]]
name = "TICKET"
device = "socket://192.168.1.50:9100"
expires = "10 min"
status = "never"
[[printer]]
name = "BAR"
device = "virtual:"
columns = 32
dots = 384
[[route]]
from = "api"
to = ["BAR"]
match = ["*.txt"]
"""


@pytest.fixture
def given_text(tmp_path: Path) -> Callable[..., Config]:
    def read(text: str, environ: dict[str, str] | None = None, dotenv: str | None = None) -> Config:
        (tmp_path / "comptoir.toml").write_text(text, "utf-8")
        if dotenv is not None:
            (tmp_path / ".env").write_text(dotenv, "utf-8")
        return load(None, tmp_path, environ or {})

    return read


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    config = load(None, tmp_path, {})
    assert config == Config()
    assert (config.station.port, config.hub.port, config.station.host) == (22548, 22549, "127.0.0.1")


def test_everything_that_can_be_set(given_text: Callable[..., Config]) -> None:
    config = given_text(FULL)
    assert (config.language, config.retention, config.station.name, config.station.port) == (
        "en",
        "30 days",
        "bar",
        1234,
    )
    assert (config.hub.rate, config.hub.burst, config.relay.token_file) == (12.5, 3, "my.token")
    ticket, bar = config.printer
    assert (ticket.expires_ms(), ticket.status, bar.expires_ms(), bar.columns) == (600_000, "never", None, 32)
    assert (config.route[0].source, config.route[0].to, config.route[0].match) == (
        "api",
        ("BAR",),
        ("*.txt",),
    )


WRONG = [
    # text, line, key, a word of what is expected
    ("languag = 'fr'", 1, "languag", "unknown"),
    ("\n[station]\nprot = 1", 3, "station.prot", "unknown"),
    ("[station]\nport = 70000", 2, "station.port", "65535"),
    ("[station]\nport = '80'", 2, "station.port", "int"),
    ("[station]\nname = ''", 2, "station.name", "1"),
    ("[station]\nname = 'a/b'", 2, "station.name", "1 to 64 characters"),
    ("[station]\nname = 'a\\b'", 2, "station.name", "1 to 64 characters"),
    ('[station]\nname = "a\\n"', 2, "station.name", "1 to 64 characters"),
    ("[[printer]]\nname = '..'\ndevice = 'virtual:'", 2, "name", "1 to 64 characters"),
    ("[[printer]]\nname = '.'\ndevice = 'virtual:'", 2, "name", "1 to 64 characters"),
    ("language = 'de'", 1, "language", ""),
    ("retention = 'soon'", 1, "retention", "10 min"),
    (f"retention = '{'9' * 400} years'", 1, "retention", "1000 years"),
    ("retention = '1001 years'", 1, "retention", "1000 years"),
    ("[hub]\n\nrate = 0", 3, "hub.rate", "0"),
    ("[hub]\nrate = inf", 2, "hub.rate", "1000000"),
    ("[hub]\nrate = nan", 2, "hub.rate", ""),
    (f"[hub]\nburst = {'9' * 40}", 2, "hub.burst", "1000000"),
    (f"[hub]\nrate = {'9' * 400}", 2, "hub.rate", ""),
    ("[hub]\nburst = 0", 2, "hub.burst", "1"),
    ("[relay]\nurl = 'hub'", 2, "relay.url", "wss://"),
    ("[relay]\nurl = 'ws://'", 2, "relay.url", "wss://"),
    ("[relay]\nurl = 'ws://['", 2, "relay.url", "wss://"),
    ("[relay]\nurl = 'ws://hub:99999/relay'", 2, "relay.url", "wss://"),
    ("[[printer]]\nname = 'A'\n", 1, "device", "device"),
    ("[[printer]]\nname = 'A'\ndevice = 'printer1'", 3, "printer[0].device", "socket://"),
    (
        "[[printer]]\nname='A'\ndevice='virtual:'\n[[printer]]\nname='B'\ndevice='virtual:'\nexpires = 'x'",
        7,
        "printer[1].expires",
        "min",
    ),
    (
        "[[printer]]\nname='A'\ndevice='virtual:'\n[[printer]]\nname='A'\ndevice='virtual:'",
        5,
        "printer[1].name",
        "two printers",
    ),
    ("[[printer]]\nname='A'\ndevice='virtual:'\ncolumns = 3", 4, "columns", "16"),
    (
        "[[printer]]\nname='A'\ndevice='virtual:'\n[[printer]]\nname='B'\ndevice='virtual:'\ndots = 3",
        7,
        "dots",
        "128",
    ),
    ("[hub]\nallowed_hosts = ['hub.example.com:22549']", 2, "hub.allowed_hosts", "without scheme, port and path"),
    ("[hub]\nport = 1\nallowed_hosts = ['a', 'https://hub']", 3, "hub.allowed_hosts", "“https://hub” is no host name"),
    ("[station]\nallowed_hosts = ['shop:80']", 2, "station.allowed_hosts", "without scheme, port and path"),
    ("[station]\nallowed_addresses = ['shop']", 2, "station.allowed_addresses", "192.168.1.0/24"),
    ("[station]\ncertificate = 'own.pem'", 2, "station.certificate", "private_key"),
    ("[log]\nkeep = 'soon'", 2, "log.keep", "10 min"),
    ("[archive]\nday_starts = '6h'", 2, "archive.day_starts", "a time such as 06:00"),
    ("[[report]]\ntitle = 'a'\nby = '4h'", 3, "report[0].by", "a time such as 06:00"),
    ("[[report]]\ntitle = 'a'\n[[report]]\ntitle = ' A'", 4, "report[1].title", "expected already"),
    ("[night]\nsend_to = 'TICKET'", 2, "night.send_to", "prints receipts"),
    ("[[route]]\nfrom = ''", 2, "route[0].from", "length >= 1"),
    ("[[source]]\nkind = 'lpd'\nname = 'a'\nhost = 'no host'", 4, "source[0].host", "no address of this computer"),
    ("[[source]]\nkind = 'lpd'\nname = 'a'\nport = 22548", 4, "source[0].port", "the station listens at port 22548"),
    (
        "[[source]]\nkind = 'lpd'\nname = 'a'\nport = 1\n[[source]]\nkind = 'port9100'\nname = 'b'\nport = 1",
        8,
        "source[1].port",
        "“a” listens at port 1",
    ),
    ("[epos]\nprinter = 'BAR'", 2, "epos.printer", "no printer is called"),
    ("[hw_proxy]\nprinter = 'BAR'", 2, "hw_proxy.printer", "no printer is called"),
    ("[till]\ninvoices = 'x'", 2, "till.invoices", "no source is called"),
    ("[[source]]\nkind = 'ftp'\nname = 'a'\npath = 'b'", 2, "source[0].kind", "ftp"),
    ("[[source]]\nkind = 'folder'\nname = 'a'\npath = 'b'\nquiet = 'x'", 5, "source[0].quiet", "10 min"),
    (
        "[[source]]\nkind='folder'\nname='a'\npath='b'\n[[source]]\nkind='folder'\nname='a'\npath='c'",
        7,
        "source[1].name",
        "two sources",
    ),
    ("[[route]]\nfrom = 'a'\noriginal = 'burn'", 3, "route[0].original", "keep, delete, or move:FOLDER"),
    ("[[route]]\nfrom = 'a'\nkeep = 'x'", 3, "route[0].keep", "10 min"),
    ("[[route]]\nfrom = 'a'\noriginal_after = 'x'", 3, "route[0].original_after", "10 min"),
    ("[[route]]\nfrom = 'a'\nlarger = '3 lines'", 3, "route[0].larger", "2 MB"),
    ("[[route]]\nfrom = 'a'\nfallback = 'BAR'", 3, "route[0].fallback", "no printer is called"),
    ("[[destination]]\nkind = 'ftp'\nname = 'a'", 2, "destination[0].kind", "ftp"),
    ("[[source]]\nkind = 'folder'\nname = 'relay'\npath = 'b'", 3, "source[0].name", "another name"),
    ("[[destination]]\nkind = 'folder'\nname = 'a'\nroad = 'b'", 4, "destination[0].road", "unknown"),
    (
        "[[destination]]\nkind='folder'\nname='A'\npath='b'\n[[destination]]\nkind='folder'\nname='A'\npath='b'",
        7,
        "destination[1].name",
        "two destinations",
    ),
    (
        "[[printer]]\nname='A'\ndevice='virtual:'\n[[destination]]\nkind='folder'\nname='A'\npath='b'",
        6,
        "destination[0].name",
        "printers are destinations",
    ),
    ("[hub]\nallowed_hosts = ['hub/print']", 2, "hub.allowed_hosts", "without scheme, port and path"),
    ("[hub]\nallowed_hosts = ['*']", 2, "hub.allowed_hosts", "hub.example.com"),
    ("[hub]\nallowed_hosts = ['']", 2, "hub.allowed_hosts", "hub.example.com"),
    ("[hub]\nallowed_origins = ['https://shop/']", 2, "hub.allowed_origins", "without a path"),
    ("[hub]\nallowed_origins = ['https://shop/x?y']", 2, "hub.allowed_origins", "without a path"),
    ("[station]\nallowed_origins = ['*']", 2, "station.allowed_origins", "https://shop.example.com"),
    ("[station]\nallowed_origins = ['https://*.shop']", 2, "station.allowed_origins", "https://shop.example.com"),
    ("[station]\nallowed_origins = ['null']", 2, "station.allowed_origins", "scheme"),
    ("[station]\nallowed_origins = ['shop.example.com']", 2, "station.allowed_origins", "scheme"),
    ("[station]\nallowed_origins = ['shop:443']", 2, "station.allowed_origins", "scheme"),
    ("[station]\nallowed_origins = ['https://shop:70000']", 2, "station.allowed_origins", "port"),
    ("[station]\nallowed_origins = ['https://[g]']", 2, "station.allowed_origins", "host"),
    ("[[route]]\nfrom = 'api'\nto = ['NOPE']", 3, "route[0].to", "NOPE"),
    ("[[route]]\nto = ['TICKET']", 1, "from", "from"),
    ("printer = 3", 1, "printer", "array"),
    ("station = 3", 1, "station", "object"),
]


@pytest.mark.parametrize(
    ("text", "line", "key", "expected"), WRONG, ids=[f"{key}-{i}" for i, (_, _, key, _) in enumerate(WRONG)]
)
def test_a_mistake_is_answered_with_file_line_key_and_what_is_expected(
    given_text: Callable[..., Config], tmp_path: Path, text: str, line: int, key: str, expected: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        given_text(text)
    message, hint = caught.value.message, caught.value.hint
    assert f"{tmp_path / 'comptoir.toml'}, line {line}:" in message
    assert key in message
    assert expected in message
    assert hint


def test_names_of_hosts_are_as_browsers_send_them(given_text: Callable[..., Config]) -> None:
    config = given_text(
        "[hub]\nallowed_hosts = ['HUB.Example.com.', '192.168.1.7', '::1', 'my_hub']\n"
        "allowed_origins = ['HTTPS://Shop.Example.com:443', 'http://[::1]:8080', 'chrome-extension://abcdef']\n"
        "[station]\nallowed_origins = ['http://SHOP:80', 'https://shop:80']"
    )
    assert config.hub.allowed_hosts == ("hub.example.com", "192.168.1.7", "::1", "my_hub")
    assert config.hub.allowed_origins == (
        "https://shop.example.com",
        "http://[::1]:8080",
        "chrome-extension://abcdef",
    )
    assert config.station.allowed_origins == ("http://shop", "https://shop:80")


def test_an_unknown_key_is_answered_with_the_known_ones(given_text: Callable[..., Config]) -> None:
    with pytest.raises(ConfigError) as caught:
        given_text("[hub]\nprot = 1")
    assert all(name in caught.value.hint for name in ("host", "port", "allowed_hosts", "rate"))


@pytest.mark.parametrize(
    "text", ["[station", "a = ", "a = 1\na = 2", "port = 01", "[station]\n[station]", f"a = {'9' * 5000}"]
)
def test_what_is_no_toml_is_answered_with_the_line(
    given_text: Callable[..., Config], tmp_path: Path, text: str
) -> None:
    with pytest.raises(ConfigError, match=r"line|document|digits") as caught:
        given_text(text)
    assert str(tmp_path / "comptoir.toml") in caught.value.message


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "comptoir.toml").write_bytes(b"\xef\xbb\xbf" + b'language = "en"\r\n')
    assert load(None, tmp_path, {}).language == "en"


def test_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "comptoir.toml").write_bytes('[station]\nname = "Café"'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"comptoir\.toml") as caught:
        load(None, tmp_path, {})
    assert "UTF-8" in caught.value.hint


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("[station]\r\n# Caf\u00e9\r\n".encode("cp1252"), "line 2 is not in UTF-8"),
        ("[station]\r\n".encode("utf-16"), "it is in UTF-16"),
    ],
)
@pytest.mark.parametrize("name", ["comptoir.toml", ".env"])
def test_what_windows_editors_save_otherwise_is_said_in_words(
    tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load(None, tmp_path, {})
    assert caught.value.message == f"{tmp_path / name} cannot be read: {what}"
    assert "UTF-8" in caught.value.hint


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no configuration file") as caught:
        load(tmp_path / "mine.toml", tmp_path, {})
    assert "--config" in caught.value.hint
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        load(tmp_path, tmp_path, {})
    assert "UTF-8" not in caught.value.hint, "it is a folder, and no question of encoding"


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(ConfigError, match="is no folder") as caught:
            load(None, folder, {})
        assert "--data" in caught.value.hint
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "file" / "my.toml", tmp_path, {})
    assert "--config" in caught.value.hint


def test_a_file_beside_in_another_encoding_is_a_config_error(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"COMPTOIR_STATION__NAME=caf\xe9\n")
    with pytest.raises(ConfigError):
        load(None, tmp_path, {})


# -- anything at all -------------------------------------------------------------------------------------

KEYS = re.findall(r"^(\w+) =", FULL, re.MULTILINE)
values = st.sampled_from(
    ["1", "'x'", "true", "1.5", "[]", "['a']", "{}", "nan", "inf", "-1", "2020-01-01", "'10 min'", "[[]]"]
)
lines = st.sampled_from(
    ["[station]", "[hub]", "[relay]", "[[printer]]", "[[route]]", "[a.b]", "# x", "[[station]]", "[printer]"]
) | st.builds(lambda key, value: f"{key} = {value}", st.sampled_from(KEYS), values)


@given(
    st.lists(lines, max_size=12).map("\n".join) | st.text(max_size=60),
    st.sampled_from([{}, {"COMPTOIR_STATION__PORT": "1"}]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400, deadline=None)
def test_any_text_is_a_configuration_or_a_config_error(tmp_path: Path, text: str, environ: dict[str, str]) -> None:
    (tmp_path / "comptoir.toml").write_text(text.encode("utf-8", "replace").decode(), "utf-8")
    try:
        load(None, tmp_path, environ)
    except ConfigError as error:
        assert error.message


def test_a_bottomless_file_is_a_config_error(given_text: Callable[..., Config]) -> None:
    with pytest.raises(ConfigError):
        given_text("a = " + "[" * 100_000)


def test_keys_and_kinds_that_there_are_are_named(tmp_path: Path) -> None:
    """Of the kind that was written, not of all."""
    for text, hint in (
        (
            "[[source]]\nkind = 'folder'\nname = 'f'\npath = 'x'\n[[source]]\nkind = 'lpd'\nprot = 1",
            "Known keys here: name, host, port, largest.",
        ),
        ("[[source]]\nkind = 'printer'", "Known: folder, ipp_printer, port9100, lpd, cups, cups_backend, winspool."),
    ):
        (tmp_path / "comptoir.toml").write_text(text, "utf-8")
        with pytest.raises(ConfigError) as caught:
            load(None, tmp_path, {})
        assert caught.value.hint == hint
