"""The drawer service that one writes today: Flask, and a new connection to the printer for every pulse.

Only a measure for bench/drawer.py: `drawer.py HOST PORT …`, a port for each printer. Served by waitress, as Flask's
documentation advises; its development server takes longer.
"""

import socket
import sys

from flask import Flask, request
from waitress import create_server

HOST, *PORTS = sys.argv[1:]
PULSE = b"\x1bp\x00\x19\xfa"

app = Flask(__name__)


@app.post("/api/drawer/open")
def open_drawer():
    order = request.get_json()
    with socket.create_connection((HOST, int(PORTS[int(order["printer"])])), timeout=5) as printer:
        printer.sendall(PULSE)
    return {"printer": order["printer"], "outcome": "sent"}


server = create_server(app, host="127.0.0.1", port=0)
print(f"listening on {server.effective_port}", flush=True)
server.run()
