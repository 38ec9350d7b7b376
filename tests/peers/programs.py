"""Programs of the system that tests talk to: where they are, and what it means where they are not."""

from __future__ import annotations

import os
import shutil

import pytest


def installed(*names: str) -> str:
    """Where the first of these programs is. Where none is installed: a failure on CI, a skip elsewhere."""
    for name in names:
        if path := shutil.which(name):
            return path
    if os.environ.get("CI"):
        raise AssertionError(f"{names[0]} is not installed: .ci/peers installs it")
    pytest.skip(f"{names[0]} is not installed: .ci/peers")
