"""Real IPP printers and queues for tests: `ippeveprinter` and `cupsd`, as Debian has them, in folders of their own.

`ippeveprinter` does not start where nothing can be announced, so it gets a bus and an announcer of its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from tests.peers.services import free_port

PATIENCE = 20.0
PROGRAMS = ("ippeveprinter", "cupsd", "lpadmin", "avahi-daemon", "dbus-daemon", "pdftoppm", "pdftotext")

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={bus}</listen><policy context="default"><allow user="*"/>
<allow own="*"/><allow send_type="method_call"/><allow send_destination="*"/><allow receive_sender="*"/></policy>
</busconfig>"""
ANNOUNCER = """[server]
host-name=counter
use-ipv6=no
allow-interfaces=lo
enable-dbus=yes
[publish]
publish-hinfo=no
publish-workstation=no
"""
FILES = """User {user}
Group {group}
SystemGroup root
ServerRoot {folder}/etc
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/run
TempDir {folder}/spool/tmp
AccessLog {folder}/log/access_log
ErrorLog {folder}/log/error_log
PageLog {folder}/log/page_log
"""
SERVER = """LogLevel debug
Listen 127.0.0.1:{port}
Listen {folder}/run/cups.sock
Browsing No
WebInterface No
IdleExitTimeout 0
DefaultAuthType None
ErrorPolicy retry-job
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""


def missing() -> str:
    """What is not installed, or why these cannot run here; "" where they can."""
    os.environ["PATH"] += os.pathsep * (not os.environ["PATH"].endswith("/usr/sbin")) + "/usr/sbin"
    lacking = [program for program in PROGRAMS if shutil.which(program) is None]
    if lacking:
        return f"needs {', '.join(lacking)} (.ci/peers)"
    return "" if os.geteuid() == 0 else "needs root, as CUPS does"


class Running:
    """A program that is ended with the test. What it says goes to a file."""

    def __init__(self, ends: ExitStack, log: Path, *command: str, **environ: str) -> None:
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env={**os.environ, **environ}
            )
        self._log = log
        self._process = process
        ends.callback(self._end)

    def until(self, ready: Path | int) -> None:
        """Until a file is there, or a port is listened on."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and self._process.poll() is None:
            if isinstance(ready, Path):
                if ready.exists():
                    return
            else:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", ready)) == 0:
                        return
            time.sleep(0.02)
        raise AssertionError(f"it did not start:\n{self._log.read_text(errors='replace')}")

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class EvePrinters:
    """`ippeveprinter`s, as many as are wanted. A context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ends = ExitStack()

    def __enter__(self) -> EvePrinters:
        bus = self.folder / "bus"
        (self.folder / "bus.conf").write_text(BUS.format(bus=bus))
        (self.folder / "announcer.conf").write_text(ANNOUNCER)
        try:
            self._environ = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"}
            config = f"--config-file={self.folder / 'bus.conf'}"
            Running(self._ends, self.folder / "bus.log", "dbus-daemon", config, "--nofork").until(bus)
            options = ("--no-rlimits", "--no-drop-root", "--no-chroot", "--no-proc-title")
            command = ("avahi-daemon", "-f", str(self.folder / "announcer.conf"), *options)
            Running(self._ends, self.folder / "announcer.log", *command, **self._environ).until(
                Path("/run/avahi-daemon/pid")
            )
        except BaseException:
            self._ends.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def printer(self, name: str, formats: str, command: str = "exit 0") -> str:
        """Start one that runs this shell command for each document, $1; its device URI."""
        script = self.folder / f"{name}.sh"
        script.write_text(f"#!/bin/sh\n{command}\n")
        script.chmod(0o755)
        port = free_port()
        spool = self.folder / name
        spool.mkdir()
        options = ("-n", "localhost", "-r", "off", "-k", "-d", str(spool), "-c", str(script), "-2", "-f", formats)
        one = Running(
            self._ends, self.folder / f"{name}.log", "ippeveprinter", "-p", str(port), *options, name, **self._environ
        )
        one.until(port)
        return f"ipp://localhost:{port}/ipp/print"


class Cups:
    """A `cupsd` of its own. A context manager. `files`, `server`: more lines of cups-files.conf and cupsd.conf."""

    def __init__(self, folder: Path, files: str = "", server: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self.socket = folder / "run" / "cups.sock"
        self._files = files
        self._server = server
        self._ends = ExitStack()

    def __enter__(self) -> Cups:
        for name in ("etc/ppd", "run/certs", "cache", "log", "spool/tmp"):
            (self.folder / name).mkdir(parents=True)
        for path in (self.folder, self.folder / "spool", self.folder / "spool" / "tmp", self.folder / "cache"):
            shutil.chown(path, "root", "lp")
            path.chmod(0o1770 if path.name == "tmp" else 0o775)
        names = {"folder": self.folder, "port": self.port, "user": "lp", "group": "lp"}
        (self.folder / "etc" / "cups-files.conf").write_text(FILES.format(**names) + self._files)
        (self.folder / "etc" / "cupsd.conf").write_text(SERVER.format(**names) + self._server)
        try:
            self.start()
        except BaseException:
            self._ends.close()
            raise
        return self

    def start(self) -> None:
        """Begin, or go on after `kill`."""
        files = [f"{self.folder}/etc/{name}" for name in ("cupsd.conf", "cups-files.conf")]
        command = ("cupsd", "-f", "-c", files[0], "-s", files[1])
        self._running = Running(self._ends, self.folder / "cupsd.log", *command)
        self._running.until(self.port)

    def kill(self) -> None:
        """As a power cut does, but for what it runs."""
        self._running.kill()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def run(self, *command: str) -> None:
        subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, "CUPS_SERVER": str(self.socket)}, timeout=30
        )

    def queue(self, name: str, uri: str, *options: str) -> str:
        """Add one that delivers there; its device URI."""
        self.run("lpadmin", "-p", name, "-E", "-v", uri, *options)
        if "everywhere" in options:
            # It is made in the background, and whatever is being printed then is aborted.
            self._running.until(self.folder / "etc" / "ppd" / f"{name}.ppd")
            self.run("lpstat", "-p", name)
        return f"cups://127.0.0.1:{self.port}/{name}"
