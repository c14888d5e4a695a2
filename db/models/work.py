"""The work with a customer: interactions, notes, and the counters behind rate limits."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, Base, key_text
from db.models.merge_policy import Move


class Interaction(Base):
    """One call, chat, mail or back-office session, worked by one operator."""

    __tablename__ = "interaction"
    __merge__ = Move("The conversation was with the same person.")
    __table_args__ = (
        CheckConstraint("channel IN ('phone', 'chat', 'email', 'desk', 'back-office')", name="channel"),
        CheckConstraint("direction IN ('inbound', 'outbound', 'none')", name="direction"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10))
    inbound_identifier: Mapped[str | None] = mapped_column(String(320))
    ticket: Mapped[str | None] = mapped_column(String(60))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Note(Base):
    """What an operator wrote down about a customer."""

    __tablename__ = "note"
    __merge__ = Move("Notes are read at the survivor.")

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id"), index=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(info=DERIVED)


class RateHit(Base):
    """One use of something limited, e.g. a link for a customer (R20)."""

    __tablename__ = "rate_hit"
    __table_args__ = (Index("ix_rate_hit_bucket_at", "bucket", "at"), {"info": {"derived": True}})

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(key_text(120))
    at: Mapped[datetime]
