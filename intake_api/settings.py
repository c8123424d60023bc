"""Settings, read once from the environment; refuses to start on missing or unsafe values.

No secret has a default. ``./dev up`` makes the development ones for each checkout and keeps
them in ``var/`` outside the repository.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
# What a site's address may look like in a policy: nothing that could end the policy's sentence.
ORIGIN = re.compile(
    r"https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?|http://(127\.0\.0\.1|localhost)(:\d{1,5})?"
)


class Settings(BaseSettings):
    """All switches of the intake service; every name is the variable ``LANGNGHE_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix="LANGNGHE_", frozen=True, hide_input_in_errors=True
    )

    environment: Literal["development", "test", "production"] = "development"
    database_url: str = f"sqlite:///{ROOT / 'var' / 'langnghe.db'}"
    queue_url: str = f"sqlite:///{ROOT / 'var' / 'queue.db'}"
    secret_key: SecretStr  # signs sessions and the chat's conversation token
    bot_token: SecretStr  # bearer token of the action server
    # Fernet keys of the confidential lane, newest first, with commas between; ``langnghe keys``.
    sealing_keys: SecretStr
    rasa_url: str = "http://127.0.0.1:5005"
    # Rasa's tracker store, as RASA_TRACKER_URL names it: the jobs process deletes from it what is
    # older than two days and what was erased. Empty: somebody else must.
    tracker_url: SecretStr = SecretStr("")
    public_url: str = "http://127.0.0.1:8000"
    data_dir: Path = ROOT / "data"
    catalog_dir: Path = ROOT / "intake_api" / "catalog"
    model_dir: Path = ROOT / "var" / "models"  # versions and the link to the one that serves
    now: datetime | None = None  # fixes the clock, for tests and demonstrations only

    messenger_page_id: str = ""
    messenger_app_id: str = ""
    messenger_app_secret: SecretStr = SecretStr("")
    messenger_verify_token: SecretStr = SecretStr("")
    messenger_page_token: SecretStr = SecretStr("")
    messenger_graph_url: str = "https://graph.facebook.com/v21.0"
    # The Page's inbox of Business Suite, as an application: conversations can be passed to it.
    messenger_inbox_app_id: str = Field(default="", pattern=r"^\d{0,32}$")
    human_agent_approved: bool = False
    # Utility messages are an open beta, one Page at a time: off until a template is approved.
    messenger_utility_template: str = ""

    # The department's mailbox: read over IMAP, answered through the house's mail
    # server (smtp_…, below), which signs with DKIM. IMAP without TLS only on this machine.
    email_address: str = ""
    email_name: str = "Lắng nghe – Sở GDĐT Hà Nam"
    email_imap_host: str = ""
    email_imap_port: int = 993
    email_imap_user: str = ""  # the address, when it is empty
    email_imap_password: SecretStr = SecretStr("")
    email_imap_folder: str = "INBOX"
    email_imap_tls: bool = True
    email_poll_seconds: float = 30.0
    zalo_app_id: str = ""
    zalo_app_secret: SecretStr = SecretStr("")  # renews the access token
    zalo_oa_secret: SecretStr = SecretStr("")  # the OA's own key, signs webhooks
    zalo_refresh_token: SecretStr = SecretStr("")  # the first one; later ones live in the database
    zalo_api_url: str = "https://openapi.zalo.me"
    zalo_oauth_url: str = "https://oauth.zaloapp.com"

    # Staff accounts: a second factor for everybody, and the house's own sign-in (OpenID Connect).
    totp_required: bool = False
    oidc_issuer: str = ""  # its /.well-known/openid-configuration is read
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_groups_claim: str = "groups"
    # Group there → role here, as JSON: {"vp": "coordinator:VP", "lanh-dao": "leader"}. The first
    # group that somebody is in counts.
    oidc_roles: dict[str, str] = {}

    clamd: str = ""  # ClamAV: path of clamd's socket, or host:port
    # Networks that files may be fetched from though they are not public: simulated platforms.
    fetch_from: list[str] = []

    # Most messages sent on a channel, as JSON: {"zalo": "20/second"}. Emergency numbers pass.
    send_limits: dict[str, str] = {
        "messenger": "20/second", "comment": "2/second", "zalo": "20/second",
    }  # fmt: skip
    # The house's mail server: letters to staff (reminders; without it the workbench alone reminds)
    # and answers to people's e-mail.
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = ""

    # Sites that may show the chat in a frame, separated by spaces: "https://hanam.edu.vn
    # https://*.hanam.edu.vn". None by default.
    embed_origins: str = ""

    # Receivers of notices that may stand in the house's own network: "host:port host:port".
    webhook_private_hosts: str = ""

    bot_timeout_seconds: float = 20.0
    rate_limit_storage: str = "memory://"
    api_limit: str = "60/minute"  # submissions through the public API, per address
    trusted_proxies: int = 0  # how many reverse proxies stand before us and set X-Forwarded-For

    @field_validator("now")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            from zoneinfo import ZoneInfo

            # A bare date and time is meant as people in Hà Nam read the clock.
            value = value.replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
        return value

    @field_validator("embed_origins")
    @classmethod
    def _origins(cls, value: str) -> str:
        for one in value.replace(",", " ").split():
            if not ORIGIN.fullmatch(one):
                raise ValueError(f"LANGNGHE_EMBED_ORIGINS: {one!r} is no https origin")
        return " ".join(value.replace(",", " ").split())

    @field_validator("sealing_keys")
    @classmethod
    def _usable(cls, value: SecretStr) -> SecretStr:
        keys = [key.strip() for key in value.get_secret_value().split(",") if key.strip()]
        if not keys:
            raise ValueError("LANGNGHE_SEALING_KEYS is empty: make a key with langnghe keys new")
        for number, key in enumerate(keys, start=1):
            try:
                Fernet(key)
            except ValueError:
                raise ValueError(f"key {number} in LANGNGHE_SEALING_KEYS is no key") from None
        return value

    @property
    def keys(self) -> list[str]:
        """The sealing keys, newest first."""
        given = self.sealing_keys.get_secret_value().split(",")
        return [key.strip() for key in given if key.strip()]

    @model_validator(mode="after")
    def _safe(self) -> Settings:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("LANGNGHE_OIDC_ISSUER needs a client id and a client secret as well")
        if self.smtp_host and "@" not in self.mail_from:
            raise ValueError("LANGNGHE_SMTP_HOST needs LANGNGHE_MAIL_FROM, the sender's address")
        if self.environment == "production":
            if self.smtp_host and self.smtp_user and self.smtp_security == "none":
                raise ValueError("LANGNGHE_SMTP_SECURITY=none would send the password in the clear")
            if self.now is not None:
                raise ValueError("LANGNGHE_NOW fixes the clock and is refused in production")
            if self.fetch_from:
                raise ValueError("LANGNGHE_FETCH_FROM opens the house and is refused in production")
            for name in ("secret_key", "bot_token"):
                if len(getattr(self, name).get_secret_value()) < 32:
                    raise ValueError(f"LANGNGHE_{name.upper()} needs at least 32 characters")
            if not self.email_imap_tls and not _here(self.email_imap_host):
                raise ValueError("LANGNGHE_EMAIL_IMAP_TLS may be off only on this machine")
            if self.oidc_issuer and not self.oidc_issuer.startswith("https://"):
                raise ValueError("LANGNGHE_OIDC_ISSUER has to be an https address")
        return self


def _here(host: str) -> bool:
    return host in ("", "localhost", "127.0.0.1", "::1")


@lru_cache(maxsize=1)
def load() -> Settings:
    """Returns the process's settings; raises ``pydantic.ValidationError`` naming what is wrong."""
    return Settings()  # type: ignore[call-arg]  # the secrets come from the environment
