"""Whatever a source that captures prints can say of its troubles, a page says in French.

The sentences are looked for in the sources themselves, so that a new one is missed here before a person meets it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from comptoir.web.capture_sentences import CAPTURES_SAY
from comptoir.web.locale import catalogue
from comptoir.web.words import Words

FRENCH = Words(catalogue("fr"))
SOURCES = Path(str(files("comptoir") / "sources"))
PARTS = ("arriving.py", "capture_port.py", "cups_backend.py", "cups_spool.py", "lpd.py", "cups/*.py", "port9100/*.py",
         "ipp_printer/*.py", "winspool/*.py")  # fmt: skip
#: what people are told through → which of its arguments are sentences
SAYING = {
    "_troubled": (0, 1), "_down": (0, 1), "_miss": (1, 2), "_keep_silent": (0, 1), "Unkept": (6, 7), "Damaged": (0,),
    "JournalError": (0, 1), "ConfigError": (0, 1), "TooLarge": (0, 1), "RequestError": (0, 1),
}  # fmt: skip
#: what stands for names and numbers
SAMPLE = "9100"
#: constants of sources that are for other programs than a page
NOT_FOR_PEOPLE = {"_STYLE"}


def modules() -> list[tuple[Path, ModuleType]]:
    found = [path for part in PARTS for path in sorted(SOURCES.glob(part))]
    names = [".".join(path.relative_to(SOURCES).with_suffix("").parts).removesuffix(".__init__") for path in found]
    return [(path, import_module(f"comptoir.sources.{name}")) for path, name in zip(found, names, strict=True)]


def sentences(path: Path, module: ModuleType) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    for name in vars(module):
        if name.isupper() and name not in NOT_FOR_PEOPLE:
            yield from told(vars(module)[name])
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for place in SAYING.get(name, ()):
                if place < len(node.args):
                    yield from said(node.args[place], module)
        elif isinstance(node, ast.FunctionDef) and node.name == "_busy":
            for one in ast.walk(node):
                if isinstance(one, ast.Return) and isinstance(one.value, ast.Tuple):
                    for part in one.value.elts:
                        yield from said(part, module)


def told(value: Any) -> Iterator[str]:
    """The sentences of a constant."""
    if isinstance(value, dict):
        for one in value.values():
            yield from told(one)
    elif isinstance(value, str) and value.count(" ") > 2:
        yield re.sub(r"\{\w+\}", SAMPLE, value)


def said(node: ast.expr, module: ModuleType) -> Iterator[str]:
    """The sentence of an expression that is one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else SAMPLE for one in node.values)


ALL = sorted({(path.name, text) for path, module in modules() for text in sentences(path, module)})


@pytest.mark.parametrize(("module", "text"), ALL)
def test_what_a_source_says_is_said_in_french(module: str, text: str) -> None:
    french = FRENCH.known(text)
    assert french != text
    assert not re.search(r"\b(the|is|its|cannot|in the)\b", french), french


def test_the_sources_are_looked_through() -> None:
    assert len(ALL) > 25


def test_every_sentence_is_in_french() -> None:
    for _, sentence in CAPTURES_SAY:
        assert FRENCH.text(sentence) != sentence
