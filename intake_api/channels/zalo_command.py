"""``python -m intake_api.channels.zalo_twin``: the simulated Zalo for people to play with."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence

from intake_api.channels.zalo_server import USAGE
from intake_api.channels.zalo_twin import ZaloTwin

# The same variables that the intake reads, so that both agree without a word.
VARIABLES = {
    "app_id": "LANGNGHE_ZALO_APP_ID",
    "app_secret": "LANGNGHE_ZALO_APP_SECRET",
    "oa_secret": "LANGNGHE_ZALO_OA_SECRET",
    "refresh_token": "LANGNGHE_ZALO_REFRESH_TOKEN",
}
NEEDED = ("app_secret", "oa_secret", "refresh_token")


def read_arguments(
    arguments: Sequence[str] | None, environment: Mapping[str, str]
) -> argparse.Namespace:
    """Reads the command line; what it does not say comes from the environment."""
    parser = argparse.ArgumentParser(
        prog="python -m intake_api.channels.zalo_twin",
        description="A simulated Zalo OA: signs and delivers webhooks, takes messages.",
        epilog="Secrets are read from the intake's own LANGNGHE_ZALO_* variables.",
    )
    parser.add_argument("--port", type=int, default=5991, help="0 takes a free one")
    parser.add_argument("--webhook", default="http://127.0.0.1:8000/webhooks/zalo")
    parser.add_argument("--extra-quota", type=int, default=0, help="messages beyond the free ones")
    parser.add_argument("--per-minute", type=int, default=0, help="most calls a minute (0: any)")
    parser.add_argument("--echo", action="store_true", help="send our own messages back as echoes")
    for name, variable in VARIABLES.items():
        option = "--" + name.replace("_", "-")
        parser.add_argument(option, default=environment.get(variable, ""), help=variable)
    read = parser.parse_args(arguments)
    for name in NEEDED:
        if not getattr(read, name):
            parser.error(f"set {VARIABLES[name]} or --{name.replace('_', '-')}")
    return read


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the server until Ctrl-C."""
    read = read_arguments(arguments, os.environ)
    with ZaloTwin(
        app_secret=read.app_secret,
        oa_secret=read.oa_secret,
        refresh_token=read.refresh_token,
        app_id=read.app_id or "3003",
        webhook=read.webhook,
        port=read.port,
        extra_quota=read.extra_quota,
        per_minute=read.per_minute,
        echo_sends=read.echo,
    ) as zalo:
        say = json.dumps({"person": "4004", "text": "xin chao"})
        lines = [
            f"Open API (LANGNGHE_ZALO_API_URL and LANGNGHE_ZALO_OAUTH_URL): {zalo.url}",
            f"Webhooks go to: {zalo.webhook}",
            f"Try: curl -s {zalo.url}/twin/say -d '{say}'",
            *(f"  {call}  {json.dumps(body, ensure_ascii=False)}" for call, body in USAGE.items()),
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
