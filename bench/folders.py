"""Folders: what a file costs from the moment it lies there until it is safe, and until the archive has it.

Ours is `comptoir station`; beside it the least that anybody has to do (bytes, fsync, rename, fsync of the folder), the
least for a look through a folder (scandir and stat), and the earlier script's way (`peers/earlier_folders.py`) to the
same archive: there it is counted, too, what arrives right.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from machine import wait_until_idle
from servers import LOAD_CORE, PATIENCE, PEERS, Server, environment, line, pinned, start

ROOT: Final = Path(__file__).parent.parent
FILES, SIZE = 5_000, 100_000  # to be taken
SINGLE: Final = 100  # files, one after the other
MANY: Final = 100_000  # files that lie there
BURST, SLOW, FOLDERS = 100, 4, 3  # files of 20 kB in each folder at once, and that are written slowly meanwhile
LARGE: Final = 2_000_000_000
QUIET: Final = 50  # ms


@dataclass
class Delivered:
    """What came of the documents of a round. `rate`: right ones a second, where the archive has no trouble."""

    right: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)


@dataclass
class Figures:
    """A value a round; of looks and of the large file one in all."""

    taken: list[float] = field(default_factory=list)  # files/s
    floor: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  # MB, more than before, at the most, while 5,000 are taken
    latency: list[float] = field(default_factory=list)  # ms beyond the quiet time, p50
    latency_99: list[float] = field(default_factory=list)
    look: list[float] = field(default_factory=list)  # s
    look_floor: list[float] = field(default_factory=list)
    look_memory: list[float] = field(default_factory=list)  # MB, all of it, idle
    large: list[float] = field(default_factory=list)  # MB, more than before, at the most
    ours: Delivered = field(default_factory=Delivered)
    earlier: Delivered = field(default_factory=Delivered)


def measure(folder: Path, rounds: int) -> Figures:
    figures = Figures()
    for number in range(rounds):
        for step in (look, large, take, alone, delivered) if number == 0 else (take, alone, delivered):
            place = folder / f"{step.__name__}-{number}"
            place.mkdir()
            step(place, figures)
            shutil.rmtree(place)
        print(
            f"folders, round {number + 1}: {figures.taken[-1]:.0f} files/s, floor {figures.floor[-1]:.0f}; "
            f"{figures.ours.right[-1]:.0f} right, the earlier script {figures.earlier.right[-1]:.0f}",
            flush=True,
        )
    return figures


# -- what is measured -------------------------------------------------------------------------------------------------


def take(folder: Path, figures: Figures) -> None:
    """Files that come all at once, by a rename of their directory, until the journal has the last one."""
    ready = folder / "ready"
    ready.mkdir()
    for number in range(FILES):
        (ready / f"{number}.bin").write_bytes(os.urandom(SIZE))
    os.sync()
    figures.floor.append(_floor(folder / "floor"))
    with station(folder, source("in", folder / "in") + keeping("in")) as server:
        before = server.memory
        begin = time.perf_counter()
        ready.rename(folder / "in" / "ready")
        _until(lambda: state(server)["taken"] == FILES)
        figures.taken.append(FILES / (time.perf_counter() - begin))
        figures.memory.append((peak(server) - before) / 1e6)


def alone(folder: Path, figures: Figures) -> None:
    """One file after the other, each closed when nothing else happens, until the journal has it."""
    with station(folder, source("in", folder / "in") + keeping("in")) as server:
        closed = {}
        for number in range(SINGLE):
            path = folder / "in" / f"{number}.bin"
            path.write_bytes(os.urandom(SIZE))
            closed[path.name] = time.time()
            _until(lambda number=number: state(server)["taken"] == number + 1)
        rows = ask(server, f"/api/folders/in/files?kind=taken&limit={SINGLE}")["files"]
    late = sorted((_moment(row["taken_at"]) - closed[row["path"]]) * 1000 - QUIET for row in rows)
    figures.latency.append(statistics.median(late))
    figures.latency_99.append(late[-1 - len(late) // 100])


def look(folder: Path, figures: Figures) -> None:
    """Many files that are none of ours: looked through, from the question until the answer."""
    there = folder / "in"
    for number in range(MANY):
        if number % 1000 == 0:
            (there / str(number)).mkdir(parents=True)
        (there / str(number - number % 1000) / f"{number}.bin").touch()
    figures.look_floor.append(_looked(there))
    with station(folder, source("in", there, existing="ignore", scan="1 h") + keeping("in")) as server:
        _until(lambda: state(server)["seen"] == MANY and not state(server)["scanning"])
        wait_until_idle(lambda: server.cpu)
        before, begin = state(server)["scanned_at"], time.perf_counter()
        ask(server, "/api/folders/in/rescan", {})
        _until(lambda: state(server)["scanned_at"] != before)
        figures.look.append(time.perf_counter() - begin)
        wait_until_idle(lambda: server.cpu)
        figures.look_memory.append(server.memory / 1e6)


def delivered(folder: Path, figures: Figures) -> None:
    """Programs write into several folders. By us, and the earlier script's way; the archive well, and in trouble."""
    for way, begin, result in (("ours", _ours, figures.ours), ("earlier", _earlier, figures.earlier)):
        for trouble in (False, True):
            place = folder / f"{way} {trouble}"
            folders = [place / f"in {number}" for number in range(FOLDERS)]
            for one in folders:
                one.mkdir(parents=True)
            with archive(place) as (url, stored), begin(place, folders, url):
                if trouble:
                    post(f"{url}/peer/lie", [""] * 20 + ["500"] * 2)
                started = time.perf_counter()
                wanted = _written(folders)
                last = _until_still(stored, wanted.total(), started)
            right, wrong = _counted(wanted, stored)
            if trouble:
                result.right.append(right)
                result.wrong.append(wrong)
                result.lost.append(wanted.total() - right)
            else:
                result.rate.append(right / last)


