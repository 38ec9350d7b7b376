"""A station that watches folders, an archive that takes its files, and what must hold of all of them at the end.

The station is a process that can be killed hundreds of times (`mortal`), the archive an HTTP server in a thread of this
one (`maarch`), so that it outlives the station and a test can make it lie; who writes are processes (`writers`).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from tests.peers.maarch import TOKEN, Archive, Maarch
from tests.peers.mortal import Mortal
from tests.peers.services import ask, free_port
from tests.peers.shop import Loop

PATIENCE: Final = 60.0
#: the archive that files go to where nothing else is said
ARCHIVES: Final = "archives"
#: what the folders of most tests have in common: short times, whole trees
QUICK: Final = {"match": ["*.pdf"], "recursive": True, "quiet": "100 ms", "scan": "1 s"}


def table(name: str, /, **values: object) -> str:
    """[[name]] in TOML, for values of these tests: texts, numbers, lists of texts."""
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    return "\n".join((f"\n[[{name}]]", *lines, ""))


def eventually(wanted: Callable[[], Any], patience: float = PATIENCE) -> None:
    """Returns when `wanted()` is true, for what no event tells. Gives way between two looks."""
    until = time.monotonic() + patience
    while not wanted():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.005)


class Office:
    """Use as `with`; then everything runs. `folders`: source → its directory, as they are configured.

    Where nothing else is said there is one source, "in", whose files go to the archive and are deleted then.
    """

    def __init__(
        self,
        folder: Path,
        *,
        sources: Mapping[str, Mapping[str, object]] | None = None,
        original: str = "delete",
        archives: Sequence[str] = (ARCHIVES,),
        patience: str = "60 s",
        config: str = "",
        data: Path | None = None,
        start: bool = True,
    ) -> None:
        """`sources`: name → what differs from QUICK; `to`: where its files go. `config`: more TOML.

        `archives`: their names, each a server of its own. `patience`: how long they may be silent.
        """
        self.folder = folder
        self.data = data or folder / "data"
        self.port = free_port()
        self.station = Mortal("station", "--data", self.data, "--port", str(self.port))
        self.archives = {name: Maarch() for name in archives}
        self._sources = sources if sources is not None else {"in": {}}
        self.folders = {name: Path(str(of.get("path", folder / name))) for name, of in self._sources.items()}
        self._original = original
        self._patience = patience
        self._config = config
        self._start = start

    def __enter__(self) -> Office:
        self.loop = Loop().__enter__()
        for archive in self.archives.values():
            self.loop.run(archive.start())
        for path in (self.data, *self.folders.values()):
            path.mkdir(parents=True, exist_ok=True)
        (self.data / "laabs.token").write_text(TOKEN)
        (self.data / "comptoir.toml").write_text(self.toml(), "utf-8")
        self.station.__enter__()
        if self._start:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.station.__exit__(kind, error, trace)
        for archive in self.archives.values():
            self.loop.run(archive.stop())
        self.loop.__exit__(kind, error, trace)

    def toml(self) -> str:
        parts = [
            table("destination", kind="maarch", name=name, url=of.url, token_file="laabs.token", timeout=self._patience)
            for name, of in self.archives.items()
        ]
        for name, path in self.folders.items():
            keys = {**QUICK, "to": [ARCHIVES], **self._sources[name], "path": str(path)}
            to = keys.pop("to")
            parts += [table("source", kind="folder", name=name, **keys)]
            parts += [table("route", **{"from": name, "to": to, "original": self._original})]
        return "".join(parts) + self._config

    # -- the station --------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        assert self.station.start("Station "), self.station.last_words

    def restart(self) -> None:
        """After a power cut."""
        self.station.kill()
        self.start()

    def ask(self, path: str, body: Any = None, method: str = "") -> Any:
        return ask(self.url + path, body, method)

    def state(self, name: str = "in") -> dict[str, Any]:
        """What the station says of a folder now."""
        return next(one for one in self.ask("/api/folders")["folders"] if one["name"] == name)

    def waits(self, name: str = "in") -> dict[str, int]:
        """How many files wait there, by reason."""
        waiting: dict[str, int] = self.state(name)["waiting"]
        return {reason: count for reason, count in waiting.items() if count}

    def troubled(self, destination: str = ARCHIVES) -> bool:
        """Whether a job for this destination says why it is not there."""
        jobs = [one for one in self.ask("/api/jobs?limit=200")["prints"] if one["printer"] == destination]
        return any(one["message"] and one["state"] != "completed" for one in jobs)

    def retry(self, name: str = "in") -> None:
        """A person says that what failed of a folder is to be tried again."""
        for file in self.ask(f"/api/folders/{name}/files?kind=failed")["files"]:
            self.ask(f"/api/originals/{file['original']}/retry", {})

    def ended_or_died(self, archived: int, patience: float = PATIENCE) -> bool:
        """Wait until all is done, the station is dead or the time is up; whether all is done."""
        until = time.monotonic() + patience
        while self.station.lives and time.monotonic() < until:
            if len(self.archived()) >= archived:
                with suppress(OSError, ValueError):
                    if not self._busy(self.state()):
                        return True
            time.sleep(0.002)
        return False

    @staticmethod
    def _busy(state: Mapping[str, Any]) -> bool:
        """Whether something of a folder is under way."""
        going = sum(state["originals"].get(word, 0) for word in ("waiting", "due", "going"))
        return bool(going or sum(state["waiting"].values()) or state["scanning"])

    # -- the archive --------------------------------------------------------------------------------------------------

    def archived(self, archive: str = ARCHIVES) -> list[Archive]:
        """What an archive has, in the order in which it came."""
        return self.loop.do(lambda: list(self.archives[archive].archives.values()))

    def lie(self, *modes: str, archive: str = ARCHIVES, always: str | None = None) -> None:
        """The next deposits are answered so, one each; `always`: all others."""

        def tell() -> None:
            self.archives[archive].lie(*modes)
            if always is not None:
                self.archives[archive].always = always

        self.loop.do(tell)

    def mend(self, archive: str = ARCHIVES) -> None:
        """The archive is well again."""
        self.loop.do(self.archives[archive].mend)

    def until_archived(self, count: int, archive: str = ARCHIVES) -> list[Archive]:
        """What an archive has, once it is so many."""
        self.loop.run(self.archives[archive].until(lambda one: len(one.archives) >= count))
        return self.archived(archive)

    def until_asked(self, deposits: int, archive: str = ARCHIVES) -> None:
        """Once so many deposits were begun."""
        self.loop.run(self.archives[archive].until(lambda one: one.deposits >= deposits))

    # -- what must hold -----------------------------------------------------------------------------------------------

    def settled(self, name: str = "in") -> dict[str, Any]:
        """The folder once nothing of it is under way any more: nothing waits, nothing is on its way."""
        found: dict[str, Any] = {}

        def still() -> bool:
            found.update(self.state(name))
            return not self._busy(found)

        eventually(still)
        return found

    def agrees(self, name: str = "in") -> dict[str, Any]:
        """The folder once its sums are those of what lies there. Raises AssertionError where they never are."""
        found: dict[str, Any] = {}

        def same() -> bool:
            found.update(self.state(name))
            return bool(added_up(found) == found["seen"] == count_files(self.folders[name]))

        self.ask(f"/api/folders/{name}/rescan", {})
        eventually(same)
        return found

    def holds(
        self, papers: Mapping[str, bytes], name: str = "in", archive: str = ARCHIVES, left: Sequence[str] = ()
    ) -> None:
        """Each of these (path → content) is archived: once, whole, alone, under its own name; no other is.

        `left`: the paths that are still in the folder. And nothing of that changes with a restart and one more look.
        """
        self.until_archived(len(papers), archive)
        self.settled(name)
        self.check(papers, name, archive, left)
        self.restart()
        self.agrees(name)
        self.settled(name)
        self.check(papers, name, archive, left)

    def check(self, papers: Mapping[str, bytes], name: str, archive: str, left: Sequence[str] = ()) -> None:
        """The same as it is now."""
        wanted = Counter((path.rpartition("/")[2], sha256(content).hexdigest()) for path, content in papers.items())
        archives = self.archived(archive)
        assert [len(one.resources) for one in archives] == [1] * len(archives), "mixed into one archive"
        found = Counter((one.resources[0]["fileName"], one.resources[0]["hash"]) for one in archives)
        assert found == wanted, {"missing": wanted - found, "too many": found - wanted}
        assert [one.values["archiveName"] for one in archives] == [
            one.resources[0]["fileName"].rpartition(".")[0] for one in archives
        ]
        assert files_of(self.folders[name]) == sorted(left)


def added_up(state: Mapping[str, Any]) -> int:
    """What the page adds up: taken, ignored, waiting and failed."""
    parts = (sum(state[kind].values()) for kind in ("ignored", "waiting", "failed"))
    return int(state["taken"]) + sum(parts)


def files_of(folder: Path) -> list[str]:
    """What lies there, relative."""
    return sorted(
        Path(root, name).relative_to(folder).as_posix() for root, _, names in os.walk(folder) for name in names
    )


def count_files(folder: Path) -> int:
    return sum(len(names) for _, _, names in os.walk(folder))


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
