"""The CUPS backend run as CUPS runs it: arguments, surroundings, its spool; real backends are shell scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import comptoir.capture_backend

FILE = Path(comptoir.capture_backend.__file__)
UUID = "37225bb2-62bf-36fe-5ac1-926b4a72e463"
OPTIONS = f"sides=two-sided-long-edge job-uuid=urn:uuid:{UUID} job-originating-host-name=pc time-at-creation=1795286813"
#: appends what it gets to `paper`, and what it was told to `told`
PRINTS = """
echo "$DEVICE_URI|$0|$1|$2|$3|$4|$5|$6" >> {folder}/told
if [ -n "$6" ]; then for n in $(seq $4); do cat "$6"; done; else cat; fi >> {folder}/paper
"""


def ended(process: subprocess.Popen[bytes]) -> int:
    """Its exit code."""
    process.communicate(timeout=30)
    return process.returncode


class Runs:
    """`folder`: below it all that there is. `run` prints; `spool`: where our backend writes."""

    def __init__(self, folder: Path, without_spool: str = "stop") -> None:
        self.folder = folder
        self.spool = folder / "spool"
        self.spool.mkdir(mode=0o700)
        self.requests = folder / "cups"
        self.requests.mkdir()
        (folder / "bin" / "backend").mkdir(parents=True)
        (folder / "etc").mkdir()
        (folder / "etc" / "comptoir.json").write_text(
            json.dumps({"spool": str(self.spool), "without_spool": without_spool})
        )
        self.backend("real", PRINTS)

    def backend(self, name: str, script: str) -> None:
        path = self.folder / "bin" / "backend" / name
        path.write_text(f"#!/bin/sh\n{script.replace('{folder}', str(self.folder))}\n")
        path.chmod(0o700)

    def start(
        self,
        content: bytes | None = None,
        *,
        uri: str = "comptoir:/real://printer",
        title: str = "Report",
        copies: str = "1",
        job: str = "7",
        options: str = OPTIONS,
        python: str = sys.executable,
        wrapped: bool = False,
        around: Sequence[str] = (),
        fds: Sequence[int] = (),
        **environ: str,
    ) -> subprocess.Popen[bytes]:
        """Begin a print; what CUPS keeps of job 7 is `document`. content: None, and it is given as a file.

        wrapped: under a process of its own, as under another server. around: a command that runs it.
        """
        told = {
            "DEVICE_URI": uri, "PRINTER": "FACTURE", "CONTENT_TYPE": "application/pdf", "PATH": os.environ["PATH"],
            "CUPS_REQUESTROOT": str(self.requests), "CUPS_SERVERROOT": str(self.folder / "etc"),
            "CUPS_SERVERBIN": str(self.folder / "bin"), "SOFTWARE": "CUPS/2.4.2", **environ,
        }  # fmt: skip
        command = [python, "-IS", str(FILE), job, "marie", title, copies, options]
        if content is None:
            command.append(str(self.requests / "d00007-001"))
        if wrapped:
            around = ["sh", "-c", '"$@"; exit $?', "sh"]
        process = subprocess.Popen(
            [*around, *command],
            env=told,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=fds,
        )
        if content is not None and process.stdin is not None:
            with suppress(BrokenPipeError), process.stdin:  # one that refuses the job may not read it
                process.stdin.write(content)
            process.stdin = None
        return process

    def run(self, content: bytes | None = None, **more: Any) -> tuple[int, str]:
        """Print; exit code and what was said."""
        process = self.start(content, **more)
        _, said = process.communicate(timeout=30)
        return process.returncode, said.decode()

    def document(self, content: bytes, number: int = 1) -> None:
        """What a program has handed over."""
        (self.requests / f"d00007-{number:03d}").write_bytes(content)

    def completed(self, state: int = 9) -> None:
        """CUPS has it on disk that job 7 is in this state."""
        (self.requests / "c00007").write_bytes(
            b"\x02\0\0\5\0\0\0\1\x02\x23\0\x09job-state\0\4" + state.to_bytes(4) + b"\3"
        )

    @property
    def paper(self) -> bytes:
        path = self.folder / "paper"
        return path.read_bytes() if path.exists() else b""

    @property
    def told(self) -> list[list[str]]:
        """With what the real backend was run, each time."""
        return [line.split("|") for line in (self.folder / "told").read_text().splitlines()]

    def entry(self, name: str = UUID) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.spool / f"{name}.json").read_text())
        return found

    def state(self, name: str = UUID) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.spool / f"{name}.state").read_text())
        return found

    def files(self) -> list[str]:
        """The names in the spool, without those of states and locks."""
        return sorted(path.name for path in self.spool.iterdir() if path.suffix not in (".state", ".lock"))
