# What Odoo reads of this add-on. The version has no series in front: Odoo 17, 18 and 19 each put their own there.
{  # noqa: B018
    "name": "Cash drawer by Comptoir",
    "summary": "A button in the till that opens the cash drawer through a Comptoir station, and says what became of it",
    "version": "1.0.0",
    "category": "Sales/Point of Sale",
    "author": "The Comptoir developers",
    # The MIT licence, in the word that Odoo has for it.
    "license": "Other OSI approved licence",
    "depends": ["point_of_sale"],
    "data": ["data/station.xml"],
    "assets": {"point_of_sale._assets_pos": ["comptoir_pos_drawer/static/src/**/*"]},
    "installable": True,
}
