"""The CUPS backend by itself: what it keeps before it prints, what it says, and that nothing is printed twice."""

from __future__ import annotations

import ast
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.peers.backend_runs import FILE, OPTIONS, UUID, Runs, ended
from tests.peers.office import eventually

fcntl = pytest.importorskip("fcntl")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="CUPS")

LOCKS = Path("/proc/locks")
#: makes two descriptors 3 and 4, as CUPS does
CHANNELS = """import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
TITLE = "Café “É” $HOME; 'x' 😀"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_it_needs_no_more_than_python_3_9() -> None:
    tree = ast.parse(FILE.read_text("utf-8"), feature_version=(3, 9))
    imported = {
        (alias.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert FILE.read_text("utf-8").startswith("#!/usr/bin/python3 -IS\n")


def test_it_says_that_it_exists() -> None:
    said = subprocess.run([sys.executable, "-IS", FILE], capture_output=True, text=True, check=True).stdout
    assert said.startswith('direct comptoir "Unknown" "')


def test_a_file_is_kept_and_given_on_as_it_came(runs: Runs) -> None:
    runs.document(b"%PDF-1")
    assert runs.run(title=TITLE, copies="2") == (0, "")
    assert runs.paper == b"%PDF-1" * 2
    given = str(runs.requests / "d00007-001")
    assert runs.told[0][0] == "real://printer"
    assert runs.told[0][2:] == ["7", "marie", TITLE, "2", OPTIONS, given]
    told = runs.entry()
    assert (told["uid"], told["title"], told["user"], told["copies"]) == (UUID, TITLE, "marie", 2)
    assert (told["environ"]["PRINTER"], told["options"]) == ("FACTURE", OPTIONS)
    assert told["printed"] is None, "the same bytes are kept once"
    assert (runs.spool / told["documents"][0]["name"]).read_bytes() == b"%PDF-1"
    assert runs.state()["state"] == "printed"
    assert not [name for name in runs.files() if name.endswith(".part")]


def test_who_prints_does_not_choose_the_identity(runs: Runs) -> None:
    """CUPS' own option, not what stands in the value of another one: it could be that of a print kept before."""
    collection = "media-col={media-type=a job-uuid=urn:uuid:00000001}"
    runs.run(b"x", options=f"{collection} {OPTIONS} document-name-supplied=a\\\\\\ job-uuid=urn:uuid:00000002")
    assert runs.entry()["uid"] == UUID


def test_nor_another_jobs_uuid(runs: Runs) -> None:
    """CUPS takes job-uuid from whoever prints: each job is kept, also after one of this name that came to nothing."""
    runs.backend("real", "exit 1")
    runs.run(b"first")
    runs.backend("real", "exit 0")
    for _ in range(2):
        runs.run(b"second", job="8")
    kept = [(runs.spool / name).read_bytes() for name in runs.files() if name.endswith(".printed")]
    assert sorted(kept) == [b"first", b"second", b"second"], "the last one was printed once more"
    assert runs.state()["state"] == "failed"


def test_what_filters_made_is_kept_beside_the_documents(runs: Runs) -> None:
    runs.document(b"%PDF-1")
    runs.document(b"%PDF-2", 2)
    assert runs.run(b"%!PS for both")[0] == 0
    assert runs.paper == b"%!PS for both"
    told = runs.entry()
    kept = [(runs.spool / one["name"]).read_bytes() for one in (*told["documents"], told["printed"])]
    assert kept == [b"%PDF-1", b"%PDF-2", b"%!PS for both"]
    assert {path.stat().st_mode & 0o777 for path in runs.spool.iterdir()} == {0o600}


def test_without_the_original_the_printed_bytes_are_kept(runs: Runs) -> None:
    assert runs.run(b"%!PS")[0] == 0
    told = runs.entry()
    assert (told["documents"], told["missing"]) == ([], "CUPS has no file of this job")
    assert (runs.spool / told["printed"]["name"]).read_bytes() == b"%!PS"


@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="needs the system's Python")
def test_the_systems_python_runs_it(runs: Runs) -> None:
    assert runs.run(b"x", python="/usr/bin/python3") == (0, "")
    assert runs.paper == b"x"


