"""Settings, read once from the environment; refuses to start on missing or unsafe values.

No secret has a default. ``./dev up`` makes the development ones for each checkout and keeps
them in ``var/`` outside the repository.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """All switches of the intake service; every name is the variable ``LANGNGHE_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="LANGNGHE_", frozen=True)

    environment: Literal["development", "test", "production"] = "development"
    database_url: str = f"sqlite:///{ROOT / 'var' / 'langnghe.db'}"
    queue_url: str = f"sqlite:///{ROOT / 'var' / 'queue.db'}"
    secret_key: SecretStr  # signs sessions and the chat's conversation token
    bot_token: SecretStr  # bearer token of the action server
    rasa_url: str = "http://127.0.0.1:5005"
    public_url: str = "http://127.0.0.1:8000"
    data_dir: Path = ROOT / "data"
    catalog_dir: Path = ROOT / "intake_api" / "catalog"
    model_dir: Path = ROOT / "var" / "models"
    now: datetime | None = None  # fixes the clock, for tests and demonstrations only

    messenger_page_id: str = ""
    messenger_app_id: str = ""
    messenger_app_secret: SecretStr = SecretStr("")
    messenger_verify_token: SecretStr = SecretStr("")
    messenger_page_token: SecretStr = SecretStr("")
    messenger_graph_url: str = "https://graph.facebook.com/v21.0"
    human_agent_approved: bool = False
    # Utility messages are an open beta, one Page at a time: off until a template is approved.
    messenger_utility_template: str = ""

    # Staff accounts: a second factor for everybody, and the house's own sign-in (OpenID Connect).
    totp_required: bool = False
    oidc_issuer: str = ""  # its /.well-known/openid-configuration is read
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_groups_claim: str = "groups"
    # Group there → role here, as JSON: {"vp": "coordinator:VP", "lanh-dao": "leader"}. The first
    # group that somebody is in counts.
    oidc_roles: dict[str, str] = {}

    # Letters to staff (reminders). Without a server the workbench alone reminds.
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = ""

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
            for name in ("secret_key", "bot_token"):
                if len(getattr(self, name).get_secret_value()) < 32:
                    raise ValueError(f"LANGNGHE_{name.upper()} needs at least 32 characters")
            if self.oidc_issuer and not self.oidc_issuer.startswith("https://"):
                raise ValueError("LANGNGHE_OIDC_ISSUER has to be an https address")
        return self


@lru_cache(maxsize=1)
def load() -> Settings:
    """Returns the process's settings; raises ``pydantic.ValidationError`` naming what is wrong."""
    return Settings()  # type: ignore[call-arg]  # the secrets come from the environment
