"""A station becomes known to a hub: a code for a token, and where both are kept.

The link itself is `sources/relay.py`.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import msgspec

from comptoir.config import Config
from comptoir.core.errors import ComptoirError, ConfigError, RequestError
from comptoir.durable import sync_folder, write_new
from comptoir.windows.networking import words
from comptoir.wire.relay import PATH

TOKEN_FILE = "relay.token"  # noqa: S105 - a name, not a token
LINK_FILE = "relay.json"
#: bytes; a hub's answer has some hundred
LONGEST_ANSWER: Final = 65_536
SCHEMES: Final = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
PAIR_AGAIN: Final = "Pair again: comptoir pair HUB_URL CODE"


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


class _Error(msgspec.Struct, frozen=True):
    message: str
    hint: str = ""


class _Answer(msgspec.Struct, frozen=True):
    """What a hub says to a code: token and station, or an error."""

    token: str = ""
    station: str = ""
    error: _Error | None = None


class _Link(msgspec.Struct, frozen=True):
    """What LINK_FILE holds."""

    url: str
    station: str = ""


def relay_url(address: str) -> str:
    """The relay's address from what a person types: hub.example.com, http://hub:22549/, wss://hub/relay.

    Raises RequestError.
    """
    text = address.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        usable = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0 and text.isprintable()
        # A password in an address would stand in the journal, the log and on pages.
        usable = usable and parts.username is None
    except ValueError:  # brackets that do not close, a port that is no number
        usable = False
    if not usable or " " in text:
        raise RequestError(f"“{address[:100]}” is no address of a hub", "It looks like https://hub.example.com")
    path = parts.path.rstrip("/").removesuffix(PATH)
    return f"{SCHEMES[parts.scheme]}://{parts.netloc}{path}{PATH}"


async def exchange(address: str, code: str, name: str) -> Hub:
    """Show the code to the hub. Raises RequestError, PairingFailed with the hub's own words."""
    url = relay_url(address)
    door = url.replace("ws", "http", 1).removesuffix(PATH) + "/pair"
    try:
        timeout = aiohttp.ClientTimeout(total=15)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            # Not followed elsewhere: what comes back from there would be the answer to another question.
            session.post(door, json={"code": code, "name": name}, allow_redirects=False) as answer,
        ):
            elsewhere = answer.headers.get("Location", "") if 300 <= answer.status < 400 else ""
            body = await _body(answer)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise PairingFailed(
            f"the hub {address} does not answer: {_reason(error)}", "Check the address and the network."
        ) from None
    if elsewhere:
        raise PairingFailed(f"{address} sends on to {elsewhere[:200]}", "Use that address, without /pair.")
    return _hub(address, url, body)


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """What the hub says, and no more than a hub would say."""
    body = b""
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > LONGEST_ANSWER:
            return b""
    return body


def _reason(error: Exception) -> str:
    """Why nobody answers, in the system's words: the loops have different ones of their own."""
    if not isinstance(error, aiohttp.ClientConnectorError):
        return str(error) or "it took too long"
    cause = error.os_error
    if isinstance(cause, socket.gaierror) or not cause.errno:
        return cause.strerror or str(cause)
    return words(cause)


def _hub(address: str, url: str, body: bytes) -> Hub:
    """The hub's answer. Raises PairingFailed."""
    stranger = PairingFailed(f"{address} is no Comptoir hub", "Check the address.")
    try:
        told = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise stranger from None
    if told.error is not None:
        raise PairingFailed(told.error.message, told.error.hint)
    # It is kept as a line of ASCII, and sent as a header.
    if not told.station or not told.token.isascii() or not told.token.isprintable() or not told.token.strip():
        raise stranger
    return Hub(url, told.token, told.station)


def keep(folder: Path, hub: Hub) -> None:
    """Write the token (readable by this user only) and the address, durably; both or none. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    link = msgspec.json.encode(_Link(hub.url, hub.station))
    written: list[Path] = []
    try:
        for name, data in ((TOKEN_FILE, hub.token.encode() + b"\n"), (LINK_FILE, link)):
            written.append(folder / f"{name}.new")
            write_new(written[-1], data, 0o600)
        for path in written:
            path.replace(path.with_suffix(""))
        sync_folder(folder)
    finally:
        for path in written:
            path.unlink(missing_ok=True)


def find(config: Config, folder: Path) -> Hub | None:
    """The hub of this station: the configuration's, else the one that it was paired with. Raises ConfigError."""
    paired = _paired(folder / LINK_FILE)
    url = config.relay.url or paired.url
    if not url:
        return None
    path = folder / (config.relay.token_file or TOKEN_FILE)
    try:
        token = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the token of the hub {url} cannot be read from {path}: {error}", PAIR_AGAIN) from None
    return Hub(url, token, paired.station)


def forget(folder: Path) -> None:
    """Remove what `keep` wrote; the address first, without which the token is worth nothing here. Raises OSError."""
    for name in (LINK_FILE, TOKEN_FILE):
        (folder / name).unlink(missing_ok=True)
    sync_folder(folder)


def _paired(path: Path) -> _Link:
    """What was kept; an empty one where there is none. Raises ConfigError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Link)
    except FileNotFoundError:
        return _Link("")
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConfigError(f"the address of the hub cannot be read from {path}: {error}", PAIR_AGAIN) from None
