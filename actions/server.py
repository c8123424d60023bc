"""Start the action server on the loopback address: ``python -m actions.server --port 5055``.

rasa-sdk listens on every address unless SANIC_HOST says otherwise; nobody outside may call it.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Check the environment, bind to loopback, hand over to rasa-sdk."""
    missing = [n for n in ("LANGNGHE_INTAKE_URL", "LANGNGHE_BOT_TOKEN") if not os.environ.get(n)]
    if missing:
        sys.exit("missing in the environment: " + ", ".join(missing))
    os.environ.setdefault("SANIC_HOST", "127.0.0.1")
    from rasa_sdk.__main__ import main as serve

    sys.argv[1:1] = ["--actions", "actions"]
    serve()


if __name__ == "__main__":
    main()
