"""The configuration from the environment, and from the file `.env` beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from comptoir.config import Config, HubConfig, RelayConfig, StationConfig
from comptoir.config_file import load
from comptoir.core.errors import ConfigError

FULL = """
language = "en"
retention = "30 days"
[station]
name = "bar"
port = 1234
[hub]
port = 1235
[[printer]]
name = "TICKET"
device = "virtual:"
"""


@pytest.fixture
def given_text(tmp_path: Path) -> Callable[..., Config]:
    def read(text: str, environ: dict[str, str] | None = None, dotenv: str | None = None) -> Config:
        (tmp_path / "comptoir.toml").write_text(text, "utf-8")
        if dotenv is not None:
            (tmp_path / ".env").write_text(dotenv, "utf-8")
        return load(None, tmp_path, environ or {})

    return read


ENVIRON = [
    ("COMPTOIR_LANGUAGE", "en", lambda c: c.language, "en"),
    ("COMPTOIR_RETENTION", "1 day", lambda c: c.retention, "1 day"),
    ("COMPTOIR_STATION__NAME", "bar", lambda c: c.station.name, "bar"),
    ("COMPTOIR_STATION__HOST", "::1", lambda c: c.station.host, "::1"),
    ("COMPTOIR_STATION__PORT", "8080", lambda c: c.station.port, 8080),
    (
        "COMPTOIR_STATION__ALLOWED_ORIGINS",
        "https://a, https://b",
        lambda c: c.station.allowed_origins,
        ("https://a", "https://b"),
    ),
    ("COMPTOIR_HUB__PORT", "8081", lambda c: c.hub.port, 8081),
    ("COMPTOIR_HUB__RATE", "2.5", lambda c: c.hub.rate, 2.5),
    ("COMPTOIR_HUB__RATE", "5", lambda c: c.hub.rate, 5),
    ("COMPTOIR_HUB__BURST", "7", lambda c: c.hub.burst, 7),
    ("COMPTOIR_RELAY__URL", "ws://h/relay", lambda c: c.relay.url, "ws://h/relay"),
]


@pytest.mark.parametrize(("variable", "value", "get", "expected"), ENVIRON)
def test_the_environment_overrides_the_file(
    given_text: Callable[..., Config],
    variable: str,
    value: str,
    get: Callable[[Config], object],
    expected: object,
) -> None:
    assert get(given_text(FULL, {variable: value, "PATH": "/bin"})) == expected


NUMBERS = [
    (name, field.encode_name)
    for name, section in (("station", StationConfig), ("hub", HubConfig), ("relay", RelayConfig))
    for field in msgspec.structs.fields(section)
    if not isinstance(field.default, str | tuple | bool)
]


def test_there_are_numbers() -> None:
    assert {("station", "port"), ("hub", "port"), ("hub", "rate"), ("hub", "burst")} <= set(NUMBERS)


@pytest.mark.parametrize(("section", "key"), NUMBERS)
def test_every_number_can_be_set_by_the_environment(tmp_path: Path, section: str, key: str) -> None:
    """Those of later versions too."""
    variable = f"COMPTOIR_{section}__{key}".upper()
    assert getattr(getattr(load(None, tmp_path, {variable: " 7 "}), section), key) == 7
    for wrong in ("", "seven", "-1", "1e400", "0x10", "٧"):
        with pytest.raises(ConfigError, match=f"{variable}: {section}.{key}"):
            load(None, tmp_path, {variable: wrong})


@pytest.mark.parametrize("value", ["DEBUG", "nonsense", ""])
def test_a_variable_that_is_no_configuration_stops_nothing(given_text: Callable[..., Config], value: str) -> None:
    assert given_text(FULL, {"COMPTOIR_LOG": value}) == given_text(FULL, {}, f"COMPTOIR_LOG={value}\n")


def test_an_unknown_variable_is_answered_with_the_known_keys(given_text: Callable[..., Config]) -> None:
    with pytest.raises(ConfigError) as caught:
        given_text("", {"COMPTOIR_HUB__PROT": "1"})
    assert all(key in caught.value.hint for key in ("host", "port", "allowed_hosts", "rate"))
    with pytest.raises(ConfigError) as caught:
        given_text("", {"COMPTOIR_HUBB__PORT": "1"})
    assert all(name in caught.value.hint for name in ("station", "hub", "relay"))


def test_the_file_beside_is_named_where_it_is_wrong(given_text: Callable[..., Config]) -> None:
    for text in ("COMPTOIR_HUB__PORT=x", "COMPTOIR_RETENTION=soon", "COMPTOIR_NOWHERE__X=1"):
        with pytest.raises(ConfigError, match=r"COMPTOIR_\w+ in the file \.env"):
            given_text("", {}, text)
    with pytest.raises(ConfigError) as caught:
        given_text("", {"COMPTOIR_HUB__PORT": "x"}, "COMPTOIR_HUB__PORT=1")
    assert ".env" not in caught.value.message, "the environment has won"


def test_a_byte_order_mark_hides_no_variable(given_text: Callable[..., Config]) -> None:
    assert given_text("", {}, "\ufeffCOMPTOIR_STATION__NAME=bar\n").station.name == "bar"


def test_the_file_beside_comes_between(given_text: Callable[..., Config]) -> None:
    dotenv = "COMPTOIR_STATION__NAME=beside\nCOMPTOIR_LANGUAGE=fr\n"
    config = given_text(FULL, {"COMPTOIR_LANGUAGE": "en"}, dotenv)
    assert (config.station.name, config.language) == ("beside", "en")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COMPTOIR_STATION__PROT", "1"),
        ("COMPTOIR_STATION__PORT", "many"),
        ("COMPTOIR_STATION__PORT", "99999"),
        ("COMPTOIR_HUB__RATE", "fast"),
        ("COMPTOIR_NOWHERE__X", "1"),
        ("COMPTOIR_PRINTER__NAME", "1"),
        ("COMPTOIR_A__B__C", "1"),
        ("COMPTOIR_LANGUAGE", "de"),
        ("COMPTOIR_RELAY__URL", "hub"),
        ("COMPTOIR_HUB__ALLOWED_HOSTS", "hub:80"),
        ("COMPTOIR_STATION__ALLOWED_ORIGINS", "https://shop/"),
        ("COMPTOIR_RETENTION", "soon"),
    ],
)
def test_a_wrong_variable_is_named(given_text: Callable[..., Config], variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        given_text(FULL, {variable: value})
    assert variable in caught.value.message


@pytest.mark.parametrize("text", ["station = 3", "[[station]]\nname = 'x'", "station = 'x'"])
def test_a_variable_for_a_section_that_is_none_is_a_config_error(given_text: Callable[..., Config], text: str) -> None:
    with pytest.raises(ConfigError):
        given_text(text, {"COMPTOIR_STATION__PORT": "1"})


def test_the_file_beside_may_name_them_in_any_case(tmp_path: Path) -> None:
    """As Windows does, whose editor also writes a mark at the beginning and its own line ends."""
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfcomptoir_Station__Port=99\r\ncomptoir_log=DEBUG\r\n")
    assert load(None, tmp_path, {}).station.port == 99
    assert load(None, tmp_path, {"COMPTOIR_STATION__PORT": "98"}).station.port == 98
