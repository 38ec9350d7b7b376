"""The add-on for Odoo, as far as it can be judged without one: what Odoo reads of it can be read, and its scripts use
no more of the language than Odoo's bundler knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ADDON = Path(__file__).parents[2] / "clients" / "odoo" / "comptoir_pos_drawer"
#: the fields that every add-on of a shop has, and the words that Odoo knows for licences of others than itself
LICENCES = ("GPL-2", "GPL-3", "AGPL-3", "LGPL-3", "Other OSI approved licence")

NAMED = r'import \{ [\w, ]+ \} from "@[\w/]+";$|export (?:async )?(?:function|class|const) \w+'


def manifest() -> dict[str, object]:
    """Read as Odoo does: one literal, nothing is executed."""
    read: dict[str, object] = ast.literal_eval((ADDON / "__manifest__.py").read_text("utf-8"))
    return read


def scripts() -> Iterator[Path]:
    yield from sorted((ADDON / "static" / "src").rglob("*.js"))


def test_the_manifest_is_for_every_series() -> None:
    known = manifest()
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(known["version"])), "with a series in front it is for that one only"
    assert known["license"] in LICENCES
    assert known["depends"] == ["point_of_sale"]
    assert known["assets"] == {"point_of_sale._assets_pos": [f"{ADDON.name}/static/src/**/*"]}


def test_what_it_names_is_there_and_can_be_read() -> None:
    data = manifest()["data"]
    assert isinstance(data, list)
    for name in data:
        keys = [field.text for field in ElementTree.parse(ADDON / name).iter("field") if field.get("name") == "key"]
        assert keys == ["comptoir_pos_drawer.station"]
    for path in ADDON.rglob("*.py"):
        compile(path.read_text("utf-8"), path.name, "exec")
    told = (ADDON / "models" / "ir_http.py").read_text("utf-8")
    assert 'STATION = "comptoir_pos_drawer.station"' in told


def test_the_scripts_are_modules_as_odoo_bundles_them() -> None:
    """Its bundler goes by regular expressions: a header, named imports and exports, one a line."""
    for path in scripts():
        text = path.read_text("utf-8")
        assert text.startswith("/** @odoo-module **/\n"), path.name
        for line in re.findall(r"^(?:import|export)\b.*", text, re.MULTILINE):
            assert re.match(NAMED, line), line


def test_only_one_script_knows_odoo() -> None:
    knowing = [path.name for path in scripts() if re.search(r"^import\b", path.read_text("utf-8"), re.MULTILINE)]
    assert knowing == ["drawer_service.js"]
