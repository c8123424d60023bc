"""Which channels can be sent on, as far as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from intake_api.channels import smtp
from intake_api.channels.base import Adapter, PartLog
from intake_api.channels.email import EmailAdapter, Threads
from intake_api.channels.messenger import MessengerAdapter
from intake_api.channels.zalo import ZaloAdapter
from intake_api.channels.zalo_token import TokenKeep, Tokens
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
    @property
    def messenger_inbox_app_id(self) -> str: ...
    @property
    def email_address(self) -> str: ...
    @property
    def email_name(self) -> str: ...
    @property
    def smtp_host(self) -> str: ...
    @property
    def smtp_port(self) -> int: ...
    @property
    def smtp_user(self) -> str: ...
    @property
    def smtp_password(self) -> Secret: ...
    @property
    def smtp_security(self) -> smtp.Security: ...
    @property
    def zalo_app_id(self) -> str: ...
    @property
    def zalo_app_secret(self) -> Secret: ...
    @property
    def zalo_refresh_token(self) -> Secret: ...
    @property
    def zalo_api_url(self) -> str: ...
    @property
    def zalo_oauth_url(self) -> str: ...


def _utc() -> datetime:
    return datetime.now(UTC)


def relay_of(settings: ChannelSettings) -> smtp.Relay | None:
    """The mail relay that the settings name, or None."""
    if not (settings.email_address and settings.smtp_host):
        return None
    return smtp.Relay(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
        settings.smtp_security,
    )


def adapters_for(
    settings: ChannelSettings,
    *,
    parts: PartLog | None = None,
    threads: Threads | None = None,
    tokens: TokenKeep | None = None,
    now: Callable[[], datetime] = _utc,
) -> dict[str, Adapter]:
    """An adapter for each channel that is configured: Messenger with its Page's token, Zalo with
    its application's secret and a place to keep the tokens that rotate, e-mail with its relay.

    Pages of our own fetch their messages themselves and need none.

    ``threads``: what is known of conversations by e-mail; without it no letter is sent.
    ``parts``: where the parts of long messages are noted (in memory without it).
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
            inbox_app=settings.messenger_inbox_app_id,
            parts=parts,
        )
    relay = relay_of(settings)
    if relay is not None and threads is not None:
        adapters[Channel.EMAIL] = EmailAdapter(
            relay=relay,
            address=settings.email_address,
            name=settings.email_name,
            threads=threads,
            now=now,
        )
    secret = settings.zalo_app_secret.get_secret_value()
    granted = secret and settings.zalo_refresh_token.get_secret_value()
    if settings.zalo_app_id and granted and tokens is not None:
        adapters[Channel.ZALO] = ZaloAdapter(
            api_url=settings.zalo_api_url,
            tokens=Tokens(
                tokens,
                oauth_url=settings.zalo_oauth_url,
                app_id=settings.zalo_app_id,
                app_secret=secret,
                now=now,
            ),
            parts=parts,
        )
    return adapters
