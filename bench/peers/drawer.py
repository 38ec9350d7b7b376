"""The drawer service that one writes today: Flask, and a new connection to the printer for every pulse.

Only a measure for bench/drawer.py: `drawer.py HOST PORT`, a printer's address. Served by waitress, as Flask's
documentation advises. It keeps no log.
"""

import socket
import sys

from flask import Flask
from waitress import create_server

HOST, PORT = sys.argv[1:3]
PULSE = b"\x1bp\x00\x1a\xfa"

app = Flask(__name__)


@app.get("/open-cash-drawer")
def open_drawer():
    with socket.create_connection((HOST, int(PORT)), timeout=5) as printer:
        printer.sendall(PULSE)
    return {"status": "success", "message": "Tiroir-caisse ouvert"}


server = create_server(app, host="127.0.0.1", port=0)
print(f"listening on {server.effective_port}", flush=True)
server.run()
