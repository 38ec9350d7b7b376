"""What the add-on changes of Odoo's models: what a session is told."""

from . import ir_http  # noqa: F401
