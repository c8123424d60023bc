"""Which channels can be sent on, as far as the settings say."""

from __future__ import annotations

from typing import Protocol

from intake_api.channels.base import Adapter, PartLog
from intake_api.channels.messenger import MessengerAdapter
from intake_api.domain.model import Channel


class Secret(Protocol):
    """A setting that does not show itself in logs."""

    def get_secret_value(self) -> str: ...


class ChannelSettings(Protocol):
    """What is read here of the settings."""

    @property
    def messenger_page_id(self) -> str: ...
    @property
    def messenger_page_token(self) -> Secret: ...
    @property
    def messenger_app_secret(self) -> Secret: ...
    @property
    def messenger_graph_url(self) -> str: ...


def adapters_for(settings: ChannelSettings, *, parts: PartLog | None = None) -> dict[str, Adapter]:
    """An adapter for each channel that is configured; Messenger only with its Page's token.

    Pages of our own fetch their messages themselves and need none.

    ``parts``: where Messenger notes the parts of long messages (in memory without it).
    """
    adapters: dict[str, Adapter] = {}
    token = settings.messenger_page_token.get_secret_value()
    if settings.messenger_page_id and token:
        # Comments are answered through the same Page: in private, or below them.
        adapters[Channel.MESSENGER] = adapters[Channel.COMMENT] = MessengerAdapter(
            page_id=settings.messenger_page_id,
            page_token=token,
            graph_url=settings.messenger_graph_url,
            app_secret=settings.messenger_app_secret.get_secret_value(),
            parts=parts,
        )
    return adapters
