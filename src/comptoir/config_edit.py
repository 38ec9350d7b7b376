"""Edits of the configuration's text: what is edited changes; every comment, and the order of everything else, stay.

It reads and writes no file, and judges no value: `settings.py` does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import UnionType
from typing import Any, Final, TypeAlias

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Comment, Item, Key, Null, Table, Whitespace

from comptoir.config import Config

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value]"
#: ("station", "port"); in a list of tables by number or name: ("printer", 0, "device"), ("printer", "BAR", "device")
Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """Give a key a value. One that is the default is not written where the key is absent."""

    path: Place
    value: Value


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a key, or one table of a list, out of the file. That a key is not there is no error; a table must be."""

    path: Place


@dataclass(frozen=True, slots=True)
class Append:
    """Add a table to the end of a list: Append("printer", {"name": "BAR", "device": "virtual:"})."""

    table: str
    values: Mapping[str, Value]


Edit: TypeAlias = Set | Remove | Append


class NoSuchTable(LookupError):
    """An edit of something that is not there (any more). `key`: printer[1], printer[BAR]."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class NotEditable(ValueError):
    """The text is right, but written in a way that the library cannot change without changing something else."""


_ABSENT: Final = object()


def _fields(kind: Any) -> dict[str, msgspec.structs.FieldInfo]:
    """Key → what is known of it, as the file has them; nothing for what is no section. Of a union of sections: what
    they have alike."""
    if isinstance(kind, UnionType):
        first, *others = map(_fields, kind.__args__)
        return {key: field for key, field in first.items() if all(_alike(field, one.get(key)) for one in others)}
    is_section = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    return {field.encode_name: field for field in msgspec.structs.fields(kind)} if is_section else {}


def _alike(field: msgspec.structs.FieldInfo, other: msgspec.structs.FieldInfo | None) -> bool:
    return other is not None and field.default == other.default


#: the lists of tables: key → what stands in one table
_TABLES: Final = {
    key: field.type.__args__[0]
    for key, field in _fields(Config).items()
    if getattr(field.type, "__origin__", None) is tuple and _fields(field.type.__args__[0])
}


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits, one after the other; the very same text where they change nothing.

    `text`: TOML with "\\n" at its line ends. Raises NoSuchTable, NotEditable; UnicodeError for a value that is no text.
    """
    wanted: dict[str, Any] = tomllib.loads(text)
    effective = []
    for edit in edits:
        numbered = _numbered(wanted, edit)
        if not _is_idle(wanted, numbered):
            try:
                _carry_out(wanted, numbered, _builtin)
            except (AttributeError, TypeError):  # an earlier edit has put something else there
                raise NoSuchTable(key_of(_path(numbered))) from None
            effective.append(numbered)
    if not effective:
        return text
    result = _rewritten(text, effective)
    # What is written must mean what was asked for, whatever the library makes of a file that somebody wrote by hand.
    if tomllib.loads(result) != wanted:
        raise NotEditable
    return result


