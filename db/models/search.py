"""The tables that make search a range of an index; see `db.search`.

All are derived from other tables in the same transaction, hence without foreign keys.
"""

from sqlalchemy import CheckConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, key_text
from db.models.merge_policy import Stay


class SearchTerm(Base):
    """A folded name token, a pair of them, the tail of an email address, or a word of a city."""

    __tablename__ = "search_term"
    __merge__ = Stay("Derived: follows the rows that it is made from.")
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"derived": True}},)

    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    term: Mapped[str] = mapped_column(key_text(320), primary_key=True)
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SearchWord(Base):
    """A word that somebody's name has, or had: words stay until the index is rebuilt."""

    __tablename__ = "search_word"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"derived": True}},)

    word: Mapped[str] = mapped_column(key_text(40), primary_key=True)


class SearchKey(Base):
    """What a word still has in common with its misspellings; see `db.search.similar`."""

    __tablename__ = "search_key"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"derived": True}},)

    key: Mapped[str] = mapped_column(key_text(48), primary_key=True)
    word: Mapped[str] = mapped_column(key_text(40), primary_key=True)


class SearchRebuild(Base):
    """How far a rebuild has come; there is a row only while one is due or under way."""

    __tablename__ = "search_rebuild"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": {"derived": True}})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(key_text(20))
    kind: Mapped[int] = mapped_column(SmallInteger, default=0)
    place: Mapped[str] = mapped_column(key_text(320), default="")
    number: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