def large(folder: Path, figures: Figures) -> None:
    """A file of 2 GB on its way to the archive: what memory it takes."""
    there = folder / "in"
    there.mkdir()
    with archive(folder) as (url, stored), station(folder, source("in", there) + archiving(url, "in")) as server:
        _bulk(there / "small.bin", 1_000_000)
        _until(lambda: _lines(stored) == 1)
        before = server.memory
        _bulk(there / "large.bin", LARGE)
        _until(lambda: _lines(stored) == 2)
        figures.large.append((peak(server) - before) / 1e6)


# -- servers ----------------------------------------------------------------------------------------------------------


def source(name: str, path: Path, existing: str = "take", scan: str = "30 s") -> str:
    return (
        f'[[source]]\nkind = "folder"\nname = "{name}"\npath = "{path}"\nmatch = ["*.bin"]\nrecursive = true\n'
        f'quiet = "{QUIET} ms"\nscan = "{scan}"\nexisting = "{existing}"\n'
    )


def keeping(name: str) -> str:
    """It goes nowhere: only the store has it."""
    return f'[[route]]\nfrom = "{name}"\nkeep = "1 day"\n'


def archiving(url: str, *names: str) -> str:
    destination = f'[[destination]]\nkind = "maarch"\nname = "archives"\nurl = "{url}"\ntoken_file = "token"\n'
    return destination + "".join(f'[[route]]\nfrom = "{name}"\nto = ["archives"]\n' for name in names)


@contextmanager
def station(folder: Path, config: str) -> Iterator[Server]:
    data = folder / "data"
    data.mkdir()
    (folder / "in").mkdir(exist_ok=True)
    (data / "token").write_text(TOKEN)
    (data / "comptoir.toml").write_text(config, "utf-8")
    process = start([sys.executable, "-m", "comptoir", "station", "--data", str(data), "--port", "0"])
    server = Server("comptoir", process, int(line(process, r"http://127\.0\.0\.1:(\d+)/")), data)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def archive(folder: Path) -> Iterator[tuple[str, Path]]:
    """An archive in a process of its own: its address, and the file with a line for each document that it has."""
    port, stored = folder / "port", folder / "stored"
    command = [sys.executable, "-m", "tests.peers.maarch", "--port-file", str(port), "--state-file", str(stored)]
    process = subprocess.Popen(pinned(LOAD_CORE, *command, "--token", TOKEN), cwd=ROOT, env=environment())
    try:
        _until(port.exists)
        yield f"http://127.0.0.1:{port.read_text()}", stored
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def _ours(place: Path, folders: list[Path], url: str) -> Iterator[None]:
    names = [f"in {number}" for number in range(len(folders))]
    config = "".join(source(*pair) for pair in zip(names, folders, strict=True)) + archiving(url, *names)
    with station(place, config):
        yield


