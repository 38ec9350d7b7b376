"""Tells the till's page where the station is and which language the cashier reads. Nothing else of Odoo is changed."""

from odoo import models

#: the system parameter that says where the station is
STATION = "comptoir_pos_drawer.station"
DEFAULT = "http://localhost:22548"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """What every page of a signed-in user is told; `comptoir_pos_drawer` is ours."""
        info = super().session_info()
        info["comptoir_pos_drawer"] = {
            # System parameters are read by administrators only; the address of a till's own machine is no secret.
            "station": self.env["ir.config_parameter"].sudo().get_param(STATION, DEFAULT),
            "language": self.env.user.lang or "",
        }
        return info
