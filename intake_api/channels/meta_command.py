"""``python -m intake_api.channels.meta_twin``: the simulated Meta for people to play with."""

from __future__ import annotations

import os
from collections.abc import Sequence

from intake_api.channels.meta_server import USAGE
from intake_api.channels.meta_twin import MetaTwin
from intake_api.channels.twin_command import Command, show

COMMAND = Command(
    module="meta_twin",
    description="A simulated Messenger: signs and delivers webhooks, takes Send API calls.",
    port=5990,
    webhook="http://127.0.0.1:8000/webhooks/messenger",
    variables={
        "page_id": "LANGNGHE_MESSENGER_PAGE_ID",
        "app_id": "LANGNGHE_MESSENGER_APP_ID",
        "app_secret": "LANGNGHE_MESSENGER_APP_SECRET",
        "verify_token": "LANGNGHE_MESSENGER_VERIFY_TOKEN",
        "page_token": "LANGNGHE_MESSENGER_PAGE_TOKEN",
    },
    needed=("app_secret", "page_token"),
    flags={"human_agent": "approve the HUMAN_AGENT tag"},
    numbers={},
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the server until Ctrl-C."""
    read = COMMAND.read(arguments, os.environ)
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
        show(
            f"Send API (LANGNGHE_MESSENGER_GRAPH_URL): {meta.graph_url}",
            meta.webhook,
            f"curl -s http://127.0.0.1:{meta.port}/twin/say"
            ' -d \'{"psid": "2002", "text": "xin chao"}\'',
            USAGE,
        )
