"""Compiles the catalogues of translations when the package is built, so that a service does not do it at each start.

Run by hatchling, for a wheel and for an installation in place alike. What is compiled stands beside its source and is
not in the repository; where it is older than its source, or absent, the source is read (`comptoir.web.locale`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogues(BuildHookInterface[Any]):
    """`*.po` below `src`, each to `*.mo`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for source in (Path(self.root) / "src").rglob("*.po"):
            language = source.stem if source.parent.name == "locale" else source.parents[1].name
            with source.open("rb") as file:
                catalogue = read_po(file, locale=language, abort_invalid=True)
            with source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, catalogue)
        build_data["artifacts"].append("*.mo")
