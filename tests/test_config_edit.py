"""Edits of the configuration's text: what was asked for, and nothing else."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from comptoir.config_edit import Append, Edit, NoSuchTable, NotEditable, Remove, Set, edited, key_of

TEXT = """\
# the bar's station

[station] # who
port = 1234

# printers, the default first
[[printer]]
name = "A"   # at the door
device = "virtual:"

# the second
[[printer]]
name = "B"
device = 'socket://b:1'

# the drawer hangs on A
[drawer]
pin = 2
"""


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def added(edits: list[Edit], text: str = TEXT) -> list[str]:
    """The lines that were not there before; every earlier one is, in the same order."""
    after = lines(edited(text, edits))
    left = iter(after)
    assert all(line in left for line in lines(text)), "\n".join(after)
    rest = after.copy()
    for line in lines(text):
        rest.remove(line)
    return rest


def test_a_value_changes_and_its_comment_stays() -> None:
    assert edited(TEXT, [Set(("printer", "A", "device"), "file:///x")]) == TEXT.replace("virtual:", "file:///x")
    assert edited(TEXT, [Set(("station", "port"), 1)]) == TEXT.replace("1234", "1")
    removed = edited(TEXT, [Remove(("drawer", "pin"))])
    assert removed == TEXT.replace("pin = 2\n", "")


def test_a_new_key_stands_in_its_section_before_what_heads_the_next() -> None:
    text = edited(TEXT, [Set(("station", "name"), "bar"), Set(("language",), "en")])
    assert 'port = 1234\nname = "bar"\n\n# printers' in text
    assert tomllib.loads(text)["language"] == "en"
    assert added([Set(("station", "name"), "bar")]) == ['name = "bar"']


def test_a_new_section_stands_at_the_end_behind_an_empty_line() -> None:
    assert edited(TEXT, [Set(("log", "keep"), "3 days")]) == TEXT + '\n[log]\nkeep = "3 days"\n'
    assert edited("[station]\nport = 1", [Set(("log", "keep"), "3 days")]).startswith("[station]\nport = 1\n\n[log]\n")
    assert edited("", [Set(("log", "keep"), "3 days")]) == '[log]\nkeep = "3 days"\n'


def test_a_table_is_added_behind_the_last_of_its_kind() -> None:
    edit = Append("printer", {"name": "C", "device": "virtual:", "code_pages": {"19": "cp858"}})
    text = edited(TEXT, [edit])
    assert text == TEXT.replace(
        "\n# the drawer",
        '\n[[printer]]\nname = "C"\ndevice = "virtual:"\ncode_pages = {19 = "cp858"}\n\n# the drawer',
    )
    first = edited("language = 'fr'\n", [Append("route", {"from": "a", "to": ["A", "B"]})])
    assert first == 'language = \'fr\'\n\n[[route]]\nfrom = "a"\nto = ["A", "B"]\n'


@pytest.mark.parametrize("number", [0, 1])
def test_a_table_goes_and_the_comments_behind_it_stay(number: int) -> None:
    text = edited(TEXT, [Remove(("printer", number))])
    (left,) = tomllib.loads(text)["printer"]
    assert left["name"] == "BA"[number]
    for comment in ("# printers, the default first", "# the second", "# the drawer hangs on A"):
        assert comment in text
    assert text.index("# the second") < text.index("# the drawer")


def test_the_last_table_of_a_list_goes() -> None:
    text = edited(TEXT, [Remove(("printer", "B")), Remove(("printer", 0))])
    assert "printer" not in tomllib.loads(text)
    assert "# the drawer hangs on A\n[drawer]" in text
    assert tomllib.loads(edited(text, [Append("printer", {"name": "C"})]))["printer"] == [{"name": "C"}]


@pytest.mark.parametrize(
    "edit",
    [
        Set(("station", "host"), "127.0.0.1"),  # the default
        Set(("station", "port"), 1234),
        Set(("printer", "A", "status"), "auto"),
        Set(("printer", 1, "device"), "socket://b:1"),  # written in another way
        Set(("station", "allowed_origins"), ()),
        Remove(("station", "name")),
        Remove(("hub", "port")),
        Remove(("printer", "A", "columns")),
    ],
)
def test_what_holds_already_is_not_written(edit: Edit) -> None:
    assert edited(TEXT, [edit]) is TEXT


def test_a_default_is_written_where_something_else_stood() -> None:
    assert edited(TEXT, [Set(("station", "port"), 22548)]) == TEXT.replace("1234", "22548")


def test_edits_follow_each_other() -> None:
    edits: list[Edit] = [
        Append("printer", {"name": "C", "device": "virtual:"}),
        Set(("printer", "C", "name"), "D"),
        Remove(("printer", "A")),
        Set(("printer", 1, "columns"), 32),
        Set(("station", "port"), 1),
        Set(("station", "port"), 1234),
    ]
    tree = tomllib.loads(edited(TEXT, edits))
    assert tree["printer"][1] == {"name": "D", "device": "virtual:", "columns": 32}
    assert tree["station"]["port"] == 1234


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (Set(("printer", 2, "name"), "x"), "printer[2]"),
        (Set(("printer", -1, "name"), "x"), "printer[-1]"),
        (Remove(("printer", "Z")), "printer[Z]"),
        (Set(("route", 0, "from"), "x"), "route[0]"),
        (Remove(("source", "x", "path")), "source[x]"),
    ],
)
def test_a_table_that_is_not_there_is_said(edit: Edit, key: str) -> None:
    with pytest.raises(NoSuchTable) as caught:
        edited(TEXT, [edit])
    assert caught.value.key == key


def test_keys_are_called_as_messages_call_them() -> None:
    assert key_of(("language",)) == "language"
    assert key_of(("station", "port")) == "station.port"
    assert key_of(("printer", 1, "device")) == "printer[1].device"
    assert key_of(("printer", "BAR", "code_pages", "19")) == "printer[BAR].code_pages.19"


@pytest.mark.parametrize(
    "text",
    [
        "station = {port = 1}\nprinter = [{name = 'A', device = 'virtual:'}]\n",
        "station.port = 1\n[[printer]]\nname = 'A'\ndevice = 'virtual:'\n",
        "[[printer]]\nname = 'A'\ndevice = 'virtual:'\n[hub]\nport = 1\n[[route]]\nfrom = 'x'\n",
        "[[printer]]\nname = 'A'\n[printer.code_pages]\n1 = 'cp858'\n[station]\n",
        "[[printer]]\nname = 'A'\n[hub]\n[[printer]]\nname = 'B'\n",
    ],
)
@pytest.mark.parametrize(
    "edit",
    [
        Set(("station", "name"), "x"),
        Set(("printer", 0, "name"), "x"),
        Append("printer", {"name": "x", "device": "virtual:"}),
        Remove(("printer", 0)),
        Set(("language",), "en"),
    ],
)
def test_whatever_way_it_is_written_the_meaning_is_right_or_it_is_refused(text: str, edit: Edit) -> None:
    tree: dict[str, Any] = tomllib.loads(text)
    match edit:
        case Append(table, values):
            tree[table].append(values)
        case Set(("printer", _, key), value):
            tree["printer"][0][key] = value
        case Set(("station", key), value):
            tree.setdefault("station", {})[key] = value
        case Set((key,), value):
            tree[str(key)] = value
        case Remove():
            del tree["printer"][0]
    try:
        result = tomllib.loads(edited(text, [edit]))
    except NotEditable:
        return
    assert result == {key: value for key, value in tree.items() if value != []}


@given(st.text())
def test_any_text_is_kept(value: str) -> None:
    text = edited(TEXT, [Set(("station", "name"), value), Append("route", {"from": value, "to": [value]})])
    tree = tomllib.loads(text)
    assert tree["station"]["name"] == value
    assert tree["route"] == [{"from": value, "to": [value]}]


def test_half_a_letter_is_refused() -> None:
    with pytest.raises(UnicodeError):
        edited(TEXT, [Set(("station", "name"), "\ud800")])


def test_a_library_that_changes_something_else_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    parse = tomlkit.parse
    for wrong in (TEXT.replace("pin = 2", "pin = 5"), ""):
        monkeypatch.setattr(tomlkit, "parse", lambda text, wrong=wrong: parse(wrong))
        with pytest.raises(NotEditable):
            edited(TEXT, [Set(("station", "port"), 1)])


NESTED = """# ours
[[destination]]
kind = "maarch"
name = "a" # the archive
url = "https://rm.example.com"

