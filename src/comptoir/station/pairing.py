"""A station becomes known to a hub: a code for a token, and where both are kept. The link itself is `sources/relay.py`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import msgspec

from comptoir.config import Config
from comptoir.core.errors import ComptoirError, ConfigError, RequestError
from comptoir.wire.relay import PATH

TOKEN_FILE = "relay.token"
LINK_FILE = "relay.json"


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub that a station is linked to: the address of its relay, the station's token, and its name there."""

    url: str
    token: str
    station: str = ""


class PairingFailed(ComptoirError):
    """The hub did not take this station."""

    code = "pairing"
    http_status = 502


def relay_url(address: str) -> str:
    """The relay's address from what a person types: hub.example.com, http://hub:22549/, wss://hub/relay."""
    text = address.strip()
    parts = urlsplit(text if "://" in text else f"http://{text}")
    schemes = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
    if parts.scheme not in schemes or not parts.netloc:
        raise RequestError(
            f"“{address[:100]}” is no address of a hub", "It looks like https://hub.example.com"
        )
    path = parts.path.rstrip("/").removesuffix(PATH)
    return f"{schemes[parts.scheme]}://{parts.netloc}{path}{PATH}"


async def exchange(address: str, code: str, name: str) -> Hub:
    """Show the code to the hub. Raises RequestError, PairingFailed with the hub's own words."""
    url = relay_url(address)
    door = url.replace("ws", "http", 1).removesuffix(PATH) + "/pair"
    try:
        timeout = aiohttp.ClientTimeout(total=15)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(door, json={"code": code, "name": name}) as answer,
        ):
            body = msgspec.json.decode(await answer.read(), type=dict[str, object])
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise PairingFailed(
            f"the hub {address} does not answer: {error or 'it took too long'}",
            "Check the address and the network.",
        ) from None
    except msgspec.MsgspecError:
        raise PairingFailed(f"{address} is no Comptoir hub", "Check the address.") from None
    error_body = body.get("error")
    if isinstance(error_body, dict):
        raise PairingFailed(str(error_body.get("message")), str(error_body.get("hint")))
    return Hub(url, str(body["token"]), str(body["station"]))


def keep(folder: Path, hub: Hub) -> None:
    """Write the token (readable by this user only) and the address."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / TOKEN_FILE, hub.token.encode() + b"\n")
    _write(folder / LINK_FILE, msgspec.json.encode({"url": hub.url, "station": hub.station}))


def find(config: Config, folder: Path) -> Hub | None:
    """The hub of this station: the configuration's, else the one that it was paired with. Raises ConfigError."""
    paired: dict[str, str] = {}
    if (folder / LINK_FILE).exists():
        paired = msgspec.json.decode((folder / LINK_FILE).read_bytes(), type=dict[str, str])
    url = config.relay.url or paired.get("url", "")
    if not url:
        return None
    path = folder / (config.relay.token_file or TOKEN_FILE)
    try:
        token = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"the token of the hub {url} cannot be read from {path}: {error}",
            "Pair again: comptoir pair HUB_URL CODE",
        ) from None
    return Hub(url, token, paired.get("station", ""))


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(path.name + ".new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
