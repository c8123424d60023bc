"""``python -m intake_api.channels.zalo_twin``: the simulated Zalo for people to play with."""

from __future__ import annotations

import os
from collections.abc import Sequence

from intake_api.channels.twin_command import Command, show
from intake_api.channels.zalo_server import USAGE
from intake_api.channels.zalo_twin import ZaloTwin

COMMAND = Command(
    module="zalo_twin",
    description="A simulated Zalo OA: signs and delivers webhooks, takes messages.",
    port=5991,
    webhook="http://127.0.0.1:8000/webhooks/zalo",
    variables={
        "app_id": "LANGNGHE_ZALO_APP_ID",
        "app_secret": "LANGNGHE_ZALO_APP_SECRET",
        "oa_secret": "LANGNGHE_ZALO_OA_SECRET",
        "refresh_token": "LANGNGHE_ZALO_REFRESH_TOKEN",
    },
    needed=("app_secret", "oa_secret", "refresh_token"),
    flags={},
    numbers={
        "extra_quota": "messages beyond the free ones",
        "per_minute": "most calls a minute (0: any)",
    },
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the server until Ctrl-C."""
    read = COMMAND.read(arguments, os.environ)
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
        show(
            f"Open API (LANGNGHE_ZALO_API_URL and LANGNGHE_ZALO_OAUTH_URL): {zalo.url}",
            zalo.webhook,
            f'curl -s {zalo.url}/twin/say -d \'{{"person": "4004", "text": "xin chao"}}\'',
            USAGE,
        )
