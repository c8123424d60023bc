"""Tables of other systems: their keys, and which cases they sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class ApiClient(Base):
    """A system with a key. The key itself is stored nowhere, only its digest."""

    __tablename__ = "api_client"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    # The first part of the key, by which its row is found; the rest is compared by digest.
    mark: Mapped[str] = mapped_column(String(12), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    unit: Mapped[str | None] = mapped_column(String(20))  # reads this unit's cases only
    per_minute: Mapped[int] = mapped_column(default=120)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_on: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiSubmission(Base):
    """That a system sent a case, and whether through Open311. Goes with the case's words."""

    __tablename__ = "api_submission"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("api_client.id"), index=True)
    open311: Mapped[bool] = mapped_column(default=False)