@pytest.mark.parametrize(("policy", "code"), [("stop", 4), ("retry", 6)])
def test_nothing_is_printed_that_cannot_be_kept(tmp_path: Path, policy: str, code: int) -> None:
    runs = Runs(tmp_path, policy)
    runs.spool.rmdir()
    ended, said = runs.run(b"x")
    assert ended == code
    assert "ERROR: Not printed, because it cannot be kept: No such file or directory" in said
    assert runs.paper == b""


def test_it_waits_before_cups_tries_it_again_at_once(tmp_path: Path) -> None:
    runs = Runs(tmp_path, "wait")
    runs.spool.rmdir()
    process = runs.start(b"x")
    assert process.stderr is not None
    assert process.stderr.readline().startswith(b"ERROR: Not printed")
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert ended(process) == -signal.SIGTERM
    assert runs.paper == b""


def test_a_full_disk_prints_nothing(runs: Runs) -> None:
    runs.document(b"x" * 100_000)
    limited = ["sh", "-c", 'ulimit -f 1; trap "" XFSZ; exec "$@"', "sh"]
    code, said = runs.run(around=limited)
    assert code == 4, said
    assert "cannot be kept: File too large" in said
    assert runs.paper == b""
    assert runs.files() == []


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5, 6, 7])
def test_the_real_backends_code_is_passed_and_the_next_try_prints(runs: Runs, code: int) -> None:
    runs.backend("real", f'echo "STATE: +media-empty-error" >&2; exit {code}')
    assert runs.run(b"x") == (code, "STATE: +media-empty-error\n")
    assert (runs.state()["state"], runs.state()["code"]) == ("failed", code)
    kept = runs.entry()
    runs.backend("real", "cat > {folder}/paper")
    assert runs.run(b"x")[0] == 0
    assert (runs.paper, runs.state()["state"], runs.entry()) == (b"x", "printed", kept)
    assert len(runs.files()) == 2, "kept once"


def test_channels_are_passed(runs: Runs) -> None:
    runs.backend("real", "cat >/dev/null; echo back >&3; head -c 4 <&4 > {folder}/paper")
    reading, writing = os.pipe()
    ours, theirs = socket.socketpair()
    ours.sendall(b"side")
    back, side = (fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (writing, theirs.fileno()))
    around = [sys.executable, "-c", CHANNELS, str(back), str(side)]
    code, said = runs.run(b"x", around=around, fds=(back, side))
    assert code == 0, said
    assert os.read(reading, 5) == b"back\n"
    assert runs.paper == b"side"
    for one in (reading, writing, back, side):
        os.close(one)
    ours.close()
    theirs.close()


# -- once on paper -----------------------------------------------------------------------------------------------------


def test_what_was_printed_under_an_earlier_server_is_not_printed_again(runs: Runs) -> None:
    assert runs.run(b"x")[0] == 0
    code, said = runs.run(b"x", wrapped=True)
    assert (code, runs.paper) == (0, b"x")
    assert "printed already" in said


def test_a_job_that_a_person_starts_again_is_another_print(runs: Runs) -> None:
    """The same server knows that it was printed."""
    assert runs.run(b"x")[0] == 0
    assert runs.run(b"x") == (0, "")
    assert runs.paper == b"xx"
    assert runs.entry(f"{UUID}-2")["times"] == 2
    runs.completed()  # so does one that was started since, and has it on disk
    assert runs.run(b"x", wrapped=True) == (0, "")
    assert (runs.paper, runs.state()["times"]) == (b"xxx", 3)
    runs.completed(5)
    runs.run(b"x", wrapped=True)
    assert runs.paper == b"xxx"


def test_killed_while_it_printed_a_person_decides(runs: Runs) -> None:
    runs.backend("real", "cat > {folder}/paper; touch {folder}/begun; exec sleep 60")
    process = runs.start(b"x")
    eventually((runs.folder / "begun").exists)
    real = int(subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, check=True).stdout)
    process.kill()
    os.kill(real, signal.SIGKILL)
    assert ended(process) == -signal.SIGKILL
    runs.backend("real", "cat >> {folder}/paper")
    code, said = runs.run(b"x", wrapped=True)
    assert (code, runs.paper, runs.state()["state"]) == (3, b"x", "unknown")
    assert "It is not known whether this was printed" in said
    assert runs.run(b"x", wrapped=True)[0] == 0, "released by a person"
    assert runs.paper == b"xx"


