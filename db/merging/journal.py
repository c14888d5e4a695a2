"""The ledger of a merge: each changed field as JSON of its column's own type, written and read back."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, text

from db import guard
from db.ledger import LedgerSession
from db.models import Base, MergeRow
from db.moments import UtcTime
from db.setwise import RowChange

_TABLE: Any = MergeRow.__table__
_ADD = insert(_TABLE)
_COLUMNS = _TABLE.columns.keys()
_ADD_AS_JSON = _ADD.from_select(
    _COLUMNS,
    text(
        f"SELECT {', '.join(_COLUMNS)}"
        " FROM json_populate_recordset(CAST(NULL AS merge_row), CAST(:rows AS json))"
    ).columns(*_TABLE.columns),
)
"""For PostgreSQL: as one value, rows by the thousand are written in a quarter of the time."""
_ROWS = (
    select(MergeRow.table_name, MergeRow.row_id, MergeRow.column_name, MergeRow.before, MergeRow.after)
    .where(MergeRow.merge_id == bindparam("merge_id"))
    .order_by(MergeRow.position)
)
_MODELS = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]  # declarative tables have names


@dataclass
class Journal:
    """What a merge has changed so far: first before and last after of each field, in order."""

    _fields: dict[tuple[str, str, str], list[Any]] = field(default_factory=dict)
    _witnessed: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, changes: Iterable[RowChange]) -> None:
        """Remember fields that were changed set-wise."""
        for each in changes:
            self._note((each.table, each.row, each.column), each.before, each.after)

    def edit(self, row: Any, **values: Any) -> None:
        """Change fields of a row in the session, and remember those that really changed."""
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                self._note((row.__tablename__, str(row.id), name), before, value)
                setattr(row, name, value)

    def witness(self, row: Any, name: str) -> None:
        """Remember a field that is not changed, so that an undo sees whether somebody else has."""
        place = (row.__tablename__, str(row.id), name)
        self._witnessed.add(place)
        self._note(place, getattr(row, name), getattr(row, name))

    def rows(self) -> list[RowChange]:
        """Return what is different from before, and what was witnessed."""
        return [
            RowChange(*place, before, after)
            for place, (before, after) in self._fields.items()
            if before != after or place in self._witnessed
        ]

    def _note(self, place: tuple[str, str, str], before: Any, after: Any) -> None:
        self._fields.setdefault(place, [before, None])[1] = after


def is_witness(each: RowChange) -> bool:
    """Whether a merge wrote a field down without changing it."""
    return bool(each.before == each.after)


def model_of(table: str) -> type[Base]:
    """Return the model of a table."""
    return _MODELS[table]


@cache
def _type_of(table: str, column: str) -> Any:
    kind = model_of(table).__table__.columns[column].type
    return datetime if isinstance(kind, UtcTime) else kind.python_type


def packed(value: Any) -> str:
    """Write a column value as JSON."""
    return msgspec.json.encode(value).decode()


def unpacked(table: str, column: str, stored: str) -> Any:
    """Read a value back as its column's own type."""
    return msgspec.json.decode(stored, type=_type_of(table, column) | None)


def stored_rows(merge_id: int, rows: list[RowChange]) -> list[dict[str, Any]]:
    """Return the rows of the ledger as its table has them."""
    return [
        {
            "merge_id": merge_id,
            "position": position,
            "table_name": each.table,
            "row_id": each.row,
            "column_name": each.column,
            "before": packed(each.before),
            "after": packed(each.after),
        }
        for position, each in enumerate(rows)
    ]


def digest_of(rows: list[dict[str, Any]]) -> str:
    """Return SHA-256 over the rows but their merge, which the audit event keeps."""
    lines = (tuple(value for name, value in row.items() if name != "merge_id") for row in rows)
    return hashlib.sha256(msgspec.json.encode(list(lines))).hexdigest()


def write(session: LedgerSession, rows: list[dict[str, Any]]) -> None:
    """Write the ledger; the event has its digest instead of the rows."""
    connection = session.live_connection
    guard.set_flushing(connection, True)
    try:
        if connection.dialect.name == "postgresql":
            connection.execute(_ADD_AS_JSON, {"rows": msgspec.json.encode(rows).decode()})
        else:
            connection.execute(_ADD, rows)
    finally:
        guard.set_flushing(connection, False)


def read(connection: Connection, merge_id: int) -> list[RowChange]:
    """Return the ledger of a merge, in the order in which the fields were changed."""
    return [
        RowChange(table, row, column, unpacked(table, column, before), unpacked(table, column, after))
        for table, row, column, before, after in connection.execute(_ROWS, {"merge_id": merge_id})
    ]
