from comptoir.languages.escpos.commands import FIXED, RULES
from comptoir.languages.escpos.tokens import _MEASURES


def test_a_command_has_one_length() -> None:
    assert not FIXED.keys() & RULES.keys()


def test_every_rule_is_written() -> None:
    assert set(RULES.values()) == set(_MEASURES)
