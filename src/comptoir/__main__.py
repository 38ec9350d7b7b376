"""`python -m comptoir` is `comptoir`."""

import sys

from comptoir.cli import main

if __name__ == "__main__":
    sys.exit(main())
