"""The folder of an export: whole and in its place, or not there."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from comptoir.core.errors import RequestError
from comptoir.station.archive.export_folder import ExportFolder, Manifest, NoRoom

#: a process that begins an export, and is killed in the middle of it
KILLED = """
import os, signal, sys
from pathlib import Path
from comptoir.station.archive.export_folder import ExportFolder
folder = ExportFolder(Path(sys.argv[1]))
folder.entry("documents/a").write(b"half")
os.kill(os.getpid(), signal.SIGKILL)
"""


def filled(to: Path) -> ExportFolder:
    folder = ExportFolder(to)
    for name in ("a", "documents/2026-11-17/é.pdf"):
        entry = folder.entry(name)
        entry.write(b"one, ")
        entry.write(b"two")
        entry.close()
    return folder


def test_it_appears_when_it_is_whole(tmp_path: Path) -> None:
    folder = filled(tmp_path / "deep" / "out")
    assert not (tmp_path / "deep" / "out").exists()
    folder.finish()
    assert (tmp_path / "deep" / "out" / "documents" / "2026-11-17" / "é.pdf").read_bytes() == b"one, two"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]
    folder.discard()
    assert (tmp_path / "deep" / "out" / "a").exists(), "what is in its place stays"


def test_others_on_the_machine_do_not_read_it(tmp_path: Path) -> None:
    filled(tmp_path / "out").finish()
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    folder = filled(tmp_path / "out")
    folder.entry("open").write(b"x")
    folder.discard()
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_has_left_goes_with_the_next_one(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "out"], check=False, env=dict(os.environ))
    assert run.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir()] == [".out.comptoir-part"]
    filled(tmp_path / "out").finish()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_only_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    filled(tmp_path / "empty").finish()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_bytes(b"theirs")
    for name in ("empty", "file", "link", "full", "file/below"):
        with pytest.raises(RequestError):
            ExportFolder(tmp_path / name)
    assert (tmp_path / "full" / "x").read_bytes() == b"theirs"
    assert not list(tmp_path.glob(".*"))


def test_room_is_looked_for_first(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path / "out")
    folder.make_room(1)
    with pytest.raises(NoRoom, match="MB are free"):
        folder.make_room(1 << 60)


def test_what_is_left_out_is_not_there(tmp_path: Path) -> None:
    folder = filled(tmp_path / "out")
    entry = folder.entry("bad")
    entry.write(b"x")
    folder.leave_out("bad", entry)
    folder.finish()
    assert not (tmp_path / "out" / "bad").exists()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_manifest_is_json_however_many_files_there_are(tmp_path: Path, count: int) -> None:
    folder = ExportFolder(tmp_path / "out")
    own = folder.entry("manifest.json")
    manifest = Manifest(own, {"version": 1, "station": 'it\'s "é" \ud800'})
    for number in range(count):
        entry = folder.entry(f"{number}")
        entry.write(b"x" * number)
        entry.close()
        manifest.add(f"{number}", entry, {"kept": number})
    digest = manifest.close({"documents": count})
    folder.finish()
    data = (tmp_path / "out" / "manifest.json").read_bytes()
    told = json.loads(data)
    assert hashlib.sha256(data).hexdigest() == digest
    assert (told["version"], told["documents"], told["station"]) == (1, count, 'it\'s "é" ?')
    assert told["files"] == [
        {"path": f"{n}", "size": n, "sha256": hashlib.sha256(b"x" * n).hexdigest(), "kept": n} for n in range(count)
    ]
