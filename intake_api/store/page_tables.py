"""Tables of the Page in public: its posts, the comments below them, and the comments' versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.sealing import SealableData, SealableText


class PagePost(Base):
    """A post of the Page, as far as it is known: the context of what people say below it."""

    __tablename__ = "page_post"

    id: Mapped[str] = mapped_column(String(150), primary_key=True)  # the platform's id
    text: Mapped[str] = mapped_column(Text, default="")
    permalink: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PageComment(Base):
    """A comment below a post. When it is removed, its words go and this row stays."""

    __tablename__ = "page_comment"
    __table_args__ = (
        Index("ix_page_comment_post", "post_id", "created_at"),
        Index("ix_page_comment_look", "look", "sealed", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    remote_id: Mapped[str] = mapped_column(String(150), unique=True)
    post_id: Mapped[str] = mapped_column(String(150))
    parent_id: Mapped[str | None] = mapped_column(String(150))  # the comment that it answers
    is_post: Mapped[bool] = mapped_column(default=False)  # a visitor's post on the Page
    author_id: Mapped[str] = mapped_column(String(150), default="")
    by_page: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(SealableText(), default="")
    permalink: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)  # of the newest version
    hidden: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    # What was done (domain.commenting.Step), and why staff should look ("" when they need not).
    step: Mapped[str] = mapped_column(String(12), default="")
    look: Mapped[str] = mapped_column(String(20), default="")
    sealed: Mapped[bool] = mapped_column(default=False)
    understood: Mapped[dict[str, Any] | None] = mapped_column(SealableData())
    # The one private reply: when it went out, and to whom in Messenger that was.
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    psid: Mapped[str | None] = mapped_column(String(150), index=True)


class PageCommentVersion(Base):
    """What a comment said until it was edited."""

    __tablename__ = "page_comment_version"
    __table_args__ = (UniqueConstraint("comment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("page_comment.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(SealableText())
    at: Mapped[datetime] = mapped_column(UtcDateTime)
