"""The earlier till service, rebuilt as a measure for bench/drawer.py: `earlier.py HOST PORT LOG`, a printer's address.

Of its design it has what takes time: Flask on its development server, a thread for each connection, the caller's
address looked at, a new connection to the printer for every pulse, a line in a log that a new day begins anew.
"""

import logging
import socket
import sys
from logging.handlers import TimedRotatingFileHandler

from flask import Flask, jsonify, request
from werkzeug.serving import make_server

HOST, PORT, LOG = sys.argv[1:]
PULSE = bytes.fromhex("1b70001afa")

handler = TimedRotatingFileHandler(LOG, when="midnight", backupCount=30)
handler.setFormatter(logging.Formatter("%(asctime)s - %(levelname)s - %(message)s"))
log = logging.getLogger("till")
log.setLevel(logging.INFO)
log.addHandler(handler)
# Its own line for each request would go to a console that nobody has.
logging.getLogger("werkzeug").setLevel(logging.ERROR)

app = Flask(__name__)


@app.get("/open-cash-drawer")
def open_cash_drawer():
    if request.remote_addr not in {"127.0.0.1", "localhost"}:
        return jsonify({"status": "error", "message": "Accès refusé - Local uniquement"}), 403
    try:
        with socket.create_connection((HOST, int(PORT)), timeout=5) as printer:
            printer.sendall(PULSE)
    except OSError as error:
        log.error("Erreur lors de l'ouverture du tiroir: %s", error)
        return jsonify({"status": "error", "message": str(error)}), 500
    log.info("Tiroir-caisse ouvert avec succès")
    return jsonify({"status": "success", "message": "Tiroir-caisse ouvert"})


# What `app.run(threaded=True)` runs; only so it tells its port.
server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"listening on {server.port}", flush=True)
server.serve_forever()
