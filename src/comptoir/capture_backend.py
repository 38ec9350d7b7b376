#!/usr/bin/python3 -IS
"""The CUPS backend `comptoir:`: puts what is printed on disk, then has the real backend print it (backend(7)).

    comptoir:/socket://192.168.1.50:9100    comptoir:/usb://EPSON/TM-T88V    comptoir:/file:///dev/usb/lp0

This file is copied to ServerBin/backend/comptoir and runs there by itself: standard library only, Python 3.9 or later.
It knows no station: what it writes into the spool directory `sources/cups_backend.py` takes, now or later.

Of one print there are, all of the spool's owner and readable for nobody else:

    NAME.1.document …   what the program handed over, as CUPS keeps it
    NAME.printed        what the real backend was given, where that is something else
    NAME.json           what is known of it; it comes last, so the print is whole when it is there
    NAME.state          what became of it on paper: begun, printed, failed, unknown

NAME is the job's UUID, or made up; of the nth print of one job, which a person asked for, NAME-n. A state outlives its
print, so that a job which CUPS starts once more after a crash is not printed once more.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any, BinaryIO

with suppress(ImportError):  # Windows, where only what is said of it here is looked up
    import fcntl

CONFIG = "comptoir.json"  # below CUPS' ServerRoot
SPOOL = "/var/spool/comptoir"
VERSION = 1  # of the files in the spool

#: exit codes of a backend, <cups/backend.h>
OK, FAILED, AUTH_REQUIRED, HOLD, STOP, CANCEL, RETRY, RETRY_CURRENT = range(8)
#: what is told to CUPS when the spool cannot be written. After wait it has counted no failed try, so it never gives up
WITHOUT_SPOOL = {"wait": RETRY_CURRENT, "stop": STOP, "retry": RETRY}
PAUSE = 15.0  # seconds; CUPS starts a job again at once after RETRY_CURRENT
ENDED = -signal.SIGTERM  # as a backend that has been told to end, and does
PIECE = 1 << 20
OPTIONS = r"(?:(?:\\[\s\S]|[^\\\s])*\s)*"  # before CUPS' own: what clients say; it escapes the spaces in that

#: commands to a printer are no print, and their filters talk with it while they run
COMMANDS = "application/vnd.cups-command"
#: what is kept of the surroundings of a print
TOLD = ("PRINTER", "PRINTER_INFO", "PRINTER_LOCATION", "CONTENT_TYPE", "FINAL_CONTENT_TYPE", "CLASS", "CHARSET",
        "LANG", "SOFTWARE", "AUTH_INFO_REQUIRED")  # fmt: skip


def main(argv: Sequence[str], environ: dict[str, str]) -> int:
    """A backend's life: its exit code. Without arguments it says that it exists."""
    if len(argv) == 1:
        sys.stdout.write('direct comptoir "Unknown" "Comptoir: keeps what is printed, then prints it"\n')
        return OK
    if len(argv) not in (6, 7):
        say("ERROR", "Usage: comptoir job-id user title copies options [file]")
        return FAILED
    os.umask(0o077)
    job = Job(argv, environ)
    try:
        real = Backend(job)
    except LookupError as error:
        say("ERROR", str(error))
        return STOP
    if environ.get("CONTENT_TYPE") == COMMANDS:
        return real.run(None, None)
    signal.signal(signal.SIGTERM, real.cancel)
    without = "wait"
    try:
        spool, without = settings(environ)
        folder = Spool(spool)
        return carry_out(job, folder, real, folder.lock(job.name))
    except OSError as error:
        return refused(error, without, real)


def settings(environ: Mapping[str, str]) -> tuple[str, str]:
    """(spool, what is done without one). Raises OSError."""
    path = os.path.join(environ.get("CUPS_SERVERROOT") or "/etc/cups", CONFIG)
    try:
        with open(path, "rb") as file:
            told = json.load(file)
        without = told.get("without_spool", "wait")
        return str(told.get("spool") or SPOOL), without if without in WITHOUT_SPOOL else "wait"
    except FileNotFoundError:
        return SPOOL, "wait"
    except (ValueError, AttributeError):
        raise OSError(errno.EINVAL, "is no configuration", path) from None


