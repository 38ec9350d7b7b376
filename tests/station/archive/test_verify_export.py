"""The program that goes with every export, as who gets it runs it: alone, on what somebody has changed or not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.peers.shelf import LARGE, Shelf

from comptoir.station.archive import verify_export
from comptoir.station.archive.exporting import Exporting, Outcome
from comptoir.station.archive.selecting import Selection


@pytest.fixture
async def out(tmp_path: Path) -> AsyncIterator[Outcome]:
    shelf = await Shelf.at(tmp_path / "data")
    for title in ("Balance", "Été à l’hôtel 🌙", "Balance"):
        await shelf.file(title, LARGE if title != "Balance" else b"%PDF-1.4 x", printed=b"\x1b@printed")
    await shelf.journal.keeping.hold([1], "contrôle", "owner")
    yield await Exporting(shelf.journal, shelf.clock, "caisse-1", "fr").export(Selection(), tmp_path / "out")
    await shelf.journal.close()


def checked(folder: Path) -> tuple[int, list[str]]:
    """Exit code and what it says, in a process without anything of ours and without the letters of French."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", folder / "verify.py"],
        capture_output=True, text=True, check=False, env={"PYTHONIOENCODING": "ascii"}, timeout=30,
    )  # fmt: skip
    assert not run.stderr
    return run.returncode, run.stdout.splitlines()


def test_it_is_short_enough_to_be_read() -> None:
    text = Path(verify_export.__file__).read_text("utf-8")
    assert len(text.splitlines()) <= 40
    names = {line.split()[1] for line in text.splitlines() if line.startswith(("import", "from"))}
    assert names <= sys.stdlib_module_names


def test_what_is_as_it_was_written_is_said_so(out: Outcome) -> None:
    assert checked(out.path) == (0, [f"differences (ecarts): 0; manifest.json: SHA-256 {out.manifest}"])
    assert verify_export.findings(out.path) == []


def document(folder: Path) -> Path:
    return next(folder.rglob("000001 Balance.pdf"))


def change(folder: Path) -> None:
    path = document(folder)
    path.write_bytes(path.read_bytes().replace(b"x", b"y"))


def remove(folder: Path) -> None:
    document(folder).unlink()


def rename(folder: Path) -> None:
    document(folder).rename(folder / "documents" / "other.pdf")


def add(folder: Path) -> None:
    (folder / "documents" / "zusätzlich\n.pdf").write_bytes(b"")


def link(folder: Path) -> None:
    (folder / "link").symlink_to("/nowhere")


def edit_list(folder: Path) -> None:
    path = folder / "documents.csv"
    path.write_bytes(path.read_bytes().replace(b"marie", b"paule"))


def edit_manifest(folder: Path) -> None:
    """A document and what the manifest says of it: the chain says otherwise."""
    change(folder)
    rewrite(folder, lambda manifest: entry_of(manifest, "000001 Balance.pdf").update(digest_of(document(folder))))


def edit_event(folder: Path) -> None:
    """The event, too, but not its hash."""
    edit_manifest(folder)
    before = sha256(b"%PDF-1.4 x").hexdigest().encode()
    path = folder / "chain.jsonl"
    path.write_bytes(path.read_bytes().replace(before, sha256(document(folder).read_bytes()).hexdigest().encode()))
    rewrite(folder, lambda manifest: entry_of(manifest, "chain.jsonl").update(digest_of(path)))


def cut_chain(folder: Path) -> None:
    path = folder / "chain.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    rewrite(folder, lambda manifest: entry_of(manifest, "chain.jsonl").update(digest_of(path)))


def rewrite(folder: Path, edit: Callable[[Any], None]) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    edit(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def entry_of(manifest: Any, name: str) -> Any:
    return next(one for one in manifest["files"] if one["path"].endswith(name))


def digest_of(path: Path) -> dict[str, Any]:
    return {"sha256": sha256(path.read_bytes()).hexdigest(), "size": path.stat().st_size}


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (change, "changed (autre): 'documents/2026-11-17/000001 Balance.pdf'"),
        (remove, "missing (absent): 'documents/2026-11-17/000001 Balance.pdf'"),
        (rename, "added (en plus): 'documents/other.pdf'"),
        (add, r"added (en plus): 'documents/zus\xe4tzlich\n.pdf'"),
        (link, "added (en plus): 'link'"),
        (edit_list, "changed (autre): 'documents.csv'"),
        (edit_manifest, "not in the chain (hors chaine): 'documents/2026-11-17/000001 Balance.pdf'"),
        (edit_event, "changed (autre): event 1 in chain.jsonl"),
        (cut_chain, "not in the chain (hors chaine): 'documents/2026-11-17/000001 Balance.pdf'"),
    ],
)
def test_what_was_tampered_with_is_found(out: Outcome, tamper: Callable[[Path], None], said: str) -> None:
    tamper(out.path)
    code, lines = checked(out.path)
    assert code == 1
    assert said in lines
    assert lines[:-1] == verify_export.findings(out.path)
