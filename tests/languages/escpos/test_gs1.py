import pytest

from comptoir.languages.escpos.gs1 import FNC1, bracketed


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("0109501101530003", "(01)09501101530003"),
        ("010950110153000310AB12" + FNC1 + "17261121", "(01)09501101530003(10)AB12(17)261121"),
        ("3103001750", "(3103)001750"),
        ("4215280012", "(421)5280012"),
        ("(01)09501101530003", "(01)09501101530003"),
        ("", ""),
    ],
)
def test_identifiers_are_set_in_brackets(data: str, text: str) -> None:
    assert bracketed(data) == text