def refused(error: OSError, without: str, real: Backend) -> int:
    """Nothing was printed: it could not be kept first."""
    where = f" ({error.filename})" if error.filename else ""
    say("ERROR", f"Not printed, because it cannot be kept: {error.strerror or error}{where}")
    if without == "wait":
        real.pause(PAUSE)
    return ENDED if real.cancelled else WITHOUT_SPOOL[without]


def say(kind: str, text: str) -> None:
    """A line for CUPS. Nobody may be reading any more: CUPS itself was killed."""
    with suppress(OSError):
        sys.stderr.write(f"{kind}: {text}\n")
        sys.stderr.flush()


# -- one job -----------------------------------------------------------------------------------------------------------


class Job:
    """What CUPS says of a job, and which server says so."""

    def __init__(self, argv: Sequence[str], environ: dict[str, str]) -> None:
        self.argv = argv
        self.environ = environ
        self.server = server_of(os.getppid())
        self.number = int(argv[1]) if argv[1].isdigit() else 0
        uuid = re.match(OPTIONS + r"job-uuid=(?:urn:uuid:)?([0-9A-Za-z-]{1,64})", argv[5])
        self.uuid = uuid.group(1) if uuid else ""
        self.name = self.uuid or self.made_up()

    def made_up(self) -> str:
        """A name for a job without UUID: numbers begin anew with every spool of CUPS, times do not."""
        made = re.match(OPTIONS + r"time-at-creation=(\d+)", self.argv[5])
        known = [self.environ.get("PRINTER", ""), self.argv[1], made.group(1) if made else self.argv[3]]
        return "job-" + hashlib.sha256(os.fsencode("\0".join(known))).hexdigest()[:32]

    def path(self, letter: str, ending: str = "") -> str:
        """A file of this job in CUPS' own spool."""
        root = self.environ.get("CUPS_REQUESTROOT") or "/var/spool/cups"
        return os.path.join(root, f"{letter}{self.number:05d}{ending}")

    def documents(self) -> list[str]:
        """The files that were handed over, in their order."""
        found: list[str] = []
        while os.path.exists(path := self.path("d", f"-{len(found) + 1:03d}")):
            found.append(path)
        return found

    def was_completed(self) -> bool:
        """Whether CUPS has it on disk that this job had been completed: then it is a person who starts it again."""
        with suppress(OSError), open(self.path("c"), "rb") as file:
            # RFC 8010: tag (0x23 enum), length and name, length and value; 9: completed
            return b"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x09" in file.read(PIECE)
        return False

    def told(self, uid: str, times: int) -> dict[str, Any]:
        """What is known of the print, for the archive."""
        texts = [text_of(one) for one in self.argv[1:6]]
        uri = self.environ.get("DEVICE_URI", "")
        return {
            "comptoir": VERSION, "uid": uid, "times": times, "uuid": self.uuid, "job": self.number, "user": texts[1],
            "title": texts[2], "copies": int(texts[3]) if texts[3].isdigit() else 1, "options": texts[4],
            "file": len(self.argv) > 6, "uri": text_of(without_login(uri)), "at": int(time.time() * 1000),
            "environ": {name: text_of(self.environ[name]) for name in TOLD if name in self.environ},
        }  # fmt: skip


def text_of(told: str) -> str:
    """An argument of the system as text; CUPS says UTF-8."""
    return os.fsencode(told).decode("utf-8", "replace")


def unwrapped(uri: str) -> str:
    """The URI of what stands behind a queue's: what `cli/queues.py` wraps."""
    login = re.fullmatch(r"comptoir://([^/]*)/([^:/]+)(/.*)?", uri)
    return f"{login[2]}://{login[1]}{login[3] or ''}" if login else uri.partition(":")[2].lstrip("/")


def without_login(uri: str) -> str:
    """A device URI as everybody may read it."""
    return re.sub(r"(//)[^/@]*@", r"\1", uri)


