"""The real command in a process of its own, as a person types it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.services import Service, free_port, stop_all


def comptoir(
    *arguments: str | Path,
    given: bytes | None = None,
    environ: dict[str, str] | None = None,
    patience: float = 60,
) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end. A traceback is a failure of every test."""
    run = subprocess.run(
        [sys.executable, "-m", "comptoir", *map(str, arguments)],
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        timeout=patience,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(environ or {})},
    )
    assert b"Traceback" not in run.stderr, run.stderr.decode()
    return run


def refused(*arguments: str | Path, code: int | tuple[int, ...] = 2, **more: object) -> str:
    """Run what cannot be done; what it says. `code`: with which exit code, or one of several."""
    run = comptoir(*arguments, **more)  # type: ignore[arg-type]
    codes = (code,) if isinstance(code, int) else code
    assert run.returncode in codes, (run.returncode, run.stdout, run.stderr)
    said = run.stderr.decode()
    assert said.strip()
    return said


@contextmanager
def running(folder: Path, *, config: str = "") -> Iterator[Service]:
    """A station that runs."""
    folder.mkdir(parents=True, exist_ok=True)
    if config:
        (folder / "comptoir.toml").write_text(config, "utf-8")
    port = free_port()
    service = Service(["station", "--data", str(folder), "--port", str(port)], f"http://127.0.0.1:{port}")
    try:
        service.start("Station ")
        yield service
    finally:
        stop_all([service])


def port_of(service: Service) -> str:
    return service.url.rpartition(":")[2]
