"""The file of a usual installation of the earlier service. Its password is “tiroir1”."""

from __future__ import annotations

HASH = "$2b$04$/iIGNgxvMZQYjfktqxs6.uo8sUAnuM/1nV654KYDwvqVLELnAKc1K"
TEXT = f"""\
[auth]
password_hash = {HASH}
salt = $2b$04$/iIGNgxvMZQYjfktqxs6.u

[printer]
name = TICKET
; comment
[cashdrawer]
command = 1b70001afa
[invoice_printer]
autoprint = true
# logs only
name = FACTURE
printer_ip = 172.17.240.20
printer_port = 9100
download_folder = C:\\Users\\José %USERPROFILE%\\Téléchargements
scan_frequency = 5
open_delay = 10
purge_on_start = true
file_extensions = .pdf
[server]
port = 22548
host = 0.0.0.0
[logs]
folder = logs
filename = cashdrawer.log
retention_days = 30
"""
