"""What an archive says of a document: every key of the configuration has its place, and templates are filled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import msgspec
import pytest
from tests.peers.clock import START
from tests.peers.papers import job

from comptoir.core.document import Document, Origin
from comptoir.core.extract import WrongPattern
from comptoir.core.job import Job
from comptoir.core.ports import Journal
from comptoir.core.template import WrongTemplate
from comptoir.destinations import MaarchConfig
from comptoir.sinks.maarch_filing import TEMPLATES, VALUES, Filing, resources
from comptoir.sinks.parcel import Parcel
from comptoir.wire.maarch import Deposit

TEXT = "Facture n° 42 du 23 décembre 2000\nTotal TTC : 1 234,56 €"


def config(**keys: Any) -> MaarchConfig:
    return MaarchConfig(name="archives", url="https://rm.example.com", token_file="t", **keys)


def parcel(*names: str, lot: bool = False) -> Parcel:
    parts = tuple(Document.of(name.encode(), "application/pdf", name) for name in names)
    return Parcel(names[0], parts, lot, cast(Journal, None))


def a_job(name: str = "FAC-42.pdf") -> Job:
    attributes = {"path": f"acme/{name}", "folder": "acme", "modified": "2026-01-02T03:04:05+01:00", "source": "scans"}
    document = Document.of(name.encode(), "application/pdf", name)
    return replace(job(7), uid="f00", document=document, attributes=attributes, origin=Origin("folder", "ann"),
                   created_at=START)  # fmt: skip


def filed(text: str = "", **keys: Any) -> Deposit:
    one = a_job()
    return Filing(config(**keys)).deposit(one, one.document, parcel("FAC-42.pdf"), text)


def test_every_key_has_its_place() -> None:
    """Those of the connection, and of what is not said in a deposit, besides."""
    others = {"name", "url", "token_file", "client_token", "description", "description_level", "extract", "verify",
              "timeout", "largest", "authority"}  # fmt: skip
    keys = {field.name for field in msgspec.structs.fields(MaarchConfig)}
    assert keys == {*VALUES.values(), *TEMPLATES.values(), *others}


def test_what_is_configured_is_said() -> None:
    deposit = filed(
        profile="FACTURE", service_level="S1", agreement="A", retention_rule="R10", retention_duration="P10Y",
        final_disposition="destruction", access_rule="AR", originator="ORG", depositor="DEP", file_plan_level="item",
        description_class="archive", full_text_indexation="none", archive_name="{folder} {name}",
        originator_archive_id="{uid}", originating_date="{modified:%Y-%m-%d}", retention_start="{date}",
        file_plan="/{date:%Y}/{folder}",
    )  # fmt: skip
    assert {name: value for name, value in deposit.values.items() if name != "descriptionObject"} == {
        "archivalProfileReference": "FACTURE", "serviceLevelReference": "S1", "archivalAgreementReference": "A",
        "retentionRuleCode": "R10", "retentionDuration": "P10Y", "finalDisposition": "destruction",
        "accessRuleCode": "AR", "originatorOrgRegNumber": "ORG", "depositorOrgRegNumber": "DEP",
        "fileplanLevel": "item", "descriptionClass": "archive", "fullTextIndexation": "none",
        "archiveName": "acme FAC-42", "originatorArchiveId": "f00", "originatingDate": "2026-01-02",
        "retentionStartDate": "2026-11-18", "filePlanPosition": "/2026/acme",
    }  # fmt: skip


def test_nothing_configured_says_the_name_alone() -> None:
    assert b'{"archive":{"archiveId":"cpt_f00","archiveName":"FAC-42"' in b"".join(
        part for part in filed().parts() if isinstance(part, bytes)
    )


def test_the_description_is_made_of_templates_and_values() -> None:
    deposit = filed(
        TEXT,
        description_level="item",
        description={
            "title": "{file}", "tags": ("{source}", "{user}"), "paid": False, "copies": 2, "day": "{day|date}",
            "total": "{total|number}", "number": "{number}", "none": "{missing}",
        },
        extract={
            "number": "name: FAC-([0-9]+)", "day": "text: du ([0-9]+ [^ ]+ [0-9]{4})", "total": "text: TTC : (.*)",
            "missing": "text: nothing",
        },
    )  # fmt: skip
    assert deposit.values["descriptionObject"] == {
        "descriptionLevel": "item", "title": "FAC-42.pdf", "tags": ["scans", "ann"], "paid": False, "copies": 2,
        "day": "2000-12-23", "total": "1234.56", "number": "42", "none": "",
    }  # fmt: skip


def test_what_is_described_wins_over_the_level() -> None:
    deposit = filed(description_level="item", description={"descriptionLevel": "file"})
    assert deposit.values["descriptionObject"] == {"descriptionLevel": "file"}


def test_the_text_is_read_only_where_it_is_searched() -> None:
    assert not Filing(config(extract={"a": "name: x"})).reads_text
    assert Filing(config(extract={"a": "name: x", "b": "text: x"})).reads_text


def test_what_cannot_be_used_is_refused() -> None:
    with pytest.raises(WrongTemplate):
        Filing(config(archive_name="{nom}"))
    with pytest.raises(WrongTemplate):
        Filing(config(description={"a": ("{b}",)}))
    with pytest.raises(WrongPattern):
        Filing(config(extract={"a": "x"}))


def test_files_of_a_lot_have_names_of_their_own() -> None:
    names = [one.name for one in resources(parcel("a/x.pdf", "b/x.pdf", "c/y.pdf", lot=True))]
    assert names == ["a_x.pdf", "b_x.pdf", "y.pdf"]
    assert [one.name for one in resources(parcel("dir/x.pdf"))] == ["x.pdf"]
