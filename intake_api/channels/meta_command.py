"""``python -m intake_api.channels.meta_twin``: the simulated Meta for people to play with."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence

from intake_api.channels.meta_server import USAGE
from intake_api.channels.meta_twin import MetaTwin

# The same variables that the intake reads, so that both agree without a word.
VARIABLES = {
    "page_id": "LANGNGHE_MESSENGER_PAGE_ID",
    "app_id": "LANGNGHE_MESSENGER_APP_ID",
    "app_secret": "LANGNGHE_MESSENGER_APP_SECRET",
    "verify_token": "LANGNGHE_MESSENGER_VERIFY_TOKEN",
    "page_token": "LANGNGHE_MESSENGER_PAGE_TOKEN",
}
NEEDED = ("app_secret", "page_token")


def read_arguments(
    arguments: Sequence[str] | None, environment: Mapping[str, str]
) -> argparse.Namespace:
    """Reads the command line; what it does not say comes from the environment."""
    parser = argparse.ArgumentParser(
        prog="python -m intake_api.channels.meta_twin",
        description="A simulated Messenger: signs and delivers webhooks, takes Send API calls.",
        epilog="Secrets are read from the intake's own LANGNGHE_MESSENGER_* variables.",
    )
    parser.add_argument("--port", type=int, default=5990, help="0 takes a free one")
    parser.add_argument("--webhook", default="http://127.0.0.1:8000/webhooks/messenger")
    parser.add_argument("--human-agent", action="store_true", help="approve the HUMAN_AGENT tag")
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
    with MetaTwin(
        page_token=read.page_token,
        app_secret=read.app_secret,
        verify_token=read.verify_token,
        page_id=read.page_id or "1001",
        app_id=read.app_id or "3003",
        webhook=read.webhook,
        port=read.port,
        human_agent_approved=read.human_agent,
        echo_sends=read.echo,
    ) as meta:
        say = f"curl -s http://127.0.0.1:{meta.port}/twin/say -d '{json.dumps(_SAY)}'"
        lines = [
            f"Send API (LANGNGHE_MESSENGER_GRAPH_URL): {meta.graph_url}",
            f"Webhooks go to: {meta.webhook}",
            f"Try: {say}",
            *(f"  {call}  {json.dumps(body, ensure_ascii=False)}" for call, body in USAGE.items()),
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


_SAY = {"psid": "2002", "text": "xin chao"}