def _rewritten(text: str, edits: Iterable[Edit]) -> str:
    try:
        document = tomlkit.parse(text if text.endswith("\n") or not text else f"{text}\n")
        for edit in edits:
            _carry_out(document, edit, _item)
        result = document.as_string().strip("\n") + "\n"
        tomllib.loads(result)
    except (UnicodeError, NoSuchTable):
        raise
    except (TOMLKitError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotEditable from error
    result.encode()
    return result


def key_of(path: Place) -> str:
    """The path as messages have it: station.port, printer[1].device, printer[BAR].device."""
    first, *rest = path
    if first in _TABLES and rest:
        first, rest = f"{first}[{rest[0]}]", rest[1:]
    return ".".join(map(str, (first, *rest)))


# -- one edit, in the plain tree that tomllib makes as in the library's own ----------------------------------


def _path(edit: Edit) -> Place:
    return (edit.table,) if isinstance(edit, Append) else edit.path


def _numbered(tree: Mapping[str, Any], edit: Edit) -> Edit:
    """The edit with the number of its table in place of a name. Raises NoSuchTable."""
    if isinstance(edit, Append) or len(edit.path) < 2 or edit.path[0] not in _TABLES:
        return edit
    table, which, *rest = edit.path
    tables = tree.get(str(table))
    names = [_found(entry, ("name",)) for entry in tables] if isinstance(tables, list) else []
    number = names.index(which) if which in names else which
    if not isinstance(number, int) or not 0 <= number < len(names):
        raise NoSuchTable(key_of((table, which)))
    path = (table, number, *rest)
    return Set(path, edit.value) if isinstance(edit, Set) else Remove(path)


def _is_idle(tree: Mapping[str, Any], edit: Edit) -> bool:
    """Whether the edit changes nothing."""
    match edit:
        case Set(path, value):
            found = _found(tree, path)
            return _same(_default(path) if found is _ABSENT else found, value)
        case Remove(path):
            return _found(tree, path) is _ABSENT
        case Append():
            return False


def _carry_out(tree: Any, edit: Edit, made: Callable[[Any], Any]) -> None:
    """`made`: a value as this tree has it."""
    match edit:
        case Append(table, values):
            _append(tree, table, values, made)
        case Set(path, value):
            holder = _holder(tree, path, made)
            with _before_the_end(holder):
                holder[path[-1]] = made(value)
        case Remove(path):
            holder = _holder(tree, path, made)
            if isinstance(path[-1], int):
                _remove_table(tree, str(path[0]), path[-1])
            else:
                del holder[path[-1]]


def _append(tree: Any, table: str, values: Mapping[str, Value], made: Callable[[Any], Any]) -> None:
    if table not in tree:
        tree[table] = _new(tree, tomlkit.aot, list)
    tables = tree[table]
    if not isinstance(tables, AoT):
        tables.append(made(values))
        return
    entry = tomlkit.table()
    for key, value in values.items():
        entry.append(key, made(value))
    last: _Body = tables[-1].value.body if len(tables) else []
    end = _cut_end(last)
    last.append((None, tomlkit.nl()))
    entry.value.body.extend(end or [(None, tomlkit.nl())])
    tables.append(entry)
    tables[-1].trivia.indent = ""  # the library would add an empty line of its own


def _remove_table(tree: Any, name: str, number: int) -> None:
    """One table of a list; what stands behind it, before the next header, stays."""
    tables = tree[name]
    end = _cut_end(tables[number].value.body) if isinstance(tables, AoT) else []
    if end and number + 1 < len(tables):
        tables[number + 1].trivia.indent = _text(end) + tables[number + 1].trivia.indent
    elif end and number:
        tables[number - 1].value.body.extend(end)
    place = _place(tree, tables) if end and len(tables) == 1 else None
    del tables[number]
    if not len(tables):
        del tree[name]  # TOML has no way to write an empty list of tables as tables
    if place is not None:
        tree.body[place] = (None, Whitespace(_text(end), fixed=True))


def _place(document: Any, item: Item) -> int:
    return [found is item for _, found in document.body].index(True)


def _holder(tree: Any, path: Place, made: Callable[[Any], Any]) -> Any:
    """What holds the last part of the path; sections on the way are made. Raises NoSuchTable."""
    for depth, part in enumerate(path[:-1]):
        try:
            if isinstance(tree, dict) and part not in tree:
                tree[part] = _new(tree, tomlkit.table, lambda: made({}))
            tree = tree[part]
        except (LookupError, TypeError):
            raise NoSuchTable(key_of(path[: depth + 1])) from None
    return tree


def _new(tree: Any, section: Callable[[], Any], other: Callable[[], Any]) -> Any:
    """A new section at the end of the document, with an empty line before it; `other` in any other tree."""
    if not isinstance(tree, tomlkit.TOMLDocument):
        return other()
    text = tree.as_string()
    if text and not text.endswith("\n\n"):
        tree.add(tomlkit.nl())
    return section()


# -- the end of a section: comments that stand there belong to what follows -----------------------------------

_Body: TypeAlias = "list[tuple[Key | None, Item]]"


@contextmanager
def _before_the_end(holder: Any) -> Iterator[None]:
    """What is added to this section meanwhile comes before its end."""
    body: _Body = holder.value.body if isinstance(holder, Table) else []
    inner = next((at for at, (_, item) in enumerate(body) if isinstance(item, Table | AoT)), None)
    known = {id(item) for _, item in body}
    end: _Body = []
    if inner is None:
        end = _cut_end(body)
    else:
        _give_end(body, inner)
    yield
    if isinstance(holder, Table) and "\n" in holder.trivia.indent:
        # The library takes a space in the comment before the header for the distance of its keys from the edge.
        for item in (item for _, item in body if id(item) not in known):
            item.trivia.indent = holder.trivia.indent.rpartition("\n")[2]
    body.extend(end)


def _give_end(body: _Body, inner: int) -> None:
    """The end before a section's own sections becomes part of the first of them. Nothing may move in this list."""
    item = body[inner][1]
    table = item[0] if isinstance(item, AoT) else item
    end = _cut_end(body[:inner])
    if isinstance(table, Table) and not table.is_super_table():
        table.trivia.indent = _text(end) + table.trivia.indent
        body[inner - len(end) : inner] = [(None, Null())] * len(end)


def _cut_end(body: _Body) -> _Body:
    """Take the end off: from the first empty line behind the last key on, or all comments where there is none."""
    start = len(body)
    while start and isinstance(body[start - 1][1], Comment | Whitespace):
        start -= 1
    blank = next((at for at in range(start, len(body)) if isinstance(body[at][1], Whitespace)), start)
    end = body[blank:]
    del body[blank:]
    return end


def _text(body: _Body) -> str:
    return "".join(item.as_string() for _, item in body)


def _found(tree: Any, path: Place) -> object:
    for part in path:
        try:
            tree = tree[part]
        except (LookupError, TypeError):
            return _ABSENT
    return tree


def _default(path: Place) -> object:
    """The value that holds where the key is absent; NODEFAULT where there is none."""
    *sections, key = (path[0], *path[2:]) if path[0] in _TABLES else path
    kind: Any = Config
    for section in sections:
        inner = _fields(kind).get(str(section))
        kind = _TABLES.get(str(section), inner and inner.type)
    field = _fields(kind).get(str(key))
    return msgspec.NODEFAULT if field is None else field.default


# -- values -------------------------------------------------------------------------------------------------


def _builtin(value: Any) -> Any:
    """As tomllib has it: lists and dicts."""
    if isinstance(value, Mapping):
        return {key: _builtin(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_builtin(inner) for inner in value]
    return value


def _same(a: object, b: object) -> bool:
    """Equal and written alike: true is not 1."""
    return type(_builtin(a)) is type(_builtin(b)) and _builtin(a) == _builtin(b)


def _item(value: Any) -> Item:
    """As the library has it, in one line."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, inner in value.items():
            table.append(key, _item(inner))
        return table
    if isinstance(value, str):
        # The path of a Windows folder is read more easily without every backslash doubled.
        literal = "\\" in value and "'" not in value and value.isprintable()
        return tomlkit.string(value, literal=literal)
    if isinstance(value, Sequence):
        array = tomlkit.array()
        for inner in value:
            array.append(_item(inner))
        return array
    item: Item = tomlkit.item(value)
    return item
