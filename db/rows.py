"""Reads and writes rows of the models: statements that are built once for each table and set of columns.

An `Edit` is compared once, and the same comparison is what is written and what the ledger is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Insert, bindparam, delete, insert, inspect, text, update
from sqlalchemy.orm import LoaderCallableStatus, attributes

from db.models import Base
from db.prepared import Prepared

_SAME = object()
_OLD = "old_"
"""Before the name of a key, where a statement says which row is meant."""


@dataclass(frozen=True)
class Column:
    """What has to be known of a column to write it and to tell of it."""

    key: str
    default: Any
    is_key: bool
    refers: bool
    secret: bool
    searched: bool
    derived: bool


@dataclass(frozen=True)
class Edit:
    """A row that was there before, and its changed columns with both values."""

    row: Base
    values: dict[str, tuple[Any, Any]]


@cache
def columns_of(model: type[Base]) -> tuple[Column, ...]:
    """Return the columns of a model in their order."""
    return tuple(
        Column(
            key=column.key,
            default=getattr(column.default, "arg", None),
            is_key=column.primary_key,
            refers=bool(column.foreign_keys),
            secret=bool(column.info.get("secret")),
            searched=bool(column.info.get("searched")),
            derived=bool(column.info.get("derived")),
        )
        for column in model.__table__.columns
    )


def identity_of(row: Base) -> tuple[Any, ...]:
    """Return the key of a row that the database has, which needs no reading where the row is expired."""
    return tuple(inspect(row).identity or ())


def column_of(model: type[Base], key: str) -> Column:
    """Return one column of a model."""
    return next(column for column in columns_of(model) if column.key == key)


@cache
def keys_of(model: type[Base]) -> tuple[str, ...]:
    """Return the names of the columns that tell a row from all others of its table."""
    return tuple(column.key for column in columns_of(model) if column.is_key)


def place_of(model: type[Base]) -> int:
    """Return where a table stands in the order of writing: after all that it refers to."""
    return _places()[model.__tablename__]


@cache
def _places() -> dict[str, int]:
    return {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}


def edit_of(row: Base) -> Edit | None:
    """Return what differs from what was read or written last, None where nothing does."""
    old, new = inspect(row).committed_state, vars(row)
    if not old:
        return None
    values = {}
    for column in columns_of(type(row)):
        before = old.get(column.key, _SAME)
        if before is not _SAME and before != new[column.key]:
            is_known = not isinstance(before, LoaderCallableStatus)
            values[column.key] = (before if is_known else None, new[column.key])
    return Edit(row, values) if values else None


def insert_rows(connection: Connection, rows: Sequence[Base]) -> None:
    """Add rows of one model; defaults, and keys that the database gives, are in them afterwards."""
    for row in rows:
        values = vars(row)
        for column in columns_of(type(row)):
            if values.get(column.key) is None:
                values[column.key] = column.default
    if len(rows) > 1 and connection.dialect.name == "postgresql" and all(map(_lacking, rows)):
        _insert_together(connection, rows)
        return
    for row in rows:
        lacking = _lacking(row)
        cursor = _insertion(type(row), lacking).run(connection, vars(row))
        if lacking is not None:
            is_sqlite = connection.dialect.name == "sqlite"
            vars(row)[lacking] = cursor.lastrowid if is_sqlite else cursor.fetchone()[0]


def _insert_together(connection: Connection, rows: Sequence[Base]) -> None:
    """Add rows that all lack their key; keys are given in the order of the rows."""
    model = type(rows[0])
    (key,) = keys_of(model)
    keys = [column.key for column in columns_of(model) if column.key != key]
    values = [{name: vars(row)[name] for name in keys} for row in rows]
    found = _inserting_many(model, key).rows(connection, {"rows": msgspec.json.encode(values).decode()})
    for row, (given,) in zip(rows, sorted(found), strict=True):
        vars(row)[key] = given


def _lacking(row: Base) -> str | None:
    """Return the key that the database has to give."""
    return next((key for key in keys_of(type(row)) if vars(row)[key] is None), None)


def update_row(connection: Connection, edit: Edit) -> Any:
    """Write the changed columns of a row and return the cursor, which knows whether there was one."""
    row = edit.row
    values = {key: after for key, (_, after) in edit.values.items()}
    cursor = _updating(type(row), tuple(values)).run(connection, values | _old(row))
    for key, after in values.items():
        attributes.set_committed_value(row, key, after)
    return cursor


def delete_row(connection: Connection, row: Base) -> Any:
    """Remove a row and return the cursor, which knows whether there was one."""
    return _deleting(type(row)).run(connection, _old(row))


def _old(row: Base) -> dict[str, Any]:
    return {f"{_OLD}{key}": value for key, value in zip(keys_of(type(row)), identity_of(row), strict=True)}


@cache
def _insertion(model: type[Base], lacking: str | None) -> Prepared:
    table: Any = model.__table__
    keys = [column.key for column in columns_of(model) if column.key != lacking]
    plain = insert(table).inline()
    asking = plain if lacking is None else insert(table).returning(table.c[lacking])
    return Prepared(sqlite=plain, postgresql=asking, keys=keys)


def rows_as_json(table: Any, keys: Sequence[str]) -> Insert:
    """Return the statement of PostgreSQL that adds rows which come as one JSON value, `rows`, in their order.

    Parameter by parameter, a dozen rows take the driver four times as long.
    """
    columns = [table.c[key] for key in keys]
    named = ", ".join(f'"{column.name}"' for column in columns)
    chosen = text(
        f"SELECT {named} FROM json_populate_recordset(CAST(NULL AS {table.name}), CAST(:rows AS json))"
        " WITH ORDINALITY ORDER BY ordinality"
    )
    return insert(table).from_select(columns, chosen.columns(*columns))


@cache
def _inserting_many(model: type[Base], lacking: str) -> Prepared:
    table: Any = model.__table__
    keys = [column.key for column in columns_of(model) if column.key != lacking]
    return Prepared(rows_as_json(table, keys).returning(table.c[lacking]))


@cache
def _updating(model: type[Base], changed: tuple[str, ...]) -> Prepared:
    table: Any = model.__table__
    return Prepared(update(table).where(*_meant(model)), keys=changed)


@cache
def _deleting(model: type[Base]) -> Prepared:
    table: Any = model.__table__
    return Prepared(delete(table).where(*_meant(model)))


def _meant(model: type[Base]) -> list[Any]:
    table: Any = model.__table__
    return [table.c[key] == bindparam(f"{_OLD}{key}", type_=table.c[key].type) for key in keys_of(model)]
