"""The form of a destination, made from its struct: which fields, in which order, how each is written.

A new key of `destinations.py` is in the form by itself; its label stands in LABELS. Secrets are never values: what is
configured is the name of a file, and beside it stands a field into which the secret itself is pasted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from comptoir.core.template import FIELDS
from comptoir.core.units import duration
from comptoir.destinations import DestinationConfig
from comptoir.web.locale import msgid
from comptoir.web.pages.config.destination_labels import LABELS, SUGGESTED
from comptoir.web.pages.config.fields import FLAG, LINES, SIZE, SPAN, TABLE, TEXT, VALUES, WHOLE, WHOLES, Kind, Kinds

Widget = Literal["text", "span", "lines", "choice", "flag", "number", "secret"]

#: kind → its struct, in the order of the page
STRUCTS: Final[dict[str, type[msgspec.Struct]]] = {
    str(struct.__struct_config__.tag): struct for struct in get_args(DestinationConfig)
}

#: kind → what people call it, and what it is for
KINDS: Final[dict[str, tuple[str, str]]] = {
    "maarch": (msgid("Maarch RM archive"), msgid("Documents are deposited over its API, once each, with a receipt.")),
    "folder": (
        msgid("Folder"),
        msgid("On this computer or on a share: the document, and beside it what is known of it."),
    ),
    "http": (msgid("HTTP API"), msgid("Any application that takes documents over HTTP.")),
    "s3": (msgid("S3 storage"), msgid("A bucket of Amazon’s or of any service that speaks the same language.")),
    "sftp": (msgid("SFTP server"), msgid("A folder on a server, over SSH.")),
    "email": (msgid("E-mail"), msgid("A message with the document attached.")),
}

#: what a key is that names a file with a secret in it
_SECRET: Final = re.compile(r"\w+_file")
#: texts that are a number of bytes
_SIZES: Final = frozenset({"largest"})
#: what a template may hold, as a help below a field says it
TEMPLATE_FIELDS: Final = ", ".join(f"{{{name}}}" for name in FIELDS)
#: secrets of several lines
_LONG: Final = frozenset({"key_file"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. `choices`: the words that it can be; `long`: a secret of several lines."""

    key: str
    widget: Widget
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    long: bool = False


def fields_of(kind: str) -> list[Field]:
    """The fields of a kind of destination: its name, what it cannot do without, what a person mostly sets, the rest."""
    struct = STRUCTS[kind]
    hints = get_type_hints(struct, include_extras=True)
    found = [_field(kind, info, hints[info.name]) for info in msgspec.structs.fields(struct)]
    first = ("name", *SUGGESTED.get(kind, ()))
    return sorted(found, key=lambda one: (not one.required and one.key not in first, _rank(one.key, first)))


def kinds_of(kind: str) -> Kinds:
    """Key → how its value is written."""
    return {one.key: one.kind for one in fields_of(kind)}


def is_plain(kind: str, field: Field) -> bool:
    """Whether the field stands above, and not under “More”."""
    return field.required or field.key in SUGGESTED.get(kind, ())


def secrets_of(kind: str) -> Iterator[Field]:
    return (one for one in fields_of(kind) if one.widget == "secret")


def _rank(key: str, first: tuple[str, ...]) -> int:
    return first.index(key) if key in first else len(first)


def _field(kind: str, info: msgspec.structs.FieldInfo, hint: Any) -> Field:
    key = info.encode_name
    label, said = LABELS.get(f"{kind}.{key}") or LABELS.get(key) or (key, "")
    widget, how, choices = _written(key, _plain(hint), info.default)
    return Field(key, widget, how, label, said, info.required, choices, key in _LONG)


def _plain(hint: Any) -> Any:
    """The type without its bounds, and without None."""
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if isinstance(hint, UnionType) or get_origin(hint) is Union:
        known = [part for part in get_args(hint) if part is not type(None)]
        return _plain(known[0]) if len(known) == 1 else hint
    return hint


def _written(key: str, hint: Any, default: object) -> tuple[Widget, Kind, tuple[str, ...]]:
    if get_origin(hint) is Literal:
        return "choice", TEXT, get_args(hint)
    if hint is bool:
        return "flag", FLAG, ()
    if hint is int:
        return "number", WHOLE, ()
    if get_origin(hint) is tuple:
        return "lines", WHOLES if _plain(get_args(hint)[0]) is int else LINES, ()
    if get_origin(hint) in (dict, Mapping):
        return "lines", TABLE if get_args(hint)[1] is str else VALUES, ()
    if _SECRET.fullmatch(key):
        return "secret", TEXT, ()
    if key in _SIZES:
        return "text", SIZE, ()
    return ("span", SPAN, ()) if _is_span(default) else ("text", TEXT, ())


def _is_span(default: object) -> bool:
    """Whether a text is a length of time: its default is one."""
    try:
        return isinstance(default, str) and duration(default) is not None
    except ValueError:
        return False
