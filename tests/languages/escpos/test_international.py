from __future__ import annotations

from comptoir.languages.escpos.international import COUNTRIES


def test_france_has_its_accents_where_others_have_brackets() -> None:
    assert "#$@[\\]^`{|}~".translate(COUNTRIES[1]) == "#$à°ç§^`éùè¨"


def test_the_united_states_change_nothing_and_nobody_touches_letters() -> None:
    assert COUNTRIES[0] == {}
    letters = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code).isalnum() or chr(code) in " .,:;!?()*/-+<>%")
    assert all(letters.translate(country) == letters for country in COUNTRIES.values())
