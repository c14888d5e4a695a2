"""Collects what a transaction changed, field by field, in the step that writes it.

Nothing an operation writes can be missing here: the session compares a row once, writes that and tells
the ledger that, and tables outside its sight may not be written at all (see `db.guard`).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import Connection, inspect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key

from db import guard
from db.models import Base
from db.prepared import Prepared, Values
from db.rows import (
    Column,
    Edit,
    columns_of,
    delete_row,
    edit_of,
    identity_of,
    insert_rows,
    keys_of,
    place_of,
    update_row,
)

Row = TypeVar("Row", bound=Base)
HIDDEN = "(hidden)"


class Change(msgspec.Struct, frozen=True):
    """One field of one row: `field` is `table.column`; values are text, None where there was none."""

    field: str
    row: str
    before: str | None
    after: str | None

    @property
    def key(self) -> str:
        """The field with its row, e.g. `email_profile.address#3`."""
        return f"{self.field}#{self.row}"


def as_text(value: Any) -> str | None:
    """Render a column value the same way on both databases."""
    match value:
        case None:
            return None
        case str() if type(value) is str:
            return value
        case Enum():
            return str(value.value)
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case _:
            return str(value)


Field = tuple[str, str, str]


class Ledger:
    """The changes of one transaction, first before and last after of each field.

    `searched` has those that lead to a customer. `families` keeps the rows of a customer that were read
    already, until one of their kind comes, goes or is moved.
    """

    def __init__(self) -> None:
        self._entries: dict[Field, list[str | None]] = {}
        self.searched: dict[int, dict[Field, list[str | None]]] = {}
        self.families: defaultdict[type[Base], dict[int, list[Any]]] = defaultdict(dict)

    def changes(self) -> tuple[Change, ...]:
        """Return what really changed, in the order in which it was first written."""
        return tuple(
            Change(f"{table}.{column}", row, before, after)
            for (table, row, column), (before, after) in self._entries.items()
            if before != after or before == HIDDEN
        )

    def note(self, item: Base, column: Column, before: Any, after: Any) -> None:
        """Remember one field; a later change of the same field keeps the first before."""
        self._note(item, row_id(item), column, as_text(before), as_text(after))

    def _note(self, item: Base, row: str, column: Column, before: str | None, after: str | None) -> None:
        field = (item.__tablename__, row, column.key)
        if column.searched:
            owner = item.id if item.__tablename__ == "customer" else item.customer_id  # type: ignore[attr-defined]  # searched columns belong to customers
            self.searched.setdefault(owner, {}).setdefault(field, [before, None])[1] = after
        if not column.derived:
            self._entries.setdefault(field, [before, None])[1] = after

    def note_whole(self, item: Base, *, is_new: bool) -> None:
        """Remember all fields of a row that came or went."""
        self.families.pop(type(item), None)
        row = row_id(item)
        for column in _told(type(item)):
            if column.is_key or column.refers:
                continue  # who it belongs to is the event's own customer and target
            value = getattr(item, column.key)
            if value is not None:
                shown = HIDDEN if column.secret else as_text(value)
                before, after = (None, shown) if is_new else (shown, None)
                self._note(item, row, column, before, after)

    def note_edit(self, edit: Edit) -> None:
        """Remember the fields of a row that changed."""
        item = edit.row
        if "customer_id" in edit.values:
            self.families.pop(type(item), None)
            giver, taker = edit.values["customer_id"]
            if giver is not None and taker is not None:
                self.note_move(item, giver, taker)
        for column in _told(type(item)):
            if column.key in edit.values:
                hidden = (HIDDEN, HIDDEN)
                self.note(item, column, *(hidden if column.secret else edit.values[column.key]))

    def note_move(self, item: Base, before: int, after: int) -> None:
        """Remember that a row went from one customer to another, with all of it that leads to them."""
        for column in _told(type(item)):
            if column.searched:
                field = (item.__tablename__, row_id(item), column.key)
                text = as_text(getattr(item, column.key))
                self.searched.setdefault(before, {}).setdefault(field, [text, None])[1] = None
                self.searched.setdefault(after, {}).setdefault(field, [None, None])[1] = text

    def note_set_wise(self, field: Field, before: str | None, after: str | None) -> None:
        """Remember a field, or a column of many rows, that `db.setwise` changed by one statement."""
        self._entries.setdefault(field, [before, None])[1] = after

    def forget(self, item: Base) -> None:
        """Take a row as having been there before: it only makes a shipped value visible for an edit."""
        table, row = item.__tablename__, row_id(item)
        for field in [field for field in self._entries if field[:2] == (table, row)]:
            del self._entries[field]


class LedgerSession(Session):
    """The only session that may flush; what it writes and what it tells its ledger is the same comparison."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(bind=connection, expire_on_commit=False, autoflush=True)
        self.ledger = Ledger()
        self.live_connection = connection
        self._coming: dict[int, tuple[Base, dict[str, Base | None]]] = {}
        self._going: list[Base] = []
        self._met: list[Any] = []

    def add(self, instance: object, *, _warn: bool = True, **owners: Base | None) -> None:
        """Let a new row be written; `owners` are the columns that take the id of a row written before it."""
        if inspect(cast(Base, instance)).key is None:
            self._coming[id(instance)] = (cast(Base, instance), owners)
        else:
            super().add(instance, _warn=_warn)

    def delete(self, instance: object) -> None:
        """Let a row be removed."""
        self._going.append(cast(Base, instance))

    def is_changing(self, model: type[Base]) -> bool:
        """Whether rows of a kind wait to be added or removed."""
        return any(
            isinstance(row, model) for row in (*self._going, *(row for row, _ in self._coming.values()))
        )

    def read(self, model: type[Row], statement: Prepared, values: Values) -> list[Row]:
        """Return the rows of a statement that selects all columns of a model, as they are in the database."""
        self.flush()
        return [self._as_row(model, found) for found in statement.rows(self.live_connection, values)]

    def _as_row(self, model: type[Row], found: Sequence[Any]) -> Row:
        values = dict(zip((column.key for column in columns_of(model)), found, strict=True))
        known = self.identity_map.get(identity_key(model, tuple(values[key] for key in keys_of(model))))
        if known is not None:
            for key, value in values.items():
                set_committed_value(known, key, value)
            return known
        row = model(**values)
        self._keep(row)
        return row

    def _keep(self, row: Base) -> None:
        """Take a row as one that the database has just like this."""
        make_transient_to_detached(row)
        super().add(row)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is pending; a flush that fails rolls back and leaves no open gate behind."""
        changed = (edit_of(row) for row in self.dirty if not any(row is gone for gone in self._going))
        edits = [edit for edit in changed if edit is not None]
        if not (edits or self._coming or self._going):
            return
        guard.set_flushing(self.live_connection, True)
        try:
            self._write(edits)
        except BaseException:
            inner = self.live_connection.get_nested_transaction() or self.live_connection.get_transaction()
            if inner is not None:
                inner.rollback()
            raise
        finally:
            guard.set_flushing(self.live_connection, False)

    def _write(self, edits: list[Edit]) -> None:
        """Write each kind after those that it refers to, removals last, and tell the ledger."""
        connection, coming, going = self.live_connection, list(self._coming.values()), self._going
        self._coming, self._going = {}, []
        kinds: set[type[Base]] = {type(row) for row, _ in coming} | {type(edit.row) for edit in edits}
        for kind in sorted(kinds, key=place_of):
            self._met += [update_row(connection, edit) for edit in edits if type(edit.row) is kind]
            self._insert([(row, owners) for row, owners in coming if type(row) is kind])
        for row in sorted(going, key=lambda row: -place_of(type(row))):
            self._met.append(delete_row(connection, row))
        for row, _ in coming:
            self.ledger.note_whole(row, is_new=True)
        for row in going:
            self.ledger.note_whole(row, is_new=False)
            self.expunge(row)
        for edit in sorted(edits, key=lambda edit: (edit.row.__tablename__, row_id(edit.row))):
            self.ledger.note_edit(edit)

    def _insert(self, coming: list[tuple[Base, dict[str, Base | None]]]) -> None:
        for row, owners in coming:
            for column, owner in owners.items():
                setattr(row, column, getattr(owner, "id", None))
        rows = [row for row, _ in coming]
        insert_rows(self.live_connection, rows)
        for row in rows:
            self._keep(row)

    def settle(self) -> None:
        """Raise `StaleDataError` where a row that was changed or removed was no longer there."""
        if any(cursor.rowcount != 1 for cursor in self._met):
            raise StaleDataError("a row that was to be changed is gone")
        self._met.clear()


@cache
def _told(model: type[Base]) -> tuple[Column, ...]:
    info = model.__table__.info  # type: ignore[attr-defined]  # declarative tables are Tables
    if info.get("derived") or info.get("audit"):
        return ()
    return tuple(column for column in columns_of(model) if column.searched or not column.derived)


def row_id(item: Base) -> str:
    """Return what tells a row from all others of its table, as text."""
    return "/".join(map(str, identity_of(item)))
