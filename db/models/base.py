"""What every table shares: naming, UTC times, and the marks that the guard and the ledger read.

A column's `info` says how the audit ledger treats it: `derived` values follow from others and are
left out, `secret` values are recorded as changed without ever being shown (R12). `searched` values
lead to a customer through search terms.
"""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import Enum, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase

from db.models.merge_policy import MergePolicy
from db.moments import UtcTime

DERIVED = {"derived": True}
SECRET = {"secret": True}
SEARCHED = {"searched": True}

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def key_text(length: int) -> String:
    """Text compared byte by byte on both databases, so that a prefix is a range of its index."""
    text = String(length)
    return text.with_variant(String(length, collation="C"), "postgresql")


def choice(kind: type[StrEnum], name: str) -> Enum:
    """A column that holds one value of an enumeration, checked by the database too."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def leading(table: str, *columns: str) -> Index:
    """Return an index that finds the first column and holds the others too, so that a search needs no row."""
    return Index(f"ix_{table}_{columns[0]}", *columns)


@cache
def _columns(model: type[Any]) -> frozenset[str]:
    return frozenset(model.__table__.columns.keys())


class Base(DeclarativeBase):
    """The root of all models."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: UtcTime()}
    __merge__: ClassVar[MergePolicy]
    """What a merge does with the rows; each model that leads to a customer has its own (a test says so)."""

    def __init__(self, **values: Any) -> None:
        """Take column values by name, past the instrumentation: a new row has no history to keep."""
        unknown = values.keys() - _columns(type(self))
        if unknown:
            raise TypeError(f"{type(self).__name__} has no column {', '.join(sorted(unknown))}")
        vars(self).update(values)

    def as_row(self) -> dict[str, Any]:
        """Return the column values by name, for building frozen copies."""
        return {column.key: getattr(self, column.key) for column in self.__table__.columns}
