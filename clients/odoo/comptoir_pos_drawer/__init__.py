"""An add-on for Odoo: the till's button that opens the cash drawer. Loaded by Odoo, not by Comptoir."""

from . import models  # noqa: F401
