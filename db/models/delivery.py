"""The outbox: messages, their delivery history, and the links they carry.

The secret of a link is made when its message is delivered; until then, and ever after, the
database holds no working link, only a hash (R16).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, SECRET, Base, choice, key_text
from db.models.merge_policy import Move, Stay


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageKind(StrEnum):
    """What a message is for; each has a template."""

    RESET = "reset"
    ACTIVATION = "activation"
    CONFIRM = "confirm"
    NOTICE_OLD = "notice-old"
    NOTICE_NEW = "notice-new"
    NOTICE_SECURITY = "notice-security"
    CODE = "code"
    TEST = "test"
    HELP = "help"


class MessageState(StrEnum):
    """How far a message has come; `sending` is leased to a worker, `bounced` came back after `sent`."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    VOID = "void"
    BOUNCED = "bounced"


class LinkPurpose(StrEnum):
    """What a link lets its holder do."""

    RESET = "reset"
    ACTIVATION = "activation"
    CONFIRM = "confirm"


class Link(Base):
    """A one-time link, bound to profile, purpose, address and credential version (R16)."""

    __tablename__ = "link"
    __merge__ = Move("What was sent is told at the survivor; open ones end (R18).")

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(choice(LinkPurpose, "purpose"))
    authentication_profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("authentication_profile.id", ondelete="SET NULL"), index=True
    )
    email_profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("email_profile.id", ondelete="SET NULL"), index=True
    )
    address: Mapped[str] = mapped_column(String(320))
    credential_version: Mapped[int] = mapped_column(info=DERIVED)
    lifetime_minutes: Mapped[int]
    secret_hash: Mapped[str | None] = mapped_column(key_text(64), unique=True, info=SECRET)
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)
    expires_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(60))


class Message(Base):
    """One mail or SMS; `reference` is printed in it and is no secret."""

    __tablename__ = "message"
    __merge__ = Move("The delivery history is told at the survivor.")
    __table_args__ = (
        Index(
            "ix_message_due",
            "next_attempt_at",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(key_text(16), unique=True)
    idempotency_key: Mapped[str] = mapped_column(key_text(80), unique=True, info=DERIVED)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"), index=True)
    code_id: Mapped[int | None] = mapped_column(ForeignKey("one_time_code.id"), index=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    kind: Mapped[MessageKind] = mapped_column(choice(MessageKind, "kind"))
    recipient: Mapped[str] = mapped_column(String(320))
    values: Mapped[str] = mapped_column(Text, default="{}", info=DERIVED)
    state: Mapped[MessageState] = mapped_column(choice(MessageState, "state"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(info=DERIVED)
    lease: Mapped[str | None] = mapped_column(String(64), info=DERIVED)
    reply: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)
    sent_at: Mapped[datetime | None]


class MessageAttempt(Base):
    """One try to hand a message over, with the server's own words."""

    __tablename__ = "message_attempt"
    __merge__ = Stay("Hangs on its message.")

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))
    reply: Mapped[str] = mapped_column(Text)
