"""`python -m comptoir` is `comptoir`, and so is the program file; the latter is also what its children run."""

import os
import sys
from importlib.util import find_spec

if __name__ == "__main__":
    if find_spec("comptoir") is None:
        # Run by its path, as services are: no folder and no variable of a person says where the package lies.
        root = os.path.dirname(os.path.dirname(__file__))
        sys.path.append(root)
        os.environ["PYTHONPATH"] = root  # for its children

    from comptoir import children

    if children.is_program_file() and sys.argv[1:2] == [children.CHILD]:
        children.run(sys.argv[2:])
    elif sys.argv[1:2] == ["--service"]:
        # What the service manager of Windows starts: it is to hear of us before much is loaded.
        from comptoir.cli.service.windows_host import main as host

        sys.exit(host(sys.argv[2:]))
    else:
        # A child need not load the command line.
        from comptoir.cli import main

        sys.exit(main())
