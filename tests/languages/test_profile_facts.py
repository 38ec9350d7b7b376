from __future__ import annotations

import pytest

from comptoir.languages.profile_facts import MODELS, PROCESS_ID


@pytest.mark.parametrize(
    "name", ["TM-T20III", "TM-m30III", "TM-T88IV", "TM-T88VII", "TM-U220II", "TM-T88V-i", "TM-P20"]
)
def test_models_that_answer_the_process_id(name: str) -> None:
    assert PROCESS_ID.fullmatch(name)


@pytest.mark.parametrize("name", ["TM-T88III", "TM-T88II", "TM-U220", "TM-U220B", "TM-U300", "CT-S651", "80mm"])
def test_models_that_do_not(name: str) -> None:
    assert not PROCESS_ID.fullmatch(name)


def test_a_normal_character_is_at_least_nine_dots_wide() -> None:
    for name, facts in MODELS.items():
        if "columns" in facts:
            assert facts["dots"] // facts["columns"] == 12, name