def server_of(process: int) -> str:
    """The CUPS server that runs this, told apart from every one before and after it."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            boot = file.read().strip()
        with open(f"/proc/{process}/stat") as file:
            return f"{boot}/{process}/{file.read().rpartition(')')[2].split()[19]}"
    except (OSError, IndexError):
        command = ["/bin/ps", "-o", "lstart=", "-p", str(process)]
        try:
            began = subprocess.run(command, stdout=subprocess.PIPE, timeout=5, check=False).stdout  # noqa: S603 - a number
        except (OSError, subprocess.SubprocessError):
            began = b""
        return f"{process}/{began.decode('ascii', 'replace').strip()}"


# -- what is done with it ----------------------------------------------------------------------------------------------


def carry_out(job: Job, folder: Spool, real: Backend, lock: int) -> int:
    """Keep, then print; the exit code. Raises OSError as long as nothing was printed."""
    if (state := folder.state(job.name)).get("job", job.number) != job.number:
        job.name = job.made_up()  # whoever prints may choose the UUID: it is another job's
        lock, state = folder.lock(job.name), folder.state(job.name)
    told, times = state.get("state"), state.get("times", 1)
    if told == "begun":
        # Killed in the middle of printing, by a power cut perhaps: only a person can see how far it came.
        folder.note(job, "unknown", times)
        say("ERROR", "It is not known whether this was printed. Look at the printer; release the job to print it again")
        return HOLD
    if told == "printed" and state.get("server") != job.server and not job.was_completed():
        folder.note(job, "printed", times)
        say("INFO", "It was printed already, before CUPS was started anew. Restart it once more to print it again")
        return OK
    again = told == "printed"
    times += again
    captured = bool(told) and not again
    taken = Captured(folder, job, times)
    (taken.only_input if captured else taken.collect)()
    if real.cancelled:
        taken.discard()
        return ENDED
    if not captured:
        taken.keep()
    folder.note(job, "begun", times)
    code = real.run(taken.input, lock)
    outcome = "printed" if code == OK else "canceled" if real.cancelled else "failed"
    try:
        folder.note(job, outcome, times, code)
    except OSError as error:
        say("ERROR", f"What became of this print cannot be noted: {error.strerror}")
    return code


class Captured:
    """The files of one print in the spool, and the one that the real backend reads."""

    def __init__(self, folder: Spool, job: Job, times: int) -> None:
        self.input: BinaryIO | None = None
        self._folder = folder
        self._job = job
        self._times = times
        self._entry = job.name if times == 1 else f"{job.name}-{times}"
        self._told: dict[str, Any] = {}

    def collect(self) -> None:
        """Documents and printed bytes: all on disk when this returns. Raises OSError."""
        self._told = self._job.told(self._entry, self._times)
        paths = self._job.documents()
        documents, why = self._documents(paths)
        # A queue without filters has the document itself printed.
        printed = None if list(self._job.argv[6:]) == paths and documents else self._printed()
        self._told.update(documents=documents, missing=why, printed=printed)
        self._folder.sync()

    def keep(self) -> None:
        """What is known of it: from here on it is whole. Raises OSError."""
        self._folder.put(self._entry + ".json", [json.dumps(self._told).encode()])
        self._folder.sync()

    def discard(self) -> None:
        """It was cancelled before anything of it was printed."""
        for one in (*self._told.get("documents", ()), self._told.get("printed")):
            if one:
                self._folder.remove(one["name"])

    def only_input(self) -> None:
        """It is kept from an earlier try: only the real backend's input is made again. Raises OSError."""
        if len(self._job.argv) == 6:
            self._printed()
            self._folder.remove(self._entry + ".input")

    def _documents(self, paths: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
        """The originals; why there are none. One that CUPS has thrown away already is no reason not to print."""
        kept: list[dict[str, Any]] = []
        for number, path in enumerate(paths, 1):
            try:
                file = open(path, "rb")  # noqa: SIM115 - what fails later is another thing
            except OSError as error:
                return kept, f"{path}: {error.strerror}"
            with file:
                kept.append(self._folder.put(f"{self._entry}.{number}.document", pieces(file)))
        return kept, "" if kept else "CUPS has no file of this job"

    def _printed(self) -> dict[str, Any] | None:
        """What CUPS gives to a backend: a file of its own, which the real one reads by itself, or standard input."""
        name = self._entry + (".printed" if self._told else ".input")
        if len(self._job.argv) > 6:
            with open(self._job.argv[6], "rb") as file:
                return self._folder.put(name, pieces(file))
        kept = self._folder.put(name, pieces(sys.stdin.buffer))
        self.input = self._folder.open(name)
        return kept


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """A file's bytes, piece by piece. Raises OSError."""
    while piece := file.read(PIECE):
        yield piece


# -- the spool ---------------------------------------------------------------------------------------------------------


class Spool:
    """The spool directory. It belongs to an ordinary user, and this runs as root: no link in it is ever followed."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        self._owner = os.fstat(self._folder)

    def lock(self, name: str) -> int:
        """Nobody else carries out this job until this process has ended: a first backend may outlive a crash of CUPS.

        The real backend inherits the descriptor, so that the lock holds until the last of them has ended.
        """
        lock = self.opened(name + ".lock", os.O_RDWR | os.O_CREAT)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return lock

    def sync(self) -> None:
        """Names are on disk when this returns. Raises OSError."""
        os.fsync(self._folder)

    def opened(self, name: str, flags: int) -> int:
        """A descriptor of a plain file; a new one is the spool's owner's. Raises OSError."""
        flags |= os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(name, flags, 0o600, dir_fd=self._folder)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "is no file", name)
            # Not of a file that somebody may have put there: it may be another name of one of root's.
            if flags & os.O_EXCL and os.geteuid() == 0:
                os.fchown(descriptor, self._owner.st_uid, self._owner.st_gid)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def open(self, name: str) -> BinaryIO:
        """A file, to be read. Raises OSError."""
        return os.fdopen(self.opened(name, os.O_RDONLY), "rb")

    def put(self, name: str, content: Iterable[bytes]) -> dict[str, Any]:
        """A file that is whole and on disk when it has its name: {name, size, sha256}. Raises OSError."""
        part = f".{name}.{os.getpid()}.part"
        size, digest = 0, hashlib.sha256()
        try:
            self.remove(part)
            with os.fdopen(self.opened(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
                for piece in content:
                    file.write(piece)
                    size += len(piece)
                    digest.update(piece)
                file.flush()
                os.fsync(file.fileno())
            os.rename(part, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except OSError as error:
            self.remove(part)
            raise OSError(error.errno, error.strerror, os.path.join(self._path, name)) from None
        return {"name": name, "size": size, "sha256": digest.hexdigest()}

    def remove(self, name: str) -> None:
        """Gone, or never there."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._folder)

    def state(self, name: str) -> dict[str, Any]:
        """What was noted of a job; {} for nothing. One that cannot be read says that it is not known."""
        try:
            with self.open(name + ".state") as file:
                state = json.loads(file.read(65536))
            return {**state, "times": int(state.get("times", 1))}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError):
            return {"state": "begun", "times": 1}

    def note(self, job: Job, state: str, times: int, code: int | None = None) -> None:
        """On disk when this returns. Raises OSError."""
        told = {"comptoir": VERSION, "state": state, "job": job.number, "times": times, "server": job.server,
                "code": code, "at": int(time.time() * 1000)}  # fmt: skip
        self.put(job.name + ".state", [json.dumps(told).encode()])
        self.sync()


