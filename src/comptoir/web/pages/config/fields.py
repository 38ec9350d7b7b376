"""Forms and configuration: texts of fields to edits, values to texts. It judges no value beyond its type.

A field of a form has the name of its key (station.port; in a table's entry: name, device), so that a value that is
refused finds its field again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from comptoir.settings import Append, Edit, Place, Remove, Set, Value
from comptoir.web.locale import msgid


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is written in a field. `read` gives None where the key is to be absent, and raises ValueError."""

    read: Callable[[str], Value | None]
    show: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Form:
    """What the fields hold. `wrong`: the field that was refused, and why, in English; `fixed`: key → the variable
    that fixes it; `was`: what the fields held when a person first saw them, where they are of something saved."""

    values: Mapping[str, str]
    wrong: str = ""
    said: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)

    def value(self, key: str) -> str:
        return self.values.get(key, "")


class NotReadable(ValueError):
    """A field whose text is no value of its type; `key`: which one."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


#: beside a field of this name, what it held when the page was made
WAS: Final = "was:"
#: how people write units in French, accents or not
_FRENCH: Final = {
    "seconde": "s",
    "secondes": "s",
    "sec": "s",
    "minute": "min",
    "minutes": "min",
    "mn": "min",
    "heure": "h",
    "heures": "h",
    "jour": "day",
    "jours": "days",
    "j": "days",
    "mois": "months",
    "an": "year",
    "ans": "years",
    "année": "year",
    "années": "years",
}


def _whole(text: str) -> int | None:
    digits = text.strip()
    if digits and not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise ValueError(text)
    return int(digits) if digits else None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pages(text: str) -> dict[str, str] | None:
    """Lines such as 19 = cp858."""
    pairs = [line.partition("=") for line in _lines(text)]
    if not all(equals for _, equals, _ in pairs):
        raise ValueError(text)
    return {slot.strip(): codec.strip().strip('"') for slot, _, codec in pairs} or None


def _table(text: str) -> dict[str, str]:
    """Lines such as X-Shop = {source}."""
    pairs = [line.partition("=") for line in _lines(text)]
    if not all(equals and name.strip() for name, equals, _ in pairs):
        raise ValueError(text)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _values(text: str) -> dict[str, Value]:
    """As `_table`; what reads as a number, as true or false or as a list is one, unless it stands in double quotes."""
    return {name: _value(value) for name, value in _table(text).items()}


def _value(text: str) -> Value:
    if text.startswith("["):
        return _texts(text)
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", text, re.ASCII):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,14}\.\d{1,4}", text, re.ASCII) else text


def _texts(text: str) -> list[str]:
    """Several texts: ["{name}", "invoice"]. Raises ValueError."""
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(text)
    return found


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return f'"{value}"' if isinstance(value, str) and _reads_as_other(value) else str(value)


def _reads_as_other(text: str) -> bool:
    try:
        return _value(text) != text or text != text.strip()
    except ValueError:
        return True


def _wholes(text: str) -> list[int]:
    return [number for part in re.split(r"[,\s]+", text) if (number := _whole(part)) is not None]


def _bytes(text: str) -> str:
    """A size with the unit that the file has: 10 ko is 10 kB."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*([kmg]?)[ob]\s*", text, re.IGNORECASE)
    if not found:
        return text.strip()
    return f"{found[1].replace(',', '.')} {'k' if found[2] in 'kK' and found[2] else found[2].upper()}B"


def _folders(text: str) -> list[str]:
    """Lines; a dot for the folder itself, whose name is empty."""
    return ["" if line == "." else line for line in _lines(text)]


