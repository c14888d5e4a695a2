"""Collects what a transaction changed, field by field, from the ORM's own history.

Nothing an operation writes can be missing here: tables outside the ledger's sight may not be
written at all (see `db.guard`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Connection, event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from db import guard
from db.models import Base

HIDDEN = "(hidden)"


@dataclass(frozen=True)
class Change:
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

    def note(self, item: Base, column: Any, before: Any, after: Any) -> None:
        """Remember one field; a later change of the same field keeps the first before."""
        field = (item.__tablename__, _row_id(item), column.key)
        texts, info = (as_text(before), as_text(after)), column.info
        if info.get("searched"):
            owner = item.id if item.__tablename__ == "customer" else item.customer_id  # type: ignore[attr-defined]  # searched columns belong to customers
            _note(self.searched.setdefault(owner, {}), field, *texts)
        if not info.get("derived"):
            _note(self._entries, field, *texts)

    def note_move(self, item: Base, before: int, after: int) -> None:
        """Remember that a row went from one customer to another, with all of it that leads to them."""
        for column in _columns(type(item)):
            if column.info.get("searched"):
                field = (item.__tablename__, _row_id(item), column.key)
                text = as_text(getattr(item, column.key))
                _note(self.searched.setdefault(before, {}), field, text, None)
                _note(self.searched.setdefault(after, {}), field, None, text)

    def note_set_wise(self, field: Field, before: str | None, after: str | None) -> None:
        """Remember a field, or a column of many rows, that `db.setwise` changed by one statement."""
        _note(self._entries, field, before, after)

    def forget(self, item: Base) -> None:
        """Take a row as having been there before: it only makes a shipped value visible for an edit."""
        table, row = item.__tablename__, _row_id(item)
        for field in [field for field in self._entries if field[:2] == (table, row)]:
            del self._entries[field]


def _note(
    entries: dict[Field, list[str | None]], field: Field, before: str | None, after: str | None
) -> None:
    entries.setdefault(field, [before, None])[1] = after


class LedgerSession(Session):
    """The only session that may flush; its ledger sees each flush."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(bind=connection, expire_on_commit=False, autoflush=True)
        self.ledger = Ledger()
        self.live_connection = connection

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is pending; a flush that fails leaves no open gate behind."""
        try:
            super().flush(objects)
        finally:
            guard.set_flushing(self.live_connection, False)


@event.listens_for(LedgerSession, "before_flush")
def _open_gate(session: LedgerSession, _context: UOWTransaction, _instances: object) -> None:
    guard.set_flushing(session.live_connection, True)


@event.listens_for(LedgerSession, "after_flush")
def _collect(session: LedgerSession, _context: UOWTransaction) -> None:
    guard.set_flushing(session.live_connection, False)
    for item in session.new:
        session.ledger.families.pop(type(item), None)
        _note_whole(session.ledger, item, is_new=True)
    for item in session.deleted:
        session.ledger.families.pop(type(item), None)
        _note_whole(session.ledger, item, is_new=False)
    for item in sorted(session.dirty, key=lambda row: (row.__tablename__, _row_id(row))):
        if "customer_id" not in inspect(item).unmodified:
            session.ledger.families.pop(type(item), None)
            _note_moved(session.ledger, item)
        _note_edited(session.ledger, item)


@cache
def _columns(model: type[Base]) -> tuple[Any, ...]:
    table: Any = model.__table__
    if table.info.get("derived") or table.info.get("audit"):
        return ()
    return tuple(
        column for column in table.columns if column.info.get("searched") or not column.info.get("derived")
    )


def _row_id(item: Base) -> str:
    return "/".join([str(getattr(item, key)) for key in _key_names(type(item))])


@cache
def _key_names(model: type[Base]) -> tuple[str, ...]:
    return tuple(column.key for column in model.__table__.primary_key)


def _note_whole(ledger: Ledger, item: Base, *, is_new: bool) -> None:
    for column in _columns(type(item)):
        if column.primary_key or column.foreign_keys:
            continue  # who it belongs to is the event's own customer and target
        value = getattr(item, column.key)
        if value is None:
            continue
        shown = HIDDEN if column.info.get("secret") else value
        before, after = (None, shown) if is_new else (shown, None)
        ledger.note(item, column, before, after)


def _note_moved(ledger: Ledger, item: Base) -> None:
    owner = inspect(item).attrs.get("customer_id")
    if owner is None:
        return
    history = owner.history
    before, after = next(iter(history.deleted or ()), None), next(iter(history.added or ()), None)
    if before is not None and after is not None and before != after:
        ledger.note_move(item, before, after)


def _note_edited(ledger: Ledger, item: Base) -> None:
    state = inspect(item)
    untouched = state.unmodified
    for column in _columns(type(item)):
        if column.key in untouched:
            continue
        history = state.attrs[column.key].history
        if not history.has_changes():
            continue
        if column.info.get("secret"):
            ledger.note(item, column, HIDDEN, HIDDEN)
        else:
            before = next(iter(history.deleted), None)
            ledger.note(item, column, before, next(iter(history.added), None))
