"""What services raise, in French."""

from __future__ import annotations

import pytest

from comptoir.cli.sentences import Sentences
from comptoir.cli.service import accounts
from comptoir.cli.service.managers import Systemd
from comptoir.cli.service.windows_manager import denied
from comptoir.cli.speech import catalogue
from comptoir.core.errors import ComptoirError, RequestError
from comptoir.web import locale

FRENCH = Sentences(catalogue("fr"), locale.catalogue("fr"))


def test_whose_right_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "number", lambda: 1000)
    with pytest.raises(RequestError) as caught:
        Systemd(False).check_rights("uninstall")
    message, hint = FRENCH.error(caught.value)
    assert message == "seul l’administrateur peut modifier les services de cet ordinateur"
    assert "sudo comptoir service uninstall" in hint
    assert "un service à vous" in hint


def test_where_windows_lets_do_it() -> None:
    message, hint = FRENCH.error(denied())
    assert message == "seul un administrateur peut modifier les services"
    assert "Exécuter en tant qu’administrateur" in hint


def test_the_reason_of_an_end_stays_as_it_was_said() -> None:
    message, _ = FRENCH.error(ComptoirError("the service has ended: the port 22548 is taken"))
    assert message.replace("\u00a0", " ") == "le service s’est arrêté : the port 22548 is taken"
