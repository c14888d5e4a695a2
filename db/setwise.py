"""Changes many rows by one statement each, before the ledger's eyes.

For what moves a customer's rows by the thousand: a flush row by row would take ten times as long. Columns
that search is derived from may not be changed here: their rows go through the session.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from db import guard
from db.ledger import HIDDEN, LedgerSession, as_text
from db.models import Base

MOST_IDS = 10_000
"""Ids in one statement; PostgreSQL takes 65,535 parameters, SQLite 32,766."""


@dataclass(frozen=True)
class RowChange:
    """One field of one row, before and after, as the column's own type has them."""

    table: str
    row: str
    column: str
    before: Any
    after: Any


def move(session: LedgerSession, model: type[Base], column: str, *, giver: int, taker: int) -> list[Any]:
    """Let every row that names `giver` in a column name `taker`, and return their ids in order.

    The event tells how many rows of a table went.
    """
    _refuse_searched(model, (column,))
    with _gate(session):
        whose = {"giver": giver, "taker": taker}
        moved = list(session.live_connection.execute(_moving(model, column), whose).scalars())
    if moved:
        _forget(session, model)
        field = (model.__tablename__, f"{len(moved)} of C-{giver}", column)
        session.ledger.note_set_wise(field, f"C-{giver}", f"C-{taker}")
    return sorted(moved)


@cache
def _moving(model: Any, column: str) -> Any:
    table = model.__table__
    mine = table.c[column] == bindparam("giver")
    return update(table).where(mine).values({column: bindparam("taker")}).returning(table.c.id)


def change(
    session: LedgerSession, model: type[Base], ids: Collection[Any], values: Mapping[str, Any]
) -> list[RowChange]:
    """Give the rows of these ids the values, and return what was different before."""
    table: Any = model.__table__
    _refuse_searched(model, values)
    found: list[RowChange] = []
    columns = [table.c[name] for name in values]
    with _gate(session):
        for part in _parts(table, ids):
            rows = session.live_connection.execute(select(table.c.id, *columns).where(part)).all()
            for row, *before in sorted(rows):
                found += _differing(model.__tablename__, str(row), values, before)
            session.live_connection.execute(update(table).where(part).values(dict(values)))
    if found:
        _forget(session, model)
        _tell(session, table, found)
    return found


def add(
    session: LedgerSession, model: type[Base], rows: Sequence[dict[str, Any]], *, told: tuple[str, str, str]
) -> None:
    """Add rows by one statement; the event tells one column, of how many rows, and its value in them.

    For rows that follow from something else in the event.
    """
    column, rows_in_words, value = told
    _refuse_searched(model, (column, "customer_id"))
    with _gate(session):
        session.live_connection.execute(insert(model.__table__), list(rows))  # type: ignore[arg-type]  # a Table
    session.ledger.note_set_wise((model.__tablename__, rows_in_words, column), None, value)


def _differing(table: str, row: str, values: Mapping[str, Any], before: Iterable[Any]) -> Iterator[RowChange]:
    for (name, value), was in zip(values.items(), before, strict=True):
        if was != value:
            yield RowChange(table, row, name, was, value)


def _tell(session: LedgerSession, table: Any, found: list[RowChange]) -> None:
    """Note each field, but rows that change hands by their number."""
    hands: dict[tuple[str, Any, Any], int] = defaultdict(int)
    for each in found:
        column = table.c[each.column]
        if column.info.get("derived"):
            continue
        if any(key.column.table.name == "customer" for key in column.foreign_keys):
            hands[each.column, each.before, each.after] += 1
            continue
        is_secret = column.info.get("secret")
        texts = (HIDDEN, HIDDEN) if is_secret else (as_text(each.before), as_text(each.after))
        session.ledger.note_set_wise((each.table, each.row, each.column), *texts)
    for (name, before, after), count in hands.items():
        field = (table.name, f"{count} of {_name(before)}", name)
        session.ledger.note_set_wise(field, _name(before), _name(after))


def _name(owner: Any) -> str:
    return "nobody" if owner is None else f"C-{owner}"


def _refuse_searched(model: type[Base], values: Collection[str]) -> None:
    searched = [column.key for column in model.__table__.columns if column.info.get("searched")]
    if searched and ("customer_id" in values or set(searched) & set(values)):
        raise ValueError(f"{model.__tablename__} leads to customers by search: change it through the session")


def _parts(table: Any, ids: Collection[Any]) -> Iterator[Any]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), MOST_IDS):
        yield table.c.id.in_(ordered[start : start + MOST_IDS])


@contextmanager
def _gate(session: LedgerSession) -> Iterator[None]:
    """Open the gate of the guard, after what the session has pending."""
    session.flush()
    guard.set_flushing(session.live_connection, True)
    try:
        yield
    finally:
        guard.set_flushing(session.live_connection, False)


def _forget(session: LedgerSession, model: type[Base]) -> None:
    """Let the session read again what changed behind it."""
    session.ledger.families.pop(model, None)
    for item in list(session.identity_map.values()):
        if isinstance(item, model):
            session.expire(item)
