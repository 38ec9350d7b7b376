"""Documents that are files: taking them in, and what is left of one that was given up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest
from tests.peers.papers import pieces

from comptoir.core.document import Document, digest_of
from comptoir.core.errors import JournalError, TooLarge
from comptoir.journal.files import MOST_KEPT, Files, on_disk
from comptoir.journal.store import Incoming, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    one = Store(tmp_path / "documents")
    one.prepare()
    return one


@pytest.fixture
def files(store: Store) -> Files:
    return Files(store)


def names(store: Store) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


async def test_a_document_gets_its_name_when_it_is_wanted(files: Files, store: Store) -> None:
    document = await files.keep(pieces(b"one ", b"two"), "", "a.txt")
    assert document == Document(digest_of(b"one two"), 7, "text/plain", "a.txt")
    assert list(store.digests()) == [], "nobody has accepted it"
    await files.place(document)
    assert names(store) == [document.digest]
    assert not store.forget(document.digest, lambda digest: False), "held, until its row is written"
    files.release(document.digest)
    assert store.forget(document.digest, lambda digest: False)


async def test_kept_twice_and_placed_twice(files: Files, store: Store) -> None:
    """Each that is kept can be placed, whatever became of the file of the other."""
    first, second = await files.keep(pieces(b"x"), "", ""), await files.keep(pieces(b"x"), "", "")
    for document in (first, second):
        await files.place(document)
        assert store.read(document.digest) == b"x"
        files.release(document.digest)
        assert store.forget(document.digest, lambda digest: False)
    assert names(store) == []


async def test_a_document_that_is_nowhere_is_not_placed(files: Files, store: Store) -> None:
    content = Document.of(b"x")
    with pytest.raises(JournalError, match="not here any more"):
        await files.place(Document(content.digest, 1, "text/plain"))
    await files.place(content)
    await files.place(Document(content.digest, 1, "text/plain"))
    files.release(content.digest)
    assert not store.forget(content.digest, lambda digest: False), "held by both"


async def test_a_document_of_before_leaves_to_another_what_he_brought(files: Files, store: Store) -> None:
    await files.place(Document.of(b"x"))
    kept = await files.keep(pieces(b"x"), "", "")
    await files.place(Document(kept.digest, 1, "text/plain", row=1))
    for _ in range(2):
        files.release(kept.digest)
    assert store.forget(kept.digest, lambda digest: False)
    await files.place(kept)
    assert store.read(kept.digest) == b"x"


async def test_a_small_document_needs_no_file(files: Files, store: Store) -> None:
    kept = await files.keep(pieces(b"1234"), "", "")
    other = await files.keep(pieces(b"1234"), "", "")
    assert await files.small(kept, 3) is None
    assert await files.small(kept, 4) == b"1234"
    assert len(names(store)) == 1, "what another has brought is still there"
    await files.place(other)
    assert await files.small(kept, 4) is None
    files.release(kept.digest)


async def test_the_type_is_told_however_small_the_first_piece_is(files: Files) -> None:
    kept = await files.keep(pieces(b"%", b"P", b"DF-1.7 ", b"\0" * 2000, b"end"), "", "")
    assert kept.media_type == "application/pdf"
    files.give_up(kept)


async def test_what_nobody_accepts_goes(files: Files, store: Store) -> None:
    kept = [await files.keep(pieces(b"%d" % number), "", "") for number in range(MOST_KEPT + 1)]
    assert len(names(store)) == MOST_KEPT
    with pytest.raises(JournalError, match="not here any more"):
        await files.place(kept[0])
    await files.place(kept[1])
    files.close()
    assert names(store) == [kept[1].digest]


async def test_too_large_leaves_nothing(files: Files, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    piece = bytes(2**20)
    monkeypatch.setattr("comptoir.journal.files.LARGEST", 2 * len(piece))
    with pytest.raises(TooLarge, match="2 MB"):
        await files.keep(pieces(piece, piece, b"!"), "", "")
    assert names(store) == []
    assert (await files.keep(pieces(piece, piece), "", "")).size == 2 * len(piece)


async def test_the_error_of_a_source_is_its_own(files: Files, store: Store) -> None:
    """That the caller hung up says nothing of this disk."""

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        await files.keep(broken(), "", "")
    assert names(store) == []


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "os.fsync", "pathlib.Path.replace"])
async def test_a_disk_that_refuses_is_a_sentence(
    files: Files, store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def refuse(*arguments: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, refuse)

    async def take_in() -> None:
        await files.place(await files.keep(pieces(b"x"), "", ""))

    with pytest.raises(JournalError, match="No space") as caught:
        await take_in()
    assert "Make room" in caught.value.hint
    assert names(store) == []


class Slow:
    """A call that stands in its thread until it may go on."""

    def __init__(self, call: Callable[..., object]) -> None:
        self._call = call
        self.begun, self.go = threading.Event(), threading.Event()

    def run(self, *arguments: object) -> object:
        self.begun.set()
        assert self.go.wait(10)
        return self._call(*arguments)


async def give_up(work: Coroutine[object, object, None], slow: Slow) -> None:
    """Cancel the work while the call stands in its thread; ends when the work has."""
    task = asyncio.ensure_future(work)
    assert await asyncio.to_thread(slow.begun.wait, 10)
    task.cancel()
    asyncio.get_running_loop().call_soon(slow.go.set)
    await asyncio.wait([task])
    assert task.cancelled()


@pytest.mark.parametrize(("owner", "step"), [(Store, "incoming"), (Incoming, "write"), (Incoming, "finish")], ids=str)
async def test_a_source_that_gives_up_leaves_nothing(
    files: Files, store: Store, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
) -> None:
    """The link is cut while the disk is at work."""
    slow = Slow(getattr(owner, step))

    def slowly(self: object, *arguments: object) -> object:
        return slow.run(self, *arguments)

    async def take_in() -> None:
        await files.keep(pieces(b"x"), "", "")

    monkeypatch.setattr(owner, step, slowly)
    await give_up(take_in(), slow)
    assert names(store) == []


@pytest.mark.parametrize("given", [True, False], ids=["given", "kept"])
async def test_who_gives_up_while_it_is_put_in_its_place_holds_nothing(
    files: Files, store: Store, monkeypatch: pytest.MonkeyPatch, given: bool
) -> None:
    document = Document.of(b"x") if given else await files.keep(pieces(b"x"), "", "")
    slow = Slow(Path.replace)

    def slowly(path: Path, target: Path) -> object:
        return slow.run(path, target)

    monkeypatch.setattr(Path, "replace", slowly)
    await give_up(files.place(document), slow)
    assert names(store) == [document.digest]
    assert store.forget(document.digest, lambda digest: False)


async def test_a_call_that_is_given_up_is_waited_for_and_undone() -> None:
    slow = Slow(lambda: "made")
    undone: list[object] = []

    async def call() -> None:
        await on_disk(slow.run, undo=undone.append)

    await give_up(call(), slow)
    assert undone == ["made"]
