"""The configuration's file: one TOML file, the environment over it, read as `config.py`'s values.

Reading only. Every error says where, and why. A text that is not in the file yet is read alike.
Who changes the file is `settings.py`.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import dotenv
import msgspec

from comptoir.config import Config
from comptoir.config_backslash import HINT, SENTENCE, broken_line, broken_values
from comptoir.config_check import UNCHANGED, Check, WrongField, line_of
from comptoir.core.errors import ConfigError

FILE: Final = "comptoir.toml"
_MARK: Final = codecs.BOM_UTF8
PREFIX: Final = "COMPTOIR_"
#: variables that begin like configuration and are none: the level of the log
OTHER_VARIABLES: Final = frozenset({"COMPTOIR_LOG"})

#: what the command line fixes: {("station", "port"): ("--port", 1234)}
Options: TypeAlias = "Mapping[tuple[str, str], tuple[str, object]]"
_NO_OPTIONS: Final[Options] = MappingProxyType({})


def load(file: Path | None, folder: Path, environ: Mapping[str, str]) -> Config:
    """The configuration of a data folder. `file`: the one named by --config, which must exist.

    Raises ConfigError that names file, line, key, and what was expected.
    """
    path = file or folder / FILE
    text = read(path, "--config FILE" if file else "--data DIR", required=file is not None).plain
    return interpret(text, path, environ).config


@dataclass(frozen=True, slots=True)
class Text:
    """A text file. `plain`: with "\\n" at its line ends, without byte order mark."""

    plain: str = ""
    marked: bool = False
    #: "\\r\\n" at its line ends
    windows: bool = False

    def encode(self, plain: str) -> bytes:
        """Another text, written as this one is. Raises UnicodeEncodeError."""
        return (_MARK if self.marked else b"") + (plain.replace("\n", "\r\n") if self.windows else plain).encode()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means, and which keys have their value from elsewhere."""

    config: Config
    #: station.port → “the variable COMPTOIR_STATION__PORT in the file .env”, “the option --port”
    overridden: Mapping[str, str]


def interpret(text: str, path: Path, environ: Mapping[str, str], options: Options = _NO_OPTIONS) -> Reading:
    """The text as the configuration that stands at `path`, whether or not it does; the variables over it, the options
    of the command line over those.

    Raises ConfigError as `load`; WrongField where one value is the reason.
    """
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise ConfigError(f"{path}: lists or tables stand too deep in each other", UNCHANGED) from None
    except ValueError as error:
        if line := broken_line(text, str(error)):
            raise ConfigError(f"{path}, line {line}: {SENTENCE}", HINT) from None
        raise ConfigError(f"{path}: {error}", f"Correct that line. {UNCHANGED}") from None
    overridden = {**_override(tree, _beside(path.parent / ".env"), environ), **_lay_options(tree, options)}
    for key in broken_values(tree):
        place, name = overridden.get(key) or f"{path}, line {line_of(text, key)}", key.removeprefix("$.")
        raise WrongField(f"{place}: {name}: {SENTENCE}", HINT, name, SENTENCE)
    try:
        config = msgspec.convert(tree, Config, strict=True)
    except msgspec.ValidationError as error:
        raise _explain(path, text, str(error)) from None
    config = Check(path, text, overridden).check(config)
    return Reading(config, {key.removeprefix("$."): where for key, where in overridden.items()})


def read(path: Path, option: str, *, required: bool = False) -> Text:
    """The file. `option`: what named it. Raises ConfigError; where it need not exist, it is empty then."""
    try:
        data = path.read_bytes()
        text = data.removeprefix(_MARK).decode()
    except (FileNotFoundError, NotADirectoryError):
        # Windows says of what would be below a file no more than that it is not there.
        if any(parent.is_file() for parent in path.parents):
            raise ConfigError(f"{path.parent} is no folder", f"Check the path: {option}") from None
        if required:
            raise ConfigError(f"there is no configuration file {path}", f"Check the path: {option}") from None
        return Text()
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}", f"Check the path and the rights: {option}"
        ) from None
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error.object) from None
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(plain, data.startswith(_MARK), "\r\n" in text)


# -- the environment --------------------------------------------------------------------------------------


def _beside(path: Path) -> dict[str, str]:
    """The variables of the file beside the configuration; none where there is no file."""
    try:
        # Windows' editor writes a byte order mark, which would hide the first variable.
        found = dotenv.dotenv_values(path, encoding="utf-8-sig")
        # Windows knows variables in any case, and so does who writes them into a file there.
        return {_as_ours(name): value or "" for name, value in found.items()}
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", "Check its rights.") from None
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error.object) from None


def _as_ours(name: str) -> str:
    return name.upper() if name.upper().startswith(PREFIX) else name


def _not_utf8(path: Path, data: bytes) -> ConfigError:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        what = "it is in UTF-16"
    else:
        what = f"line {_first_wrong(data)} is not in UTF-8"
    return ConfigError(f"{path} cannot be read: {what}", "It must be a text file in UTF-8.")


