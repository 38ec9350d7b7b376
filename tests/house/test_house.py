"""The rules of the house: what is written down about this code is true of it."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from comptoir.arrivals import SourceConfig
from comptoir.cli import COMMANDS
from comptoir.config import Config
from comptoir.destinations import DestinationConfig
from comptoir.devices import DEVICES
from comptoir.formats import FORMATS
from comptoir.journal import JOURNALS
from comptoir.languages import LANGUAGES
from comptoir.sinks import DESTINATIONS, SINKS
from comptoir.sources import SOURCES
from comptoir.web.pages import PAGES

ROOT = Path(__file__).parent.parent.parent
SRC, TESTS, DOCS = ROOT / "src" / "comptoir", ROOT / "tests", ROOT / "docs"

MOST_LINES = 500
MOST_LINES_OF_A_TEST = 400
MOST_LINES_OF_A_FUNCTION = 60
#: modules that are only a table of data, and may be longer
TABLES: frozenset[str] = frozenset()
#: what a test may be about besides one source: a port, a peer, a whole journey, the house
ELSEWHERE = ("contracts", "peers", "journeys", "house")
FORBIDDEN_NAMES = ("utils", "util", "helpers", "helper", "common", "manager", "misc")


@cache
def sources() -> dict[str, ast.Module]:
    """Every module by its path under src/comptoir."""
    return {path.relative_to(SRC).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(SRC.rglob("*.py"))}


@cache
def tracked() -> list[Path]:
    """The files of the project: those that git tracks or would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def mirror_of(source: str) -> str:
    """The test that mirrors a source: x/y.py → x/test_y.py; a package's own logic → x/test_x.py."""
    path = Path(source)
    if path.name == "__init__.py":
        return (path.parent / f"test_{path.parent.name}.py").as_posix()
    return (path.parent / f"test_{path.stem}.py").as_posix()


def has_logic(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in tree.body)


#: a package's `__init__` that only looks up its table is held to by the contract suite of its port
LOOKUPS = {
    "devices/__init__.py",
    "formats/__init__.py",
    "languages/__init__.py",
    "journal/__init__.py",
    "web/pages/__init__.py",
    "web/locale/__init__.py",
}


def mirrored() -> Iterator[tuple[str, str]]:
    """(source, test) of every source that must have one."""
    for source, tree in sources().items():
        name = Path(source).name
        if name == "__main__.py" or (name == "__init__.py" and (not has_logic(tree) or source in LOOKUPS)):
            continue
        yield source, mirror_of(source)


def test_every_source_has_its_test() -> None:
    missing = [f"{source} → tests/{test}" for source, test in mirrored() if not (TESTS / test).is_file()]
    assert missing == []


def test_every_test_has_its_source() -> None:
    """tests/x/test_y.py ↔ x/y.py; test_y_laws.py may hold more about the same source."""
    known = {mirror_of(source) for source in sources()}
    lost = []
    for path in TESTS.rglob("test_*.py"):
        name = path.relative_to(TESTS).as_posix()
        if name.startswith(ELSEWHERE) or name in known:
            continue
        if not any(name.startswith(test.removesuffix(".py") + "_") for test in known):
            lost.append(name)
    assert lost == []


def test_nothing_else_lies_among_the_tests() -> None:
    allowed = re.compile(r"(test_\w+|conftest)\.py$")
    others = [
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("*.py")
        if not allowed.search(path.name) and path.relative_to(TESTS).parts[0] != "peers"
    ]
    assert others == []


def test_no_module_is_too_long() -> None:
    long = {name: len((SRC / name).read_text("utf-8").splitlines()) for name in sources() if name not in TABLES}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}
    tests = {
        path.relative_to(TESTS).as_posix(): len(path.read_text("utf-8").splitlines()) for path in TESTS.rglob("*.py")
    }
    assert {name: lines for name, lines in tests.items() if lines > MOST_LINES_OF_A_TEST} == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}, {node.end_lineno - node.lineno + 1} lines"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_no_module_is_called_after_nothing() -> None:
    names = [
        part.removesuffix(".py") for path in tracked() if path.suffix == ".py" for part in path.relative_to(ROOT).parts
    ]
    assert set(names) & set(FORBIDDEN_NAMES) == set()


def test_every_module_says_what_it_is() -> None:
    silent = [name for name, tree in sources().items() if not ast.get_docstring(tree)]
    assert silent == []


def test_the_core_is_pure() -> None:
    """Also checked by import-linter, which not everybody runs at once."""
    forbidden = {
        "asyncio",
        "socket",
        "sqlite3",
        "time",
        "logging",
        "threading",
        "subprocess",
        "aiohttp",
        "os",
        "pathlib",
    }
    for name, tree in sources().items():
        if name.startswith(("core/", "wire/")):
            imported = {
                (alias.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0]
                for node in ast.walk(tree)
                if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in node.names
            }
            assert imported & forbidden == set(), name


# -- documentation ---------------------------------------------------------------------------------------


@cache
def docs() -> str:
    return "\n".join(path.read_text("utf-8") for path in DOCS.rglob("*.md"))


