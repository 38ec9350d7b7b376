"""The process that holds a printer's driver: `python -m comptoir.windows.driver_main`. It ends when its input does.

Requests come in, answers go out (`driver.py`). A document that is not at its end by then is aborted.
"""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from comptoir.windows.driver import Answer, Driver, Request, packed, read


def main() -> None:
    """Answer until there is nothing more to read. Raises OSError where this is no Windows."""
    with os.fdopen(os.dup(1), "wb") as target:
        os.dup2(2, 1)  # what a driver says is no answer
        from comptoir.windows.gdi import this_computer  # noqa: PLC0415 - loads what only Windows has

        serve(sys.stdin.buffer, target, this_computer())


def serve(source: BinaryIO, target: BinaryIO, driver: Driver) -> None:
    """Request after request."""
    try:
        while (request := read(source, Request)) is not None:
            dots = source.read(request.size)
            target.write(packed(_done(request, dots, driver)))
            target.flush()
    finally:
        driver.abort()


def _done(request: Request, dots: bytes, driver: Driver) -> Answer:
    try:
        return _do(request, dots, driver)
    except OSError as error:
        number = getattr(error, "winerror", None) or error.errno or 0
        return Answer(trouble=error.strerror or str(error), error=number)


def _do(request: Request, dots: bytes, driver: Driver) -> Answer:
    match request.task:
        case "look":
            return Answer(can=driver.look(request.printer))
        case "set" if request.settings is not None:
            return Answer(area=driver.set(request.settings))
        case "begin":
            return Answer(job=driver.begin(request.title))
        case "side":
            driver.side()
        case "band" if request.band is not None:
            driver.band(request.band, dots)
        case "end":
            driver.end()
        case "abort":
            driver.abort()
    return Answer()


if __name__ == "__main__":
    main()
