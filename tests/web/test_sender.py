"""Who sent a request: read from its headers alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.web.sender import Sender, asks_people, origin_of, sender_of

HOST = "127.0.0.1:22548"
SHOP = "https://shop.example.com"


def sent(**headers: str) -> Sender:
    return sender_of({name.replace("_", "-"): value for name, value in headers.items()}, HOST)


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        (Sender("program"), {}),
        (Sender("program"), {"User_Agent": "curl/8.5"}),
        (Sender("program"), {"User_Agent": "Mozilla/5.0 (Windows NT; Windows NT 10.0) WindowsPowerShell/5.1"}),
        (Sender("person"), {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"}),
        (Sender("own"), {"Sec_Fetch_Site": "same-origin"}),
        (Sender("own"), {"Origin": f"http://{HOST}"}),
        (Sender("own"), {"Referer": f"http://{HOST}/config"}),
        (Sender("fetch", SHOP), {"Origin": SHOP}),
        (Sender("fetch", SHOP), {"Origin": SHOP, "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"}),
        (Sender("fetch", SHOP), {"Origin": SHOP, "Sec_Fetch_Mode": "websocket", "Sec_Fetch_Dest": "empty"}),
        (Sender("visit", SHOP), {"Origin": SHOP, "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}),
        (Sender("embed", SHOP), {"Origin": SHOP, "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"}),
        (Sender("embed", SHOP), {"Origin": SHOP, "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "script"}),
        (Sender("fetch", ""), {"Origin": "null"}),
        (
            Sender("fetch", SHOP),
            {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "empty", "Referer": SHOP},
        ),
        (
            Sender("embed", ""),
            {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"},
        ),
        (Sender("embed", ""), {"Sec_Fetch_Site": "cross-site"}),
        (Sender("embed", ""), {"User_Agent": "Mozilla/5.0"}),
        (Sender("fetch", SHOP), {"Referer": f"{SHOP}/pos/ui?config_id=1", "User_Agent": "Mozilla/5.0"}),
        # By plain HTTP over a network browsers send no Sec-Fetch-Site: who types the address must get there.
        (Sender("visit"), {"User_Agent": "Mozilla/5.0", "Accept": "text/html,*/*;q=0.8"}),
        (Sender("visit", SHOP), {"Referer": f"{SHOP}/", "User_Agent": "Mozilla/5.0", "Accept": "text/html,*/*;q=0.8"}),
        (Sender("fetch", SHOP), {"Referer": f"{SHOP}/", "User_Agent": "Mozilla/5.0", "Accept": "*/*"}),
        (Sender("embed"), {"User_Agent": "Mozilla/5.0", "Accept": "image/avif,image/*,*/*;q=0.8"}),
        (Sender("program"), {"User_Agent": "curl/8.5", "Accept": "text/html"}),
        (Sender("own"), {"Origin": f"https://{HOST}"}),
        (Sender("fetch", f"http://{HOST}"), {"Origin": f"http://{HOST}", "Sec_Fetch_Site": "cross-site"}),
        (Sender("fetch", f"app://{HOST}"), {"Origin": f"app://{HOST}"}),
        (Sender("fetch", "https://\N{REPLACEMENT CHARACTER}"), {"Origin": "https://\udcff"}),
        # A foreign page's speculation looks typed but for this header.
        (Sender("ahead"), {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate", "Sec_Purpose": "prefetch"}),
        (Sender("ahead"), {"Purpose": "prefetch"}),
        (Sender("fetch", "http://localhost:22548"), {"Origin": "http://localhost:22548"}),
    ],
)
def test_who_sent_it(sender: Sender, headers: dict[str, str]) -> None:
    assert sent(**headers) == sender


@pytest.mark.parametrize(
    ("asks", "name"),
    [
        (True, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"),
        (True, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0"),
        (False, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"),
        (False, "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0"),
        # Made of Chromium, and not bound to ask.
        (
            False,
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) caisse/1.0 Chrome/150.0.0.0 Electron/40 Safari/537.36",
        ),
        (False, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 OPR/130.0.0.0"),
        (False, "Mozilla/5.0 (Linux; wv) Version/4.0 Chrome/150.0.0.0 Mobile Safari/537.36"),
        (False, ""),
    ],
)
def test_which_browsers_ask_people(asks: bool, name: str) -> None:
    assert asks_people({"User-Agent": name}) == asks


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://shop.example.com/pos/ui", SHOP),
        ("https://Shop.Example.com:8069/", "https://shop.example.com:8069"),
        ("https://shop.example.com@evil.com/", "https://evil.com"),
        ("https://evil.com/https://shop.example.com/", "https://evil.com"),
        ("about:blank", ""),
        ("", ""),
        ("https://[", ""),
        ("/pos", ""),
    ],
)
def test_the_origin_of_an_address(address: str, origin: str) -> None:
    assert origin_of(address) == origin


NAMES = ("Origin", "Referer", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "User-Agent")


@given(
    st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40) | st.sampled_from([SHOP, f"http://{HOST}", "none"]))
)
def test_any_headers_are_somebody(headers: dict[str, str]) -> None:
    sender = sender_of(headers, HOST)
    assert sender.kind in ("fetch", "visit", "embed", "ahead") or sender.site == ""
    assert sender.site.isprintable()
    sender.site.encode()
