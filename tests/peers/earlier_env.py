"""The `.env` of the earlier archiving script, as its operators have it."""

from __future__ import annotations

from typing import Final

TOKEN: Final = "bGFhYnM+/dG9rZW4/+YQ=="
TEXT: Final = f"""# archivage
WATCHED_DIR=/srv/entrant
WATCHED_DIRS=/srv/scans/Factures, C:\\\\Partage\\Contrats,/srv/scans/Factures,
TEMP_DIR=/var/tmp/archive
API_URL=https://rm.example.com/recordsManagement/archive
LAABS_AUTH='{TOKEN}'
ARCHIVAL_PROFILE_REFERENCE=FACTURE
SERVICE_LEVEL_REFERENCE=serviceLevel_002
RETENTION_RULE_CODE=COMPTA
DESCRIPTION_CLASS=recordsManagement/log
FULL_TEXT_INDEXATION=fulltext
DESCRIPTION_LEVEL=item
OTHER=x
"""
