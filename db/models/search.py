"""The name terms that make search a range of an index; see `db.search`."""

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, key_text


class SearchTerm(Base):
    """A folded name token, a pair of them, or the tail of an email address.

    Derived from other tables in the same transaction, hence without a foreign key.
    """

    __tablename__ = "search_term"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"derived": True}},)

    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    term: Mapped[str] = mapped_column(key_text(320), primary_key=True)
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