def _first_wrong(data: bytes) -> int:
    """The number of the first line that is no UTF-8."""
    lines = data.splitlines()
    return next((number for number, line in enumerate(lines, 1) if "\ufffd" in line.decode(errors="replace")), 1)


def _override(tree: dict[str, Any], beside: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Lay COMPTOIR_SECTION__KEY over the tree, the real environment last; which variable gave which path.

    Raises ConfigError that names the variable.
    """
    given = {}
    for variable, value in {**beside, **environ}.items():
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES:
            continue
        where = f"the variable {variable}" + ("" if variable in environ else " in the file .env")
        *sections, key = variable.removeprefix(PREFIX).lower().split("__")
        known = _fields(_section(sections, where))
        if key not in known:
            raise ConfigError(
                f"{where}: there is no key {'.'.join([*sections, key])}", f"Known keys here: {', '.join(known)}."
            )
        target = tree.setdefault(sections[0], {}) if sections else tree
        if not isinstance(target, dict):
            continue  # the file has something else there, and hears of it in its turn
        target[key] = _typed(value.strip(), known[key], f"{where}: {'.'.join([*sections, key])}")
        given["$." + ".".join([*sections, key])] = where
    return given


def _lay_options(tree: dict[str, Any], options: Options) -> dict[str, str]:
    """The same with what the command line fixes; its types are right."""
    given = {}
    for (section, key), (option, value) in options.items():
        target = tree.setdefault(section, {})
        if isinstance(target, dict):
            target[key] = value
            given[f"$.{section}.{key}"] = f"the option {option}"
    return given


def _section(names: list[str], where: str) -> type[msgspec.Struct]:
    """The section that a variable names; none: what stands above all sections. Raises ConfigError."""
    if not names:
        return Config
    known = {name: kind for name, kind in _fields(Config).items() if _is_section(kind)}
    if len(names) != 1 or names[0] not in known:
        raise ConfigError(f"{where} names no section of the configuration", f"Variables can set: {', '.join(known)}.")
    section: type[msgspec.Struct] = known[names[0]]
    return section


def _is_section(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _fields(section: type[msgspec.Struct]) -> dict[str, Any]:
    """Key → its type, as the file has them."""
    return {field.encode_name: field.type for field in msgspec.structs.fields(section)}


def _typed(value: str, wanted: Any, where: str) -> object:
    """The text of a variable as the type that its key wants. Raises ConfigError."""
    if wanted == tuple[str, ...]:
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {_expected(str(error))}", UNCHANGED) from None


# -- what is wrong, and where -----------------------------------------------------------------------------


#: a part of a pattern → what it means; the first that is in it
_PATTERNS: Final = (
    ("2[0-3]", "expected a time such as 06:00"),
    ("keep|delete", "expected keep, delete, or move:FOLDER"),
    ("P[0-9]", "expected a duration such as P10Y"),
    ("(/", "expected a path that begins with /"),
    ("A-Za-z", "expected letters without accents, digits and . _ -"),
    ("", "expected a name: 1 to 64 characters without / and \\, and not . or .."),
)


def _explain(path: Path, text: str, error: str) -> ConfigError:
    what, _, where = error.partition(" - at `")
    where = where.rstrip("`") or "$"
    named = re.search(r"(unknown|missing required) field `([^`]+)`", what)
    key = where if named is None else f"{where}.{named[2]}"
    unknown = named is not None and named[1] == "unknown"
    hint = f"Known keys here: {', '.join(_keys_at(where, text))}." if unknown else UNCHANGED
    if key.endswith("].kind"):
        hint = f"Known: {', '.join(str(one.__struct_config__.tag) for one in _sections_at(where))}."
    place, name, sentence = f"{path}, line {line_of(text, key)}", key.removeprefix("$."), _expected(what)
    return WrongField(f"{place}: {name}: {sentence}", hint, name, sentence)


def _expected(what: str) -> str:
    """msgspec's words; where they are a pattern, words."""
    if "matching regex" in what:
        return next(words for part, words in _PATTERNS if part in what)
    return f"{what[:1].lower()}{what[1:]}"


def _name_at(where: str) -> str:
    """Of the section in which this path is; "" for the file itself."""
    return re.sub(r"[\[.].*", "", where.removeprefix("$").removeprefix("."))


def _sections_at(where: str) -> list[Any]:
    """What may stand at this path: one section, or, where it is of one kind or another, several."""
    kind = _fields(Config).get(_name_at(where), Config)
    entry = kind if _is_section(kind) else kind.__args__[0]  # of [[printer]]: what stands in the array
    return [entry] if _is_section(entry) else list(entry.__args__)


def _keys_at(where: str, text: str) -> list[str]:
    """The keys that may stand at this path of the tree."""
    name, sections = _name_at(where), _sections_at(where)
    if number := re.match(rf"\$\.{name}\[(\d+)\]", where):
        kind = tomllib.loads(text)[name][int(number[1])].get("kind")
        sections = [one for one in sections if one.__struct_config__.tag == kind] or sections
    return list(dict.fromkeys(key for section in sections for key in _fields(section)))
