"""What the Python for Windows does at its start under Wine 8: forget what of Windows this Wine lacks.

Wine ends a program that calls what it lacks; without it `shutil.copy2` copies as it did before Python 3.12.
"""

import _winapi
import sys

if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2

# What the platform is, Python asks Windows for by it, and Wine takes a second to say that it does not know.
sys.modules["_wmi"] = None  # type: ignore[assignment]
