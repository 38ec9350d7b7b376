"""Numbers are never given twice, whatever happens: also where the process dies right after it has given one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from comptoir.core.errors import JournalError
from comptoir.sources.ipp_printer import numbers
from comptoir.sources.ipp_printer.numbers import BLOCK, Numbers


async def again(folder: Path) -> Numbers:
    one = Numbers(folder)
    await one.load()
    return one


async def test_they_go_on_after_every_end(tmp_path: Path) -> None:
    given: list[int] = []
    for _ in range(4):
        one = await again(tmp_path)
        given += [await one.next() for _ in range(BLOCK // 2 + 3)]
    assert len(set(given)) == len(given)
    assert given == sorted(given)


async def test_many_at_once(tmp_path: Path) -> None:
    one = await again(tmp_path)
    given = await asyncio.gather(*(one.next() for _ in range(3 * BLOCK)))
    assert sorted(given) == list(range(1, 3 * BLOCK + 1))


async def test_none_is_given_that_cannot_be_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = await again(tmp_path)

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(numbers, "replace_file", full)
    with pytest.raises(JournalError, match="No space"):
        await one.next()
    monkeypatch.undo()
    assert await one.next() == 1


@pytest.mark.parametrize("text", ["", "[]", '{"next": "x"}', "{}"])
async def test_a_file_that_says_nothing_is_no_reason_to_begin_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "numbers.json").write_text(text)
    with pytest.raises(JournalError, match="cannot be read"):
        await again(tmp_path)


async def test_which_may_have_been_open_when_it_ended(tmp_path: Path) -> None:
    first = await again(tmp_path)
    number = await first.next()
    assert not first.was_open(number)
    second = await again(tmp_path)
    assert second.was_open(number)
    assert not second.was_open(await second.next())
    assert not second.was_open(0)
