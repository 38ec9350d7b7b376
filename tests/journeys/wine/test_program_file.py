"""The program file: what is in it, that both forms of it start, and that what they start works."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest
from PIL import Image
from tests.peers.pdfs import pdf, text
from tests.peers.program_file import ProgramFile
from tests.peers.wine import ROOT, Wine

from comptoir import __version__
from comptoir.archive.errand import HEAD, Answer, Errand, packed

pytestmark = [pytest.mark.xdist_group("wine-frozen"), pytest.mark.timeout(500)]

LARGEST = 110_000_000
RECEIPT = "Bonjour 日本 العربية ☕\n"


def test_everything_that_is_read_is_in_it(program: ProgramFile) -> None:
    source = ROOT / "src" / "comptoir"
    ours = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    wanted = {path for path in ours if path.suffix not in (".py", ".pyc", ".mo", ".po")}
    wanted |= {path.with_suffix(".mo") for path in ours if path.suffix == ".po"}
    wanted |= {Path("station/archive/verify_export.py"), Path("capture_backend.py")}
    assert len(wanted) > 70
    inside = program.folder / "_internal" / "comptoir"
    assert sorted(wanted - {path.relative_to(inside) for path in inside.rglob("*")}) == []


def test_what_is_not_wanted_is_not_in_it(program: ProgramFile) -> None:
    names = {path.name.lower() for path in program.folder.rglob("*")}
    assert not names & {"tkinter", "pytest", "lxml", "tcl86t.dll", "bcryptprimitives.dll", "ucrtbase.dll"}
    assert {"msvcp140.dll", "python313.dll"} <= names, "not every Windows has the C++ runtime"
    assert program.one.stat().st_size < LARGEST
    assert program.archive.stat().st_size < LARGEST


def test_the_files_that_are_given_away_are_whole(program: ProgramFile) -> None:
    lines = (program.out / "SHA256SUMS").read_text("utf-8").splitlines()
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (program.one, program.archive)}
    assert {name: digest for digest, name in (line.split("  ") for line in lines)} == found
    with ZipFile(program.archive) as archive:
        assert archive.read("comptoir/comptoir.exe") == program.exe.read_bytes()
    for exe in (program.exe, program.one):
        assert "The Comptoir developers".encode("utf-16-le") in exe.read_bytes(), "its properties say whose it is"


def test_both_forms_start(wine: Wine, program: ProgramFile) -> None:
    for exe in (program.exe, program.one):
        assert wine.run("--version", program=exe) == (0, f"comptoir {__version__}\n")


def test_it_draws_with_all_its_fonts_and_models(wine: Wine, program: ProgramFile, tmp_path: Path) -> None:
    (tmp_path / "reçu.txt").write_text(RECEIPT, "utf-8")
    words = ["render", wine.path(tmp_path / "reçu.txt"), "--as", "png", "--profile", "TM-T88V"]
    code, said = wine.run(*words, "-o", wine.path(tmp_path / "reçu.png"), program=program.exe)
    assert code == 0, said
    with Image.open(io.BytesIO((tmp_path / "reçu.png").read_bytes())) as picture:
        dark = picture.convert("L").point(lambda value: 255 - value).getbbox()
    assert dark is not None
    assert dark[2] - dark[0] > 250


def test_it_speaks_french(wine: Wine, program: ProgramFile) -> None:
    code, said = wine.run("jobs", "--port", "9", program=program.exe, environ={"LC_ALL": "fr_FR.UTF-8"})
    assert code == 1
    assert "aucune station" in said


def test_the_process_that_reads_documents_is_in_it(wine: Wine, program: ProgramFile) -> None:
    content = pdf(text("Facture", 50, 700))
    process = wine.start("--child", "comptoir.archive.worker_main", "1500000000", program=program.exe)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(packed(Errand(task="read", key="k", media_type="application/pdf", size=len(content))) + content)
    process.stdin.flush()
    (length,) = HEAD.unpack(process.stdout.read(HEAD.size))
    assert msgspec.json.decode(process.stdout.read(length), type=Answer).text == "Facture"
    process.stdin.close()
    assert process.wait(20) == 0


def test_nothing_else_can_be_started_so(wine: Wine, program: ProgramFile) -> None:
    code, said = wine.run("--child", "http.server", program=program.exe)
    assert (code, said) == (2, "")


def test_the_one_file_installs_the_folder_which_removes_itself(wine: Wine, program: ProgramFile) -> None:
    target = wine.drive / "Program Files" / "Comptoir"
    words = ["service", "install", "--no-start", "--data", wine.path(wine.drive / "ProgramData" / "Comptoir")]
    code, said = wine.run(*words, program=program.one, timeout=120)
    assert code == 0, said
    assert (target / "comptoir.exe").read_bytes() == program.exe.read_bytes()
    assert {path.name for path in target.iterdir()} == {"comptoir.exe", "_internal", "version.txt"}
    (target / "version.txt").write_text("999.0")
    code, said = wine.run(*words, program=program.exe, timeout=120)
    assert code == 2
    assert "Comptoir 999.0 is installed" in said
    code, said = wine.run("service", "uninstall", program=target / "comptoir.exe", timeout=120)
    assert code == 0, said
    assert not target.exists()
