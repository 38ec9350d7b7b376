"""The API's description is the API: each call is there, and each that is there is described."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.peers.site import Site

from comptoir.hub.relay import Pairing
from comptoir.station.doors import PairOrder
from comptoir.web import levels
from comptoir.web.openapi import document
from comptoir.web.shapes import Order

#: what is for people, or speaks another protocol than HTTP with JSON
OTHER = re.compile(
    r"/$|/docs$|/static|/relay|/signin$|/signout$|/access|/jobs|/printers|/stations/|/pair$"
    r"|/config|/journal|/logs/purge$|/archive|/nights|/capture$|/folders|/originals/|/hw_proxy/|/hw_drivers/|/iot_drivers/"
)


@pytest.fixture(params=["hub", "station"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    make = Site.hub if request.param == "hub" else Site.station
    async with make(tmp_path) as one:
        yield one


def served(site: Site) -> set[tuple[str, str]]:
    """(method, address) of every route, `{id:\\d+}` written as `{id}`."""
    found = set()
    for route in site.service._server._app.router.routes():
        path = re.sub(
            r"\{(\w+):(?:[^{}]|\{[^{}]*\})*\}",
            r"{\1}",
            route.resource.get_info().get("formatter") or route.resource.canonical,
        )
        if route.method not in ("HEAD", "OPTIONS"):
            # The earlier till's addresses answer every method by themselves.
            found.add(("get" if route.method == "*" else route.method.lower(), path))
    return found


def expanded(paths: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method, path) for path, methods in paths.items() for method in methods}


async def test_every_call_that_is_described_is_there(site: Site) -> None:
    described = expanded((await site.ask("GET", "/openapi.json")).json["paths"])
    there = served(site)
    for action in ("reprint", "confirm", "give-up"):
        there |= {(method, path.replace("{action}", action)) for method, path in there if path.endswith("{action}")}
    assert described - there == set()


async def test_every_call_that_is_there_is_described(site: Site) -> None:
    described = expanded((await site.ask("GET", "/openapi.json")).json["paths"])
    actions = {(m, re.sub(r"/(reprint|confirm|give-up)$", "/{action}", p)) for m, p in described}
    undescribed = {
        (m, p) for m, p in served(site) - described - actions if not OTHER.search(p) or p.startswith("/api/")
    }
    assert undescribed == set()


def refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from refs(inner)


@pytest.mark.parametrize("role", ["hub", "station"])
def test_every_reference_leads_somewhere(role: str) -> None:
    described = document(role)
    found = set(refs(described))
    assert found
    for ref in found:
        target: Any = described
        for part in ref.removeprefix("#/").split("/"):
            target = target[part]


@pytest.mark.parametrize("role", ["hub", "station"])
def test_every_part_of_an_address_is_a_parameter(role: str) -> None:
    for path, methods in document(role)["paths"].items():
        wanted = set(re.findall(r"\{(\w+)\}", path))
        for operation in methods.values():
            assert {p["name"] for p in operation["parameters"] if p["in"] == "path"} == wanted
            assert operation["summary"]
            assert operation["responses"]


@pytest.mark.parametrize("role", ["hub", "station"])
def test_what_a_call_takes_is_described(role: str) -> None:
    paths = document(role)["paths"]
    home, jobs, events = (
        ("/print", "/print", "/events") if role == "hub" else ("/api/print", "/api/jobs", "/api/events")
    )
    taken = {(p["in"], p["name"]): p["schema"] for p in paths[home]["post"]["parameters"]}
    fields = set(Order.__struct_fields__) - {"content", "content_base64"}
    assert {name for where, name in taken if where == "query"} == fields
    assert taken["query", "copies"]["maximum"] == 100
    assert ("header", "Idempotency-Key") in taken
    again = paths[f"{jobs}/{{id}}/reprint"]["post"]["parameters"]
    assert "Idempotency-Key" in {p["name"] for p in again}
    assert [p["name"] for p in paths[events]["get"]["parameters"]] == ["since"]


@pytest.mark.parametrize("role", ["hub", "station"])
def test_what_may_be_refused_anywhere_is_described(role: str) -> None:
    for path, methods in document(role)["paths"].items():
        for operation in methods.values():
            answers = set(operation["responses"])
            assert {"403", "503"} <= answers
            known = role == "hub" and path not in ("/pair", "/healthz")
            assert ("401" in answers) == (known or (role == "station" and levels.station(path) == "signed-in")), path


@pytest.mark.parametrize(
    ("role", "path", "shape", "model"),
    [("hub", "/pair", "HubPairing", Pairing), ("station", "/api/pair", "StationPairing", PairOrder)],
)
def test_a_pairing_is_as_it_is_described(role: str, path: str, shape: str, model: type[msgspec.Struct]) -> None:
    described = document(role)
    content = described["paths"][path]["post"]["requestBody"]["content"]
    assert content == {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}
    (_, components) = msgspec.json.schema_components([model])
    told = described["components"]["schemas"][shape]
    assert (told["properties"], set(told["required"])) == (
        components[model.__name__]["properties"],
        set(components[model.__name__]["required"]),
    )


async def test_answers_are_as_they_are_described(site: Site) -> None:
    """The fields of real answers are exactly those of their schema."""
    described = document(site.service.desk.role)
    schemas = described["components"]["schemas"]
    if site.service.desk.role == "hub":
        site.service.add_station("caisse-1")
    home = "/print" if site.service.desk.role == "hub" else "/api/print"
    jobs = "/print" if site.service.desk.role == "hub" else "/api/jobs"
    posted = (await site.ask("POST", home, {"content": "x"})).json
    assert set(posted) == set(schemas["Print"]["properties"])
    shown = (await site.ask("GET", f"{jobs}/{posted['id']}")).json
    assert set(shown) == set(schemas["PrintWithLife"]["properties"])
    assert set((await site.ask("GET", jobs)).json) == set(schemas["Prints"]["properties"])
