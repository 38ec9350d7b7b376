"""A pasted secret goes into a file of ours, whatever file is named."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from comptoir.web.pages.config.capture_fields import form_of_kind
from comptoir.web.pages.config.pasting import PASTED, SECRETS, pasted

FORM = form_of_kind("ipp_printer")


def test_nothing_pasted_changes_nothing() -> None:
    given = {"name": "audit", "password_file": "mine", f"{PASTED}password_file": " "}
    assert pasted(FORM, given, None, "source[0]") == []
    assert given == {"name": "audit", "password_file": "mine"}


@pytest.mark.parametrize("named", ["", "/etc/shadow", "../comptoir.toml", f"{SECRETS}/../x"])
def test_a_file_that_is_not_ours_is_never_written(named: str) -> None:
    given = {"name": "Audit à 2", f"{PASTED}password_file": "hunter2"}
    (one,) = pasted(FORM, given, SimpleNamespace(password_file=named), "source[3]")
    assert (one.key, one.secret) == ("source[3].password_file", "hunter2")
    assert one.file.startswith(f"{SECRETS}/Audit-2-password-")
    assert given["password_file"] == one.file


def test_ours_is_written_again() -> None:
    ours = SimpleNamespace(password_file=f"{SECRETS}/audit-password-1")
    (one,) = pasted(FORM, {"name": "audit", f"{PASTED}password_file": "new"}, ours, "source[0]")
    assert one.file == f"{SECRETS}/audit-password-1"