# -- the real backend --------------------------------------------------------------------------------------------------


class Backend:
    """The backend behind this one. Raises LookupError where there is none that may be run."""

    def __init__(self, job: Job) -> None:
        self.cancelled = False
        self._job = job
        self._child: subprocess.Popen[bytes] | None = None
        self._uri = unwrapped(job.environ.get("DEVICE_URI", ""))
        scheme = self._uri.partition(":")[0]
        if not re.fullmatch(r"[a-z0-9][a-z0-9.+_-]*", scheme) or scheme == "comptoir":
            raise LookupError(f"No printer stands behind {without_login(job.environ.get('DEVICE_URI', ''))}")
        self._path = "" if scheme == "file" else self._found(scheme)

    def _found(self, scheme: str) -> str:
        path = os.path.join(self._job.environ.get("CUPS_SERVERBIN") or "/usr/lib/cups", "backend", scheme)
        try:
            found = os.stat(path)
        except OSError:
            raise LookupError(f"There is no backend {path}") from None
        if os.geteuid() == 0 and (found.st_uid or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
            raise LookupError(f"{path} has insecure permissions")
        # As cupsd does it: one that others may run as well runs as CUPS' user.
        self._plain = bool(found.st_mode & (stat.S_IXGRP | stat.S_IXOTH))
        return path

    def cancel(self, number: int = signal.SIGTERM, frame: FrameType | None = None) -> None:
        """CUPS wants an end: the real backend is told."""
        self.cancelled = True
        if self._child is not None:
            self._child.send_signal(signal.SIGTERM)

    def pause(self, seconds: float) -> None:
        """Wait, unless CUPS wants an end."""
        until = time.monotonic() + seconds
        while not self.cancelled and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))

    def run(self, source: BinaryIO | None, lock: int | None) -> int:
        """Print; the real backend's exit code. `source`: its standard input, None: this one's own."""
        if not self._path:
            return self._write(source)
        try:
            user = self._user()
            self._child = subprocess.Popen(  # noqa: S603 - what CUPS would have run itself
                [without_login(self._uri), *self._job.argv[1:]], executable=self._path, stdin=source,
                env={**self._job.environ, "DEVICE_URI": self._uri}, user=user,
                extra_groups=None if user is None else [], pass_fds=[*channels(), *([] if lock is None else [lock])],
            )  # fmt: skip
        except (OSError, LookupError) as error:
            say("ERROR", f"{self._path} cannot be run: {error}")
            return STOP
        if self.cancelled:
            self.cancel()
        return self._child.wait()

    def _user(self) -> str | None:
        """As whom it runs; None: as this one."""
        if not self._plain or os.geteuid() != 0:
            return None
        name = "_lp" if sys.platform == "darwin" else "lp"
        path = os.path.join(self._job.environ.get("CUPS_SERVERROOT") or "/etc/cups", "cups-files.conf")
        with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
            return next((line.split()[1] for line in file if re.match(r"User\s+\S", line)), name)
        return name

    def _write(self, source: BinaryIO | None) -> int:
        """file:, which CUPS knows without any backend."""
        path = "/" + self._uri.partition(":")[2].lstrip("/")
        made = os.O_CREAT | os.O_TRUNC if not path.startswith("/dev/") else 0
        try:
            with open(path, "wb", opener=lambda name, _: os.open(name, os.O_WRONLY | made, 0o600)) as out:
                if source is not None:
                    shutil.copyfileobj(source, out)
                else:
                    for _ in range(max(1, int(self._job.argv[4]))):
                        with open(self._job.argv[6], "rb") as file:
                            shutil.copyfileobj(file, out)
        except OSError as error:
            say("ERROR", f"{path} cannot be written: {error.strerror}")
            return FAILED
        return OK


def channels() -> list[int]:
    """The back and the side channel (3 and 4), where CUPS has opened them."""
    found = []
    for descriptor in (3, 4):
        with suppress(OSError):
            kind = os.fstat(descriptor).st_mode
            if stat.S_ISSOCK(kind) or stat.S_ISFIFO(kind):
                found.append(descriptor)
    return found


if __name__ == "__main__":
    ended = main(sys.argv, dict(os.environ))
    if ended < 0:
        # The real backend crashed, or was told to end: CUPS is to see the same.
        with suppress(OSError):
            signal.signal(-ended, signal.SIG_DFL)
        os.kill(os.getpid(), -ended)
    sys.exit(ended)