# what is said of a document
[destination.description] # by field
title = "{name}" # as it is called

[destination.extract]
# numbers
number = 'name: ([0-9]+)'

[[destination]] # copies
kind = "folder"
name = "b"
path = "/b"
"""


def test_sections_in_a_table_of_a_list_keep_their_comments() -> None:
    text = edited(
        NESTED,
        [
            Set(("destination", "a", "profile"), "P"),
            Set(("destination", "a", "description", "kind"), "{ext}"),
            Remove(("destination", "a", "extract", "number")),
            Set(("destination", "b", "path"), "/c"),
        ],
    )
    assert text == (
        NESTED.replace('.com"\n', '.com"\nprofile = "P"\n')
        .replace("as it is called\n", 'as it is called\nkind = "{ext}"\n')
        .replace("number = 'name: ([0-9]+)'\n", "")
        .replace('"/b"', '"/c"')
    )
    assert "[[destination]] # copies" in edited(NESTED, [Remove(("destination", "a"))])


def test_a_section_in_a_table_of_a_list_is_made() -> None:
    text = edited(NESTED, [Set(("destination", "b", "more", "of it"), "x"), Remove(("destination", "a", "extract"))])
    assert tomllib.loads(text)["destination"][1]["more"] == {"of it": "x"}
    assert "extract" not in tomllib.loads(text)["destination"][0]
