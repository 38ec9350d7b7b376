"""The kinds of destinations, as values: what has to be set, what holds where nothing is, and no secret among it."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from comptoir.destinations import DestinationConfig, EmailConfig, FolderConfig, SftpConfig
from comptoir.sinks import DESTINATIONS

LEAST: dict[str, dict[str, Any]] = {
    "maarch": {"url": "https://rm.example.com", "token_file": "t"},
    "http": {"url": "https://dms.example.com"},
    "folder": {"path": "prints"},
    "s3": {"bucket": "shop", "access_key_file": "a", "secret_key_file": "s"},
    "sftp": {"host": "h", "user": "u", "password_file": "p"},
    "email": {"host": "h", "from": "a@b.example", "to": ["c@d.example"]},
}


@pytest.mark.parametrize("kind", DESTINATIONS)
def test_what_has_to_be_set(kind: str) -> None:
    config = msgspec.convert({"kind": kind, "name": "archives", **LEAST[kind]}, DestinationConfig)
    assert config.__struct_config__.tag == kind
    for missing in {"name"} | LEAST[kind].keys() - {"password_file"}:
        rest = {key: value for key, value in {"name": "archives", **LEAST[kind]}.items() if key != missing}
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"kind": kind, **rest}, DestinationConfig)


@pytest.mark.parametrize("config", get_args(DestinationConfig), ids=lambda kind: kind.__struct_config__.tag)
def test_secrets_stand_in_files(config: Any) -> None:
    named = [field.name for field in msgspec.structs.fields(config)]
    said = [name for name in named if any(word in name for word in ("password", "token", "secret", "key"))]
    harmless = {"token_header", "token_scheme", "token_url", "host_key", "key", "client_token"}
    assert [name for name in said if not name.endswith("_file") and name not in harmless] == []


def test_a_folder_is_as_the_earlier_archive_was() -> None:
    config = FolderConfig(name="a", path="p")
    assert config.metadata
    assert config.file == "{date:%Y%m%d}_{time:%H%M%S}_{file}"
    assert not config.create


def test_a_server_is_known_by_its_key_and_a_line_is_secret() -> None:
    assert SftpConfig(name="a", host="h", user="u").host_key == ""
    assert EmailConfig(name="a", host="h", sender="a@b", to=("c@d",)).security == "starttls"
