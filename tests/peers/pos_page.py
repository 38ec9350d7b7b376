"""Pages that stand for Odoo's till: the places of its buttons, its model of the sale, and the calls that its scripts,
the earlier module and the earlier extension make. Written from what those do; none of their code is here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tests.peers.pages import Body

ADDON: Final = Path(__file__).parents[2] / "clients/odoo/comptoir_pos_drawer/static/src"
SHARED: Final = sorted((ADDON / "core").glob("*.js"))
SALE: Final = "Order 00042-001-0007"

#: the till's screen by version: where its buttons are, and how its model is asked for the sale
SCREENS: Final = {
    "15": ('<div class="product-screen"><div class="control-buttons"><button>Note</button></div></div>', "get_order"),
    "17": (
        '<div class="product-screen"><div class="leftpane"><div class="pads"><div class="control-buttons">'
        '<button>Refund</button></div><div class="subpads"></div></div></div></div>',
        "get_order",
    ),
    "18": (
        '<div class="product-screen"><div class="leftpane"><div class="pads"><button>Customer</button>'
        '<div class="subpads"></div></div></div></div>',
        "get_order",
    ),
    "19": (
        '<div class="product-screen"><div class="leftpane"><div class="pads"><button>Customer</button>'
        '<div class="subpads"></div></div></div></div>',
        "getOrder",
    ),
}
STYLE: Final = """
body { margin: 0; font-family: sans-serif; background: #e7e9ed; }
h1 { font-size: 18px; margin: 0; padding: 12px 16px; background: #714b67; color: #fff; }
.product-screen { padding: 16px; max-width: 420px; }
.control-buttons, .pads { display: flex; gap: 8px; flex-wrap: wrap; background: #fff; padding: 12px; }
.product-screen button { min-height: 48px; padding: 0 14px; }
.payment-method-display { display: inline-flex; align-items: center; gap: 8px; margin: 16px; padding: 12px;
  background: #fff; }
"""


def till(version: str = "17", script: str = "") -> Body:
    """The page of a till. `script` runs as one of its own."""
    screen, ask = SCREENS[version]
    sale = json.dumps({"pos_reference": SALE, "name": "wrong"})
    return Body(
        f"""<!doctype html><html lang="fr"><meta charset="utf-8"><title>Caisse</title><style>{STYLE}</style>
<body class="pos"><h1>Caisse</h1>{screen}
<div class="payment-method-display"><img src="/point_of_sale/static/src/img/money.png" alt=""> Espèces</div>
<script>window.posmodel = {{ sale: {sale}, {ask}() {{ return this.sale }} }};</script>
<script type="module">{script}</script></body></html>"""
    )


#: what the bundle of the add-on resolves, for a page without one: Odoo's names → files of this site
MODULES: Final = {
    "@web/core/registry": "/web/registry.js",
    "@web/session": "/web/session.js",
    **{f"@comptoir_pos_drawer/core/{path.stem}": f"/core/{path.name}" for path in SHARED},
}


def till_with_addon(station: str, version: str = "17", language: str = "fr_FR") -> dict[str, Body]:
    """The paths of a site whose till has the add-on: its own files, and what stands for Odoo's registry and session."""
    script = "text/javascript"
    session = {"comptoir_pos_drawer": {"station": station, "language": language}}
    start = (
        "import { started } from '@web/core/registry'; import '/drawer_service.js';"
        "started(document, { pos: window.posmodel });"
    )
    page = till(version, start)
    imports = f'<script type="importmap">{json.dumps({"imports": MODULES})}</script>'
    return {
        "/pos/ui": Body(page.text.replace("<body", f"{imports}<body", 1)),
        "/web/session.js": Body(f"export const session = {json.dumps(session)};", script),
        "/web/registry.js": Body(
            "const services = []; export const registry = { category: () => ({ add: (name, service) => "
            "services.push(service) }) }; export const started = (env, deps) => services.forEach((service) => "
            "service.start(env, deps));",
            script,
        ),
        "/drawer_service.js": Body((ADDON / "drawer_service.js").read_text("utf-8"), script),
        **{f"/core/{path.name}": Body(path.read_text("utf-8"), script) for path in SHARED},
    }


# -- what a till's scripts call ---------------------------------------------------------------------------------------

#: `u`: the station. The earlier module's and the earlier extension's call: the answer cannot be read
EARLIER_MODULE: Final = (
    "fetch(u + '/open-cash-drawer', {method: 'GET', mode: 'no-cors', headers: {'Content-Type': 'application/json'}})"
    ".then(answer => answer.type)"
)
EARLIER_EXTENSION: Final = (
    "fetch(u + '/open-cash-drawer', {mode: 'no-cors', method: 'GET', headers: {Accept: '*/*'}})"
    ".then(answer => answer.type)"
)
OPEN: Final = (
    "fetch(u + '/api/drawer/open', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: "
    "JSON.stringify({reason: 'change', order: '0007', printer: ''})}).then(answer => answer.json())"
)
EPOS: Final = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print">{}</epos-print></s:Body></s:Envelope>'
)
#: 17 and later
EPOS_FETCH: Final = (
    "fetch(u + '/cgi-bin/epos/service.cgi?devid=local_printer', {method: 'POST', body: b})"
    ".then(answer => answer.text())"
    ".then(text => new DOMParser().parseFromString(text, 'application/xml').querySelector('response'))"
    ".then(said => said.getAttribute('success'))"
)
#: 14 to 16
EPOS_XHR: Final = (
    "new Promise((ok, no) => { const x = new XMLHttpRequest();"
    " x.open('POST', u + '/cgi-bin/epos/service.cgi?devid=local_printer');"
    " x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded; charset=UTF-8'); x.onerror = no;"
    " x.onload = () => ok(x.responseXML.querySelector('response').getAttribute('success')); x.send(b) })"
)
HELLO: Final = "fetch(u + '/hw_proxy/hello').then(answer => answer.ok)"
CASHBOX: Final = (
    "new Promise((ok, no) => { const x = new XMLHttpRequest(); x.open('POST', u + '/hw_proxy/default_printer_action');"
    " x.setRequestHeader('Content-Type', 'application/json'); x.onerror = no;"
    " x.onload = () => ok(JSON.parse(x.response).result); x.send(JSON.stringify({id: 7, jsonrpc: '2.0', method: 'call',"
    " params: {data: {action: 'cashbox'}}})) })"
)
