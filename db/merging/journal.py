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
_NAMES = ("table_name", "row_id", "column_name", "before", "after")
_EACH_ID = {
    "sqlite": "CAST(value AS TEXT), :column_name, :before, :after FROM json_each(:ids)",
    "postgresql": "value, :column_name, :before, :after"
    " FROM json_array_elements_text(CAST(:ids AS json)) WITH ORDINALITY AS moved (value, place)",
}
_PLACE = {"sqlite": "key", "postgresql": "CAST(place AS integer) - 1"}
_ADD_MOVED = {
    dialect: _ADD.from_select(
        _TABLE.columns.keys(),
        text(
            f"SELECT CAST(:merge_id AS integer), CAST(:first AS integer) + {_PLACE[dialect]}, :table_name,"
            f" {each_id}"
        ).columns(*_TABLE.columns),
    )
    for dialect, each_id in _EACH_ID.items()
}
"""Rows by the thousand, as one value: parameter by parameter the driver takes several times as long."""
_ROWS = (
    select(MergeRow.table_name, MergeRow.row_id, MergeRow.column_name, MergeRow.before, MergeRow.after)
    .where(MergeRow.merge_id == bindparam("merge_id"))
    .order_by(MergeRow.position)
)
Line = tuple[str, str, str, str, str]
"""Table, row, column, and before and after as JSON."""
_MODELS = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]  # declarative tables have names


@dataclass(frozen=True)
class Moves:
    """Rows of one table that went from one customer to another."""

    table: str
    column: str
    giver: int
    taker: int
    ids: list[Any]

    def stored(self, merge_id: int, first: int) -> dict[str, Any]:
        """Return the parameters of the statement that writes them, from a position on."""
        return {
            "merge_id": merge_id,
            "first": first,
            "table_name": self.table,
            "column_name": self.column,
            "before": packed(self.giver),
            "after": packed(self.taker),
            "ids": packed(self.ids),
        }


@dataclass
class Journal:
    """What a merge has changed so far: first before and last after of each field, in order."""

    _fields: dict[tuple[str, str, str], list[Any]] = field(default_factory=dict)
    _witnessed: set[tuple[str, str, str]] = field(default_factory=set)
    _moves: list[Moves] = field(default_factory=list)

    def add(self, changes: Iterable[RowChange]) -> None:
        """Remember fields that were changed set-wise."""
        for each in changes:
            self._note((each.table, each.row, each.column), each.before, each.after)

    def move(self, moves: Moves) -> None:
        """Remember rows that went to another customer."""
        self._moves.append(moves)

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

    def lines(self) -> list[Line]:
        """Return the ledger as its table has it: what differs from before, what was witnessed, what moved."""
        found = [
            (*place, packed(before), packed(after))
            for place, (before, after) in self._fields.items()
            if before != after or place in self._witnessed
        ]
        for each in self._moves:
            values = (each.column, packed(each.giver), packed(each.taker))
            found += [(each.table, str(row), *values) for row in each.ids]
        return found

    def write(self, session: LedgerSession, merge_id: int, lines: list[Line]) -> None:
        """Write the ledger, given as its lines; the event has its digest instead of the rows."""
        alone = len(lines) - sum(len(each.ids) for each in self._moves)
        connection = session.live_connection
        guard.set_flushing(connection, True)
        try:
            if alone:
                rows = [
                    {"merge_id": merge_id, "position": position, **dict(zip(_NAMES, line, strict=True))}
                    for position, line in enumerate(lines[:alone])
                ]
                connection.execute(_ADD, rows)
            for each in self._moves:
                connection.execute(_ADD_MOVED[connection.dialect.name], each.stored(merge_id, alone))
                alone += len(each.ids)
        finally:
            guard.set_flushing(connection, False)

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


def digest_of(lines: list[Line]) -> str:
    """Return SHA-256 over the ledger, which the audit event keeps."""
    return hashlib.sha256(msgspec.json.encode(lines)).hexdigest()


def read_lines(connection: Connection, merge_id: int) -> list[Line]:
    """Return the ledger of a merge as it is stored, in the order in which it was written."""
    return [(*row,) for row in connection.execute(_ROWS, {"merge_id": merge_id})]


def read(connection: Connection, merge_id: int) -> list[RowChange]:
    """Return the ledger of a merge, in the order in which the fields were changed."""
    return [
        RowChange(table, row, column, unpacked(table, column, before), unpacked(table, column, after))
        for table, row, column, before, after in read_lines(connection, merge_id)
    ]
