"""What types cannot say of a destination: addresses, templates, patterns, times, sizes. It reads no files.

It stands beside `config_check.py`, which says where in the file the key is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from comptoir.core.extract import WrongPattern, names_of, patterns
from comptoir.core.template import Template, WrongTemplate
from comptoir.core.units import size
from comptoir.destinations import (
    DestinationConfig,
    EmailConfig,
    FolderConfig,
    HttpConfig,
    MaarchConfig,
    S3Config,
    SftpConfig,
)

Fault = tuple[str, str]
"""The key, and a sentence why its value cannot be used."""

#: the keys of an archive that are templates
MAARCH_TEMPLATES: Final = ("archive_name", "originator_archive_id", "originating_date", "retention_start", "file_plan")

#: what each way of saying who we are needs
_NEEDED: Final = {
    "none": (),
    "basic": ("user", "password_file"),
    "bearer": ("token_file",),
    "oauth": ("token_url", "client_id", "client_secret_file"),
}
#: RFC 9110 §5.6.2
_HEADER: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
#: headers that are made otherwise
_OWN_HEADERS: Final = frozenset(
    {"authorization", "content-length", "content-type", "host", "idempotency-key", "transfer-encoding"}
)
_FINGERPRINT: Final = r"SHA256:[A-Za-z0-9+/]{43}=?"
_ADDRESS: Final = r"(?:[^<>@\x00-\x1f\x7f]*<[!-;=?-~]+@[A-Za-z0-9.-]+>|[!-;=?-~]+@[A-Za-z0-9.-]+)"


def faults(destination: DestinationConfig) -> Iterator[Fault]:
    """What is wrong with it."""
    match destination:
        case MaarchConfig():
            yield from _maarch(destination)
        case HttpConfig():
            yield from _http(destination)
        case FolderConfig():
            yield from template("file", destination.file)
        case S3Config():
            if destination.endpoint_url:
                yield from web_address("endpoint_url", destination.endpoint_url)
            yield from template("key", destination.key)
        case SftpConfig():
            yield from _sftp(destination)
        case EmailConfig():
            yield from _email(destination)


def _maarch(config: MaarchConfig) -> Iterator[Fault]:
    yield from web_address("url", config.url)
    try:
        size(config.largest)
    except ValueError as error:
        yield "largest", str(error)
    try:
        also = names_of(patterns(config.extract))
    except WrongPattern as error:
        yield "extract", str(error)
        return
    for key in MAARCH_TEMPLATES:
        yield from template(key, getattr(config, key), also)
    for name, value in config.description.items():
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                yield from template("description", text, also, f"{name}: ")


def _http(config: HttpConfig) -> Iterator[Fault]:
    yield from web_address("url", config.url)
    yield from template("url", config.url)
    yield from _login(config)
    for name, text in config.headers.items():
        if not re.fullmatch(_HEADER, name) or name.lower() in _OWN_HEADERS or not text.isprintable():
            yield "headers", f"“{name}” cannot be set here"
        yield from template("headers", text, head=f"{name}: ")
    if config.fields and config.body == "raw":
        yield "fields", "a body that is the file alone has no fields"
    for name, value in config.fields.items():
        if isinstance(value, str):
            yield from template("fields", value, head=f"{name}: ")
    for key, names in (("fields", config.fields), ("file_field", (config.file_field,))):
        for name in names:
            if not name.isprintable():
                yield key, f"“{name}” cannot be set here"
    yield from _places(config)


def _login(config: HttpConfig) -> Iterator[Fault]:
    for key in _NEEDED[config.auth]:
        if not getattr(config, key):
            yield key, f"auth = “{config.auth}” needs it"
    if config.auth == "basic" and ":" in config.user:
        yield "user", "there is no “:” in the user of a password (RFC 7617)"
    if config.auth == "oauth":
        yield from web_address("token_url", config.token_url)
    header = config.token_header
    if not re.fullmatch(_HEADER, header) or header.lower() in _OWN_HEADERS - {"authorization"}:
        yield "token_header", f"“{header}” is no name of a header"
    if not config.token_scheme.isprintable():
        yield "token_scheme", f"“{config.token_scheme}” cannot be set here"


def _places(config: HttpConfig) -> Iterator[Fault]:
    """In a JSON object nothing may stand in what is a value already."""
    if config.body != "json":
        return
    names = [name.removeprefix("/") for name in (*config.fields, *filter(None, [config.file_field]))]
    for name in names:
        if names.count(name) > 1 or any(other.startswith(f"{name}/") for other in names):
            yield "fields", f"“{name}” stands twice in the object"
            return


def _sftp(config: SftpConfig) -> Iterator[Fault]:
    yield from _host("host", config.host)
    yield from template("file", config.file)
    if bool(config.password_file) == bool(config.key_file):
        yield "password_file", "expected either password_file or key_file"
    if config.key_password_file and not config.key_file:
        yield "key_password_file", "it is the password of a key: key_file is missing"
    if config.host_key and not re.fullmatch(_FINGERPRINT, config.host_key):
        yield "host_key", f"“{config.host_key}” is no fingerprint such as SHA256:… of 43 characters"
    if config.host_key and config.known_hosts:
        yield "known_hosts", "expected either host_key or known_hosts"


def _email(config: EmailConfig) -> Iterator[Fault]:
    yield from _host("host", config.host)
    for key, addresses in (("from", (config.sender,)), ("to", config.to)):
        for address in addresses:
            if not re.fullmatch(_ADDRESS, address):
                yield key, f"“{address}” is no address such as shop@example.com or Shop <shop@example.com>"
    if bool(config.user) != bool(config.password_file):
        yield "password_file", "user and password_file go together"
    if config.user and config.security == "none":
        yield "security", "a password needs tls or starttls"
    if not config.subject.isprintable():
        yield "subject", "it must stand on one line"
    yield from template("subject", config.subject)
    yield from template("text", config.text)


def _host(key: str, text: str) -> Iterator[Fault]:
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", text):
        yield key, f"“{text}” is no name or address of a computer, without scheme and path"


def web_address(key: str, text: str) -> Iterator[Fault]:
    """Of an HTTP server, without user and password: those would be shown with it."""
    if "@" in re.split(r"[/?#]", text.partition("//")[2])[0]:
        yield key, "an address has no user and no password here"
        return
    try:
        parts = urlsplit(text)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        # To whom documents and secrets go is not for the name of a file to say.
        is_right = is_right and text.isprintable() and not set(parts.netloc) & set("{} ")
    except ValueError:
        is_right = False
    if not is_right:
        yield key, f"“{text}” is no address such as https://rm.example.com"


def template(key: str, text: str, also: Iterable[str] = (), head: str = "") -> Iterator[Fault]:
    """What is wrong with a template. `also`: fields besides those of every document; `head`: of the sentence."""
    try:
        Template(text, also)
    except WrongTemplate as error:
        yield key, f"{head}{error}"
