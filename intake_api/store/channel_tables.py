"""Tables of channels: access tokens that rotate, and who follows the OA."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime


class ChannelToken(Base):
    """The pair of tokens of a channel, encrypted by whoever writes it (``box``)."""

    __tablename__ = "channel_token"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    box: Mapped[str] = mapped_column(Text)
    # Digest of the refresh token in the settings with which this row began: another one there
    # means that the administrator granted access anew.
    seed: Mapped[str] = mapped_column(String(64))
    # Counts renewals; a claim names the one that it renews.
    generation: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    renewed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Follower(Base):
    """Somebody who followed the OA, and when she stopped (None: she still does)."""

    __tablename__ = "follower"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    followed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
