"""Carries out the steps of a plan: the only place of the services that changes the system."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from comptoir.cli.service import accounts, windows_manager
from comptoir.cli.service.plan import (
    Control,
    Own,
    Place,
    Protect,
    Register,
    Remove,
    Run,
    Step,
    Unregister,
    Withdraw,
    Write,
)
from comptoir.cli.service.program import placed, removed
from comptoir.config_file import FILE as CONFIGURATION
from comptoir.core.errors import ComptoirError
from comptoir.durable import replace_file
from comptoir.windows import access
from comptoir.windows.paths import system_program

#: seconds that a command of the system may take: a start waits until the page answers
PATIENCE: Final = 180


def carry_out(steps: Sequence[Step]) -> None:
    """All of them, in order. Raises ComptoirError with the first that fails; those before it stay done."""
    for step in steps:
        try:
            _DO[type(step)](step)
        except OSError as error:
            what = error.filename or step.shown.partition("\n")[0]
            raise ComptoirError(f"{what}: {error.strerror or error}", "Nothing more was done.") from None


def answer(command: Sequence[str]) -> str:
    """What a command of the system says; "" where it fails, or is not there."""
    try:
        done = _run(command)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def trouble(command: Sequence[str]) -> str:
    """The last line of what a command says when it fails; "" where it does not."""
    try:
        done = _run(command)
    except (OSError, subprocess.TimeoutExpired) as error:
        return getattr(error, "strerror", None) or "it takes too long"
    said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()
    return said[-1] if done.returncode else ""


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the commands are ours
        (system_program(command[0]), *command[1:]), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        errors="replace", timeout=PATIENCE, check=False,
    )  # fmt: skip


def _command(step: Run) -> None:
    try:
        done = _run(step.command)
    except (OSError, subprocess.TimeoutExpired) as error:
        if step.may_fail:
            return
        why = getattr(error, "strerror", None) or "it takes too long"
        raise ComptoirError(f"{step.shown}: {why}", step.hint) from None
    if done.returncode and not step.may_fail:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()[0]
        raise ComptoirError(f"{step.shown}: {said}", step.hint)


def _write(step: Write) -> None:
    path = Path(step.path)
    replace_file(path, step.content.encode(), mode=step.mode)
    path.chmod(step.mode)


def _remove(step: Remove) -> None:
    Path(step.path).unlink(missing_ok=True)


def _own(step: Own) -> None:
    folder = Path(step.folder)
    folder.mkdir(parents=True, exist_ok=True)
    if step.account:
        accounts.give(folder, step.account)


def _protect(step: Protect) -> None:
    folder = Path(step.folder)
    access.protect_folder(folder, step.account)
    if (file := folder / CONFIGURATION).exists():
        access.share(file, step.account)


def _place(step: Place) -> None:
    placed(step.program, Path(step.target))


def _withdraw(step: Withdraw) -> None:
    removed(Path(step.target))


def _register(step: Register) -> None:
    if sys.platform == "win32":
        windows_manager.register(step.service)


def _unregister(step: Unregister) -> None:
    if sys.platform == "win32":
        windows_manager.unregister(step.name)


def _control(step: Control) -> None:
    if sys.platform == "win32":
        windows_manager.control(step.name, start=step.start)


_DO: Final[dict[type[Step], Callable[[Any], None]]] = {
    Run: _command,
    Write: _write,
    Remove: _remove,
    Own: _own,
    Protect: _protect,
    Place: _place,
    Withdraw: _withdraw,
    Register: _register,
    Unregister: _unregister,
    Control: _control,
}
