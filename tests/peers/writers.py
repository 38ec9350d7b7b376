"""Programs that put files into folders, each a process of its own that takes one step when it is told to.

A test says "open", "write", "close", and looks at the station between two steps: no writer sleeps, and what is tested
does not depend on who is faster. Run as a program it is that process: a step a line comes in, a line goes out.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent.parent
PATIENCE: Final = 120.0
#: of the bytes of a large file
BLOCK: Final = 1 << 20


def paper(mark: str, size: int = 0) -> bytes:
    """A PDF whose only page says <mark>, at least so many bytes long: no two marks have the same bytes."""
    from tests.peers.pdfs import pdf, text  # noqa: PLC0415 - a process that only writes starts without it

    page = text(f"<{mark}>", 72, 720)
    plain = pdf(page)
    return plain if len(plain) >= size else pdf(page + "\n%" + "." * (size - len(plain)))


def bulk(mark: str, size: int) -> Iterator[bytes]:
    """The same for files that are too large to be held: pieces, `size` bytes in all, which end as a PDF does."""
    head, end = f"%PDF-1.7\n%<{mark}>\n".encode(), b"\n%%EOF\n"
    yield head
    left, block = size - len(head) - len(end), os.urandom(BLOCK)
    while left > 0:
        yield block[:left]
        left -= len(block)
    yield end


class Writer:
    """A process that writes when it is told to. Use as `with`; leaving it ends the process as a kill does."""

    def __init__(self, folder: Path) -> None:
        """`folder`: paths are relative to it."""
        self.folder = folder

    def __enter__(self) -> Writer:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.peers.writers", str(self.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """In the middle of whatever it was doing: what it held open is closed by the system."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.wait()

    def do(self, step: str, *arguments: Any) -> None:
        """One step; it is done when this returns. Raises AssertionError where the system refused it."""
        self.begin(step, *arguments)
        self.ended()

    def begin(self, step: str, *arguments: Any) -> None:
        """The same, and this does not wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([step, *arguments]).encode() + b"\n")
        self.process.stdin.flush()

    def ended(self) -> None:
        """Wait for the step that has begun."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert ready, "the writer does not come to an end"
        said = self.process.stdout.readline()
        assert said == b"done\n", said.decode()

    # -- what programs do ------------------------------------------------------------------------------------

    def open(self, path: str, how: str = "new") -> None:
        """`how`: new, append (what is there stays), inside (what is there is written over)."""
        self.do("open", path, how)

    def write(self, path: str, content: bytes, at: int | None = None) -> None:
        """Into an open file: where the last write ended, or `at`."""
        self.do("write", path, b64encode(content).decode(), at)

    def close(self, path: str) -> None:
        self.do("close", path)

    def put(self, path: str, content: bytes) -> None:
        """All of it at once, as a script does."""
        self.open(path)
        self.write(path, content)
        self.close(path)

    def slowly(self, path: str, content: bytes, pieces: int = 4) -> Iterator[int]:
        """In pieces, held open all the while; yields after each how many bytes are there, and closes at the end."""
        self.open(path)
        size = -(-len(content) // pieces)
        for start in range(0, len(content), size):
            self.write(path, content[start : start + size])
            yield min(start + size, len(content))
        self.close(path)

    def reopening(self, path: str, content: bytes, pieces: int = 4) -> Iterator[int]:
        """As scanners do: a page, closed; opened again for the next one. Yields while it is closed."""
        size = -(-len(content) // pieces)
        for start in range(0, len(content), size):
            self.open(path, "append" if start else "new")
            self.write(path, content[start : start + size])
            self.close(path)
            yield min(start + size, len(content))

    def reserved(self, path: str, content: bytes, pieces: int = 4) -> Iterator[int]:
        """As file managers copy to a share: the whole size is there from the start, the bytes come later."""
        self.open(path)
        self.do("size", path, len(content))
        yield 0
        size = -(-len(content) // pieces)
        for start in range(0, len(content), size):
            self.write(path, content[start : start + size], start)
            yield min(start + size, len(content))
        self.close(path)

    def download(self, path: str, content: bytes, temporary: str) -> Iterator[int]:
        """As browsers do: another name while it comes, its own at the end, by a rename."""
        yield from self.slowly(temporary, content)
        self.rename(temporary, path)

    def rename(self, path: str, to: str) -> None:
        """A file or a directory with all that is in it."""
        self.do("rename", path, to)

    def link(self, path: str, to: str) -> None:
        """A second name for the same file."""
        self.do("link", path, to)

    def delete(self, path: str) -> None:
        """A file or a directory with all that is in it."""
        self.do("delete", path)

    def make(self, path: str) -> None:
        """A directory, and those above it."""
        self.do("make", path)

    def touch(self, path: str, seconds: float) -> None:
        """When it was last changed, as copies that keep it do: seconds since 1970."""
        self.do("touch", path, seconds)

    def burst(self, papers: Sequence[tuple[str, str]], size: int = 0) -> None:
        """Many files in one go, their directories too: (path, mark) of each, as `paper` makes them."""
        self.do("burst", list(papers), size)

    def bulk(self, path: str, mark: str, size: int) -> None:
        """A file that is too large to be held."""
        self.do("bulk", path, mark, size)


class _Steps:
    """What the process can do: every public method is a step."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, int] = {}

    def open(self, path: str, how: str) -> None:
        flags = {"new": os.O_CREAT | os.O_TRUNC, "append": os.O_CREAT | os.O_APPEND, "inside": 0}[how]
        self._files[path] = os.open(self._folder / path, os.O_WRONLY | flags, 0o644)

    def write(self, path: str, content: str, at: int | None) -> None:
        data, file = b64decode(content), self._files[path]
        if at is not None:
            os.lseek(file, at, os.SEEK_SET)
        while data:
            data = data[os.write(file, data) :]

    def size(self, path: str, size: int) -> None:
        os.truncate(self._files[path], size)

    def close(self, path: str) -> None:
        os.close(self._files.pop(path))

    def rename(self, path: str, to: str) -> None:
        (self._folder / path).rename(self._folder / to)

    def link(self, path: str, to: str) -> None:
        (self._folder / to).hardlink_to(self._folder / path)

    def delete(self, path: str) -> None:
        whole = self._folder / path
        shutil.rmtree(whole) if whole.is_dir() else whole.unlink()

    def make(self, path: str) -> None:
        (self._folder / path).mkdir(parents=True, exist_ok=True)

    def touch(self, path: str, seconds: float) -> None:
        os.utime(self._folder / path, (seconds, seconds))

    def burst(self, papers: Sequence[tuple[str, str]], size: int) -> None:
        made: set[Path] = set()
        for path, mark in papers:
            whole = self._folder / path
            if whole.parent not in made:
                whole.parent.mkdir(parents=True, exist_ok=True)
                made.add(whole.parent)
            with whole.open("wb", buffering=0) as file:
                file.write(paper(mark, size))

    def bulk(self, path: str, mark: str, size: int) -> None:
        with (self._folder / path).open("wb") as file:
            file.writelines(bulk(mark, size))


def main() -> None:
    """Steps come in, a line each, and each is answered: done, or what the system said."""
    steps = _Steps(Path(sys.argv[1]))
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        step: Callable[..., None] = getattr(steps, name)
        try:
            step(*arguments)
        except OSError as error:
            print(f"{name}: {error}", flush=True)
        else:
            print("done", flush=True)


if __name__ == "__main__":
    main()