@contextmanager
def _earlier(place: Path, folders: list[Path], url: str) -> Iterator[None]:
    temporary = place / "temp"
    temporary.mkdir()
    script = PEERS / "earlier_folders.py"
    process = start([sys.executable, str(script), url, TOKEN, str(temporary), *map(str, folders)])
    line(process, r"(watching)")
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()


TOKEN: Final = "dG9rZW4="


def ask(server: Server, path: str, body: Any = None) -> Any:
    return post(f"http://127.0.0.1:{server.port}{path}", body)


def post(url: str, body: Any = None) -> Any:
    """What JSON an address answers; None where it answers nothing. Without a body it is a GET."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(
        urllib.request.Request(url, data, {"Content-Type": "application/json"}), timeout=PATIENCE
    ) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def state(server: Server) -> dict[str, Any]:
    """The only folder, as the page tells of it."""
    found: dict[str, Any] = ask(server, "/api/folders")["folders"][0]
    return found


def peak(server: Server) -> int:
    """The most resident bytes so far."""
    rows = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmHWM")) * 1024


# -- beside it --------------------------------------------------------------------------------------------------------


def _floor(folder: Path) -> float:
    """Files a second that are brought to the disk, one after the other, and do nothing else."""
    folder.mkdir()
    content = os.urandom(SIZE)
    directory = os.open(folder, os.O_RDONLY)
    begin = time.perf_counter()
    for number in range(FILES):
        part = folder / "part"
        with part.open("wb", buffering=0) as file:
            file.write(content)
            os.fsync(file.fileno())
        part.rename(folder / str(number))
        os.fsync(directory)
    rate = FILES / (time.perf_counter() - begin)
    os.close(directory)
    shutil.rmtree(folder)
    return rate


def _looked(folder: Path) -> float:
    """Seconds for all names and what the system says of each file."""
    begin = time.perf_counter()
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)
    return time.perf_counter() - begin


# -- documents --------------------------------------------------------------------------------------------------------


def _bulk(path: Path, size: int) -> None:
    block = os.urandom(1 << 20)
    with path.open("wb") as file:
        while size > 0:
            size -= file.write(block[:size])


def _written(folders: list[Path]) -> Counter[tuple[str, str]]:
    """Bursts of small files, same names in each folder, and files that stay open meanwhile: (name, digest) of all."""
    wanted: Counter[tuple[str, str]] = Counter()
    slow = {folder / f"slow {number}.bin": os.urandom(200_000) for folder in folders for number in range(SLOW)}
    held = {path: path.open("wb", buffering=0) for path in slow}
    for path, file in held.items():
        file.write(slow[path][:50_000])
    for number in range(BURST):
        for folder in folders:
            content = os.urandom(20_000)
            (folder / f"{number}.bin").write_bytes(content)
            wanted[f"{number}.bin", sha256(content).hexdigest()] += 1
    for path, file in held.items():
        file.write(slow[path][50_000:])
        file.close()
        wanted[path.name, sha256(slow[path]).hexdigest()] += 1
    return wanted


def _counted(wanted: Counter[tuple[str, str]], stored: Path) -> tuple[int, int]:
    """(right, wrong): right is an archive of one file, whole, that was wanted and not there before."""
    left, wrong = wanted.copy(), 0
    for row in map(json.loads, stored.read_text("utf-8").splitlines()):
        one = row["resources"][0]
        name = one["fileName"] if one["fileName"].endswith(".bin") else f"{one['fileName']}.bin"
        if len(row["resources"]) == 1 and left[name, one["hash"]]:
            left[name, one["hash"]] -= 1
        else:
            wrong += 1
    return wanted.total() - left.total(), wrong


def _moment(text: str) -> float:
    """Seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def _lines(stored: Path) -> int:
    return stored.read_bytes().count(b"\n") if stored.exists() else 0


def _until_still(stored: Path, wanted: int, begin: float) -> float:
    """Wait until so many are stored, or nothing more comes for five seconds; seconds until the last one came."""
    count, last = 0, time.perf_counter()
    while count < wanted and time.perf_counter() < last + 5:
        now = _lines(stored)
        if now != count:
            count, last = now, time.perf_counter()
        time.sleep(0.01)
    return last - begin


def _until(wanted: Callable[[], bool], patience: float = 120.0) -> None:
    until = time.monotonic() + patience
    while not wanted():
        if time.monotonic() > until:
            raise SystemExit("the bench has waited in vain")
        time.sleep(0.005)
