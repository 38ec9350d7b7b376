"""A form made from a struct of the configuration: which fields, in which order, how each is written.

A new key is in its form by itself; its label stands in a table of labels. Secrets are never values: what is configured
is the name of a file, and beside it stands a field into which the secret itself is pasted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from comptoir.core.units import duration
from comptoir.web.pages.config.fields import (
    FLAG,
    LINES,
    SIZE,
    SPAN,
    TABLE,
    TEXT,
    VALUES,
    WHOLE,
    WHOLES,
    Kind,
    Kinds,
    default_of,
)

Widget = Literal["text", "span", "lines", "choice", "flag", "number", "secret"]
#: key, or kind.key → the label, and the help below it
Labels = Mapping[str, tuple[str, str]]

#: what a key is that names a file with a secret in it
_SECRET: Final = re.compile(r"\w+_file")
#: texts that are a number of bytes
_SIZES: Final = frozenset({"largest"})
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


@dataclass(frozen=True, slots=True)
class StructForm:
    """The form of one kind. `suggested`: keys that stand above although they need not be filled in, in their order."""

    kind: str
    struct: type[msgspec.Struct]
    labels: Labels
    suggested: Sequence[str] = ()

    def fields(self) -> list[Field]:
        """The name, what it cannot do without, what a person mostly sets, the rest."""
        hints = get_type_hints(self.struct, include_extras=True)
        found = [self._field(info, hints[info.name]) for info in msgspec.structs.fields(self.struct)]
        first = ("name", *self.suggested)
        return sorted(found, key=lambda one: (not one.required and one.key not in first, _rank(one.key, first)))

    def kinds(self) -> Kinds:
        """Key → how its value is written."""
        return {one.key: one.kind for one in self.fields()}

    def is_plain(self, field: Field) -> bool:
        """Whether the field stands above, and not under “More”."""
        return field.required or field.key in self.suggested

    def secrets(self) -> list[Field]:
        return [one for one in self.fields() if one.widget == "secret"]

    def usual(self) -> dict[str, str]:
        """The fields of a new one: what holds where nothing is set."""
        defaults = {info.encode_name: default_of(info) for info in msgspec.structs.fields(self.struct)}
        known = {key: value for key, value in defaults.items() if value not in (msgspec.NODEFAULT, None)}
        return {key: how.show(known[key]) if key in known else "" for key, how in self.kinds().items()}

    def _field(self, info: msgspec.structs.FieldInfo, hint: Any) -> Field:
        key = info.encode_name
        label, said = self.labels.get(f"{self.kind}.{key}") or self.labels.get(key) or (key, "")
        widget, how, choices = _written(key, _plain(hint), info.default)
        return Field(key, widget, how, label, said, info.required, choices, key in _LONG)


def _rank(key: str, first: tuple[str, ...]) -> int:
    return first.index(key) if key in first else len(first)


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