def _either(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _span(text: str) -> str:
    """A length of time with the unit that the file has; what is none stays as it is, and is refused by the check."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*([^\W\d]+)\s*", text)
    if not found:
        return text.strip()
    unit = found[2].lower()
    return f"{found[1].replace(',', '.')} {_FRENCH.get(unit, unit)}"


TEXT: Final = Kind(lambda text: text.strip(), str)
#: one of several words, the empty one for what the model says
WORD: Final = Kind(lambda text: text.strip() or None, lambda word: word or "")
#: as WORD, where the empty word is a value of its own: none
NONE: Final = "none"
WORD_OR_NONE: Final = Kind(
    lambda text: "" if text == NONE else text.strip() or None,
    lambda word: "" if word is None else word or NONE,
)
SPAN: Final = Kind(_span, str)
WHOLE: Final = Kind(_whole, lambda number: "" if number is None else str(number))
FLAG: Final = Kind(bool, lambda on: "1" if on else "")
EITHER: Final = Kind(_either, lambda on: "" if on is None else "yes" if on else "no")
LINES: Final = Kind(_lines, "\n".join)
PAGES: Final = Kind(_pages, lambda pages: "\n".join(f"{slot} = {codec}" for slot, codec in (pages or {}).items()))

#: name = template, one a line; with VALUES, numbers, true or false and lists, too
TABLE: Final = Kind(_table, lambda table: "\n".join(f"{name} = {value}" for name, value in (table or {}).items()))
VALUES: Final = Kind(
    _values, lambda table: "\n".join(f"{name} = {_written(value)}" for name, value in (table or {}).items())
)
WHOLES: Final = Kind(_wholes, lambda numbers: "\n".join(map(str, numbers)))
SIZE: Final = Kind(_bytes, str)
FOLDERS: Final = Kind(_folders, lambda folders: "\n".join(folder or "." for folder in folders))

Kinds = Mapping[str, Kind]

#: the units of lengths of time, as `core.units` has them
UNITS: Final = (
    *(msgid("ms"), msgid("s"), msgid("min"), msgid("h"), msgid("day"), msgid("days")),
    *(msgid("month"), msgid("months"), msgid("year"), msgid("years")),
)


def tree_of(config: msgspec.Struct) -> Any:
    """The configuration as tables and lists, with the keys of the file."""
    return msgspec.to_builtins(config)


def at(tree: Any, key: str) -> Any:
    """The value of a key such as station.port; None where it is absent."""
    for part in key.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree


def shown(kinds: Kinds, tree: Any) -> dict[str, str]:
    """Key → the text of its field."""
    return {key: kind.show(_listed(at(tree, key))) for key, kind in kinds.items()}


def read(kinds: Kinds, given: Mapping[str, str]) -> dict[str, Value | None]:
    """The values of the fields that were sent, without those that the person left as they were: meanwhile somebody
    else may have changed them. Raises NotReadable."""
    values: dict[str, Value | None] = {}
    for key, kind in kinds.items():
        if key in given and not _is_left(key, kind, given):
            try:
                values[key] = kind.read(given[key])
            except ValueError:
                raise NotReadable(key) from None
    return values


def _is_left(key: str, kind: Kind, given: Mapping[str, str]) -> bool:
    try:
        return f"{WAS}{key}" in given and kind.read(given[f"{WAS}{key}"]) == kind.read(given[key])
    except ValueError:
        return False


def was_of(given: Mapping[str, str]) -> dict[str, str]:
    """What the fields of a form that was sent held in the beginning."""
    return {key.removeprefix(WAS): value for key, value in given.items() if key.startswith(WAS)}


def changed(values: Mapping[str, Value | None], tree: Any, above: Place = ()) -> list[Edit]:
    """The edits that make a table of the configuration say this. `above`: the path of that table."""
    edits: list[Edit] = []
    for key, value in values.items():
        if value == _listed(at(tree, key)):
            continue
        path = (*above, *key.split("."))
        edits.append(Remove(path) if value is None else Set(path, value))
    return edits


def added(table: str, kind: type[msgspec.Struct], values: Mapping[str, Value | None]) -> Append:
    """A new entry of a table, without what holds anyway."""
    usual = {entry.encode_name: _listed(default_of(entry)) for entry in msgspec.structs.fields(kind)}
    told = {key: value for key, value in values.items() if value is not None and usual.get(key) != value}
    return Append(table, told)


def default_of(entry: msgspec.structs.FieldInfo) -> Any:
    """What holds where the key is absent; NODEFAULT where it must not be."""
    return entry.default if entry.default_factory is msgspec.NODEFAULT else entry.default_factory()


def names_of(entries: Sequence[Any]) -> list[str]:
    return [entry.name for entry in entries]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
