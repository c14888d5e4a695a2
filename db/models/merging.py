"""Merges, and the ledger of every field that each one changed, from which it is undone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import DERIVED, Base, key_text
from db.models.merge_policy import Stay


class CustomerMerge(Base):
    """One merge of up to seven customers into a survivor.

    `absorbed` has their numbers as a JSON list; `digest` binds the audit event to the ledger's rows;
    `survivor_version` names that event among those of the survivor.
    """

    __tablename__ = "customer_merge"
    __merge__ = Stay("Tells what happened, under the numbers of that time.")
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    absorbed: Mapped[str] = mapped_column(Text)
    survivor_version: Mapped[int] = mapped_column(info=DERIVED)
    digest: Mapped[str] = mapped_column(key_text(64))
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    at: Mapped[datetime] = mapped_column(info=DERIVED)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("operator.id"), index=True)


class MergeRow(Base):
    """One field of one row before and after a merge, as JSON of the column's own type.

    An event tells the fields themselves, and by the `digest` of the merge that these rows are theirs.
    """

    __tablename__ = "merge_row"
    __merge__ = Stay("Tells what happened, under the numbers of that time.")

    merge_id: Mapped[int] = mapped_column(ForeignKey("customer_merge.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_name: Mapped[str] = mapped_column(String(40), info=DERIVED)
    row_id: Mapped[str] = mapped_column(String(40), info=DERIVED)
    column_name: Mapped[str] = mapped_column(String(40), info=DERIVED)
    before: Mapped[str] = mapped_column(Text, info=DERIVED)
    after: Mapped[str] = mapped_column(Text, info=DERIVED)
