"""Plans are carried out in order, and the first step that fails says so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from comptoir.cli.service import acting
from comptoir.cli.service.acting import answer, carry_out, trouble
from comptoir.cli.service.plan import Own, Protect, Remove, Run, Step, Write
from comptoir.core.errors import ComptoirError


def python(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


def test_a_file_is_written_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "new" / "comptoir.service"
    carry_out([Write(path, "[Unit]\n", 0o644)])
    assert path.read_bytes() == b"[Unit]\n"
    carry_out([Remove(path), Remove(path)])
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_others_may_read_what_they_must(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os  # noqa: PLC0415

    before = os.umask(0o077)
    try:
        carry_out([Write(tmp_path / "x", "", 0o644)])
    finally:
        os.umask(before)
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o644


def test_folders_are_made(tmp_path: Path) -> None:
    carry_out([Own(tmp_path / "a" / "b", ""), Protect(tmp_path / "c" / "d", "")])
    assert (tmp_path / "a" / "b").is_dir()
    assert (tmp_path / "c" / "d").is_dir()


def test_what_fails_stops_the_rest_and_says_why(tmp_path: Path) -> None:
    steps: list[Step] = [
        Run(python("raise SystemExit('it is not allowed')"), hint="Ask somebody."),
        Write(tmp_path / "x", ""),
    ]
    with pytest.raises(ComptoirError, match="it is not allowed") as caught:
        carry_out(steps)
    assert caught.value.hint == "Ask somebody."
    assert not (tmp_path / "x").exists()


def test_a_command_that_there_is_not() -> None:
    with pytest.raises(ComptoirError, match="no-such-program"):
        carry_out([Run(("no-such-program-of-ours",))])
    carry_out([Run(("no-such-program-of-ours",), may_fail=True), Run(python("raise SystemExit(1)"), may_fail=True)])


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ComptoirError, match="file"):
        carry_out([Write(tmp_path / "file" / "x", "")])


def test_a_command_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "PATIENCE", 0.01)
    waits = python("input()") if sys.platform == "win32" else ("cat", "/dev/zero")
    monkeypatch.setattr(acting.subprocess, "DEVNULL", acting.subprocess.PIPE)
    with pytest.raises(ComptoirError, match="it takes too long"):
        carry_out([Run(python("import threading; threading.Event().wait()"))])
    assert answer(waits) == ""


def test_what_a_command_answers() -> None:
    assert answer(python("print('ActiveState=active')")).strip() == "ActiveState=active"
    assert answer(python("print('x'); raise SystemExit(1)")) == ""
    assert answer(("no-such-program-of-ours",)) == ""


def test_what_is_wrong_with_a_command() -> None:
    assert trouble(python("pass")) == ""
    assert trouble(python("import no_such_package")).endswith("No module named 'no_such_package'")
    assert trouble(python("raise SystemExit(3)")) == "exit code 3"
    assert trouble(("no-such-program-of-ours",))
