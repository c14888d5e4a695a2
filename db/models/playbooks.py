"""Procedures as data, and how far each interaction has walked them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, Base, key_text
from db.models.merge_policy import Move, Stay


class Playbook(Base):
    """A procedure that an admin has added or changed, as its TOML source; goes before a shipped one."""

    __tablename__ = "playbook"

    id: Mapped[str] = mapped_column(key_text(40), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1, info=DERIVED)


class Walk(Base):
    """One playbook walked within one interaction; each interaction walks each playbook once."""

    __tablename__ = "walk"
    __merge__ = Move("Goes with its interaction.")
    __table_args__ = (UniqueConstraint("interaction_id", "playbook_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    playbook_id: Mapped[str] = mapped_column(key_text(40))
    fingerprint: Mapped[str] = mapped_column(key_text(64), info=DERIVED)
    """SHA-256 of the source that is walked: an edit meanwhile is said, not hidden."""
    outcome: Mapped[str | None] = mapped_column(String(60))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WalkStep(Base):
    """One step done, with what was answered or found; the newest answer stands."""

    __tablename__ = "walk_step"
    __merge__ = Stay("Hangs on its walk.")
    __table_args__ = (UniqueConstraint("walk_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    step: Mapped[str] = mapped_column(key_text(40))
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    answer: Mapped[str | None] = mapped_column(String(200))
    finding: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
