"""What an address demands of its caller."""

from __future__ import annotations

import pytest

from comptoir.web import levels


@pytest.mark.parametrize(
    ("level", "path"),
    [
        ("public", "/healthz"),
        ("public", "/status"),
        ("public", "/static/comptoir.css"),
        ("public", "/config/login"),
        ("public", "/logs"),
        ("signed-in", "/config"),
        ("signed-in", "/config/save"),
        ("signed-in", "/config/loginx"),
        ("signed-in", "/logs/purge"),
        ("signed-in", "/journal"),
        ("signed-in", "/journal/log"),
        ("signed-in", "/api/drawer/openings"),
        ("local", "/"),
        ("local", "/configuration"),
        ("local", "/open-cash-drawer"),
        ("local", "/api/print"),
        ("local", "/cgi-bin/epos/service.cgi"),
        ("local", "/statusx"),
        ("local", "/healthz/secrets"),
    ],
)
def test_at_a_station(level: str, path: str) -> None:
    assert levels.station(path) == level


@pytest.mark.parametrize(
    ("level", "path"),
    [("public", "/healthz"), ("public", "/relay/documents/1"), ("signed-in", "/print"), ("signed-in", "/pairings")],
)
def test_at_a_hub_in_a_network(level: str, path: str) -> None:
    assert levels.hub_in_a_network(path) == level
    assert levels.hub_on_its_own_machine(path) == "public"


def test_what_acts_is_never_public() -> None:
    assert {levels.station(path) for path in levels.ACTING} == {"local"}