def waits_for_a_lock(process: int) -> bool:
    """As Linux tells: a line of those that wait has an arrow."""
    return any("->" in line and str(process) in line.split() for line in LOCKS.read_text().splitlines())


@pytest.mark.skipif(not LOCKS.exists(), reason="Linux tells who waits for a lock")
def test_a_backend_that_outlived_cups_is_waited_for(runs: Runs) -> None:
    runs.backend("real", "cat >> {folder}/paper; touch {folder}/begun; while [ ! -e {folder}/go ]; do sleep 0.02; done")
    first = runs.start(b"x", wrapped=True)
    eventually((runs.folder / "begun").exists)
    second = runs.start(b"x")
    eventually(lambda: waits_for_a_lock(second.pid) or second.poll() is not None)
    (runs.folder / "go").touch()
    assert ended(first) == 0
    assert ended(second) == 0
    assert runs.paper == b"x"


def test_a_cancelled_job_is_passed_on(runs: Runs) -> None:
    runs.backend("real", "trap 'echo >> {folder}/cancelled; exit 0' TERM; touch {folder}/begun; "
                         "while :; do sleep 0.02; done")  # fmt: skip
    process = runs.start(b"x")
    eventually((runs.folder / "begun").exists)
    process.send_signal(signal.SIGTERM)
    assert ended(process) == 0
    assert (runs.folder / "cancelled").exists()


def test_the_signal_that_ends_the_real_backend_ends_this_one(runs: Runs) -> None:
    runs.backend("real", "kill -SEGV $$")
    assert runs.run(b"x")[0] == -signal.SIGSEGV
    assert runs.state()["state"] == "failed"


# -- what stands behind it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("uri", ["comptoir:/", "comptoir:/comptoir:/x", "comptoir:/../x:", "comptoir:/none://x"])
def test_nothing_to_print_with_stops_the_queue(runs: Runs, uri: str) -> None:
    code, said = runs.run(b"x", uri=uri)
    assert code == 4
    assert said.startswith("ERROR: ")
    assert runs.files() == []


def test_a_file_is_a_printer(runs: Runs) -> None:
    runs.document(b"x")
    assert runs.run(uri=f"comptoir:/file://{runs.folder}/paper", copies="3")[0] == 0
    assert runs.paper == b"xxx"
    assert runs.run(b"y", uri=f"comptoir:/file:{runs.folder}/paper")[0] == 0
    assert runs.paper == b"y"


def test_commands_to_a_printer_are_no_print(runs: Runs) -> None:
    assert runs.run(b"#CUPS-COMMAND", CONTENT_TYPE="application/vnd.cups-command")[0] == 0
    assert (runs.paper, runs.files()) == (b"#CUPS-COMMAND", [])


def test_a_password_in_the_address_is_not_written_down(runs: Runs) -> None:
    assert runs.run(b"x", uri="comptoir:/real://anna:secret@server/printer")[0] == 0
    assert runs.told[0][0] == "real://anna:secret@server/printer"
    assert "secret" not in (runs.spool / f"{UUID}.json").read_text()


def test_no_link_in_the_spool_is_followed(runs: Runs) -> None:
    """It runs as root, and the spool is an ordinary user's."""
    target = runs.folder / "target"
    target.write_text("mine")
    for name in (f"{UUID}.1.document", f"{UUID}.printed", f"{UUID}.json", f"{UUID}.state"):
        (runs.spool / name).symlink_to(target)
    runs.document(b"x")
    assert runs.run(b"y")[0] == 4
    (runs.spool / f"{UUID}.state").unlink()
    assert runs.run(b"y")[0] == 0
    assert target.read_text() == "mine"
    (runs.spool / f"{UUID}.lock").unlink()
    (runs.spool / f"{UUID}.lock").symlink_to(target)
    assert runs.run(b"y")[0] == 4
    assert target.read_text() == "mine"


def test_a_job_without_uuid_has_a_name_too(runs: Runs) -> None:
    assert runs.run(b"x", options="time-at-creation=5")[0] == 0
    assert runs.run(b"x", options="time-at-creation=6")[0] == 0
    assert runs.paper == b"xx"
    assert len(runs.files()) == 4
