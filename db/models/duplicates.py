"""Pairs of customers who may be one person, what was judged of them, and how far a scan has come."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, Base, choice, key_text
from db.models.merge_policy import Stay


class PairState(StrEnum):
    """What was judged of a pair; one that was merged is not in any list, for one side is merged."""

    OPEN = "open"
    LATER = "later"
    DISMISSED = "dismissed"


class DuplicatePair(Base):
    """Two customers who may be one person; `a_id` is the lower number.

    `weight` is in bits; `levels` says how far each field agrees, from which the weight follows (see
    `db.duplicates.levels`). `collision` is what a duplicate detection mode would refuse: email, phone, both
    or none. `fingerprint` is that of both sides when they were judged to be two people. `scan` is the number
    of the last scan that found the pair, 0 where none did.
    """

    __tablename__ = "duplicate_pair"
    __merge__ = Stay("A pair is of the two numbers; it is not listed while one of them is merged.")
    __table_args__ = (
        CheckConstraint("a_id < b_id", name="lower_number_first"),
        UniqueConstraint("a_id", "b_id"),
        Index("ix_duplicate_pair_state_weight", "state", "weight"),
        {"info": {"scanned": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    a_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    b_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    weight: Mapped[float] = mapped_column(Double, info=DERIVED)
    levels: Mapped[str] = mapped_column(key_text(60), info=DERIVED)
    collision: Mapped[str] = mapped_column(String(8), info=DERIVED)
    state: Mapped[PairState] = mapped_column(choice(PairState, "state"), default=PairState.OPEN)
    reason: Mapped[str | None] = mapped_column(Text)
    judged_by: Mapped[str | None] = mapped_column(ForeignKey("operator.id"), index=True)
    judged_at: Mapped[datetime | None]
    fingerprint: Mapped[str | None] = mapped_column(key_text(64), info=DERIVED)
    scan: Mapped[int] = mapped_column(default=0, info=DERIVED)
    version: Mapped[int] = mapped_column(default=1, info=DERIVED)


class DuplicateScan(Base):
    """The last scan, or the one under way; there is one row.

    `facts` is what the scan learnt of the base, as JSON; `place` the number of the last customer whose pairs
    are stored; `done` of `total` pairs are compared; `found` of them are stored.
    """

    __tablename__ = "duplicate_scan"
    __merge__ = Stay("Tells of the whole base.")
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": {"derived": True, "scanned": True}})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    facts: Mapped[str] = mapped_column(Text)
    place: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