def keys(section: Any = Config, prefix: str = "") -> Iterator[str]:
    """Every configuration key, with its section: station.port."""
    hints = get_type_hints(section)
    for field in msgspec.structs.fields(section):
        inner = hints[field.name]
        inner = next(
            (a for a in getattr(inner, "__args__", ()) if isinstance(a, type) and issubclass(a, msgspec.Struct)),
            inner,
        )
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            yield from keys(inner, f"{field.encode_name}.")
        else:
            yield f"{prefix}{field.encode_name}"


ENTRIES = [
    *(("source", name) for name in SOURCES),
    *(("sink", name) for name in SINKS),
    *(("language", name) for name in LANGUAGES),
    *(("format", name) for name in FORMATS),
    *(("device", f"{name}:") for name in DEVICES),
    *(("journal", name) for name in JOURNALS),
    *(("page", name) for name in sorted({name for role in PAGES.values() for name in role})),
    *(("command", f"comptoir {name}") for name in COMMANDS),
]


@pytest.mark.parametrize(("kind", "name"), ENTRIES, ids=lambda value: value)
def test_the_documentation_names_every_part(kind: str, name: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?!\w)", docs()), f"docs/*.md never name the {kind} {name}"


def test_there_are_keys() -> None:
    assert {"language", "station.port", "printer.device", "route.from", "hub.allowed_hosts"} <= set(keys())


@pytest.mark.parametrize("key", list(keys()))
def test_the_documentation_explains_every_key(key: str) -> None:
    section, _, name = key.rpartition(".")
    assert re.search(rf"(?<![\w]){re.escape(name)}(?!\w)", docs()), f"docs/*.md never name {key}"
    if section:
        assert re.search(rf"\[\[?{section}\]\]?|{section}\.", docs()), f"docs/*.md never name the section [{section}]"


def destination_keys() -> Iterator[tuple[str, str]]:
    """(kind, key) of every kind of destination."""
    for kind in get_args(DestinationConfig):
        tag = str(kind.__struct_config__.tag)
        yield from ((tag, field.encode_name) for field in msgspec.structs.fields(kind) if field.name != "name")


def about(kind: str) -> str:
    """What is written about a kind of destination: a page of its own, or its section of the page of all."""
    own = DOCS / f"{kind}.md"
    if own.is_file():
        return own.read_text("utf-8")
    page = (DOCS / "destinations.md").read_text("utf-8")
    _, _, section = page.partition(f"\n## `{kind}`\n")
    return section.partition("\n## ")[0]


def test_every_kind_of_destination_has_its_sink() -> None:
    assert {kind for kind, _ in destination_keys()} == set(DESTINATIONS)


@pytest.mark.parametrize(("kind", "key"), list(destination_keys()))
def test_the_documentation_explains_every_key_of_a_destination(kind: str, key: str) -> None:
    assert f"`{key}`" in about(kind), f"docs never explain the key {key} of the destination {kind}"


def source_keys() -> Iterator[tuple[str, str]]:
    """(kind, key) of every kind of source that captures prints."""
    for kind in get_args(SourceConfig):
        tag = str(kind.__struct_config__.tag)
        if tag != "folder":
            yield from ((tag, field.encode_name) for field in msgspec.structs.fields(kind) if field.name != "name")


@pytest.mark.parametrize(("kind", "key"), list(source_keys()))
def test_the_documentation_explains_every_key_of_a_source(kind: str, key: str) -> None:
    _, _, section = (DOCS / "capture.md").read_text("utf-8").partition(f"\n## `{kind}`\n")
    assert f"`{key}`" in section.partition("\n## ")[0], f"docs never explain the key {key} of the source {kind}"


def test_there_is_a_beginning() -> None:
    assert len((ROOT / "README.md").read_text("utf-8")) > 500
    assert (ROOT / "LICENSE").is_file()


def links(path: Path) -> Iterator[str]:
    """The relative links of a Markdown file, without code and without anchors."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)", text):
        if not re.match(r"[a-z][a-z0-9+.-]*:|#|/", target):
            yield target.partition("#")[0]


def test_every_relative_link_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)} → {target}"
        for path in tracked()
        if path.suffix == ".md"
        for target in links(path)
        if target and not (path.parent / target).exists()
    ]
    assert broken == []


# -- what must not leave the house -----------------------------------------------------------------------

#: assembled here, so that this file does not find itself
PLACES = ["/" + "work/", "/" + "tmp/v/", "/" + "root/", "/" + "home/" + "runner", "C:" + "\\Users\\"]
REGISTRIES = [
    "files." + "pythonhosted.org",
    "registry." + "npmjs.org",
    "pypi." + "org/simple",
    "artifact" + "ory",
]


def test_no_path_of_a_developers_machine_and_no_registry() -> None:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content[:1024]:
            continue
        text = content.decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in (*PLACES, *REGISTRIES) if word in text]
    assert found == []


def test_no_secret_and_no_large_file() -> None:
    private = "-----BEGIN " + "PRIVATE KEY"
    for path in tracked():
        assert path.stat().st_size < 1_000_000, path
        assert private.encode() not in path.read_bytes(), path


def test_tests_do_not_sleep() -> None:
    """They wait for events; zero only gives way to the loop. Peers may look again until a condition holds."""
    lazy = []
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "sleep":
                value = node.args[0] if node.args else None
                if not (isinstance(value, ast.Constant) and value.value == 0):
                    lazy.append(f"{path.relative_to(TESTS)}:{node.lineno}")
    assert lazy == []
