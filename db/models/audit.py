"""The chained, append-only audit log.

No foreign key leaves these tables: an event outlives what it describes. `body` holds the exact
canonical bytes that were hashed; the other columns repeat parts of it for filtering, and
verification compares them.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, key_text
from db.models.merge_policy import Stay


class AuditHead(Base):
    """The one row that hands out sequence numbers, locked last and held to commit (R4)."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": {"audit": True}})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(key_text(64))


class AuditEvent(Base):
    """Who did what to whom, chained to the event before."""

    __tablename__ = "audit_event"
    __merge__ = Stay("The log is never rewritten; the survivor's history reads both numbers.")
    __table_args__ = (
        Index("ix_audit_event_customer", "customer_id", "seq"),
        Index("ix_audit_event_operator", "operator_id", "seq"),
        Index("ix_audit_event_operation", "operation", "seq"),
        {"info": {"audit": True}},
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    operator_id: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(20))
    operation: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[int | None]
    target: Mapped[str | None] = mapped_column(String(80))
    target_version: Mapped[int | None]
    interaction_id: Mapped[int | None]
    request_id: Mapped[str | None] = mapped_column(key_text(64), unique=True)
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(key_text(64))


class AuditDetail(Base):
    """One clear value behind an event's commitments; `erase` may empty it (R6)."""

    __tablename__ = "audit_detail"
    __merge__ = Stay("Hangs on its event.")
    __table_args__ = ({"info": {"audit": True}},)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(120))
    before: Mapped[str | None] = mapped_column(Text)
    before_salt: Mapped[str | None] = mapped_column(String(32))
    after: Mapped[str | None] = mapped_column(Text)
    after_salt: Mapped[str | None] = mapped_column(String(32))
    redacted_by: Mapped[int | None]
