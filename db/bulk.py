"""Adds many new rows at once, with one audit event for each batch that counts and hashes them.

For building a practice database, for imports and for measuring. Rows go in by key order, search terms
included: by `COPY` on PostgreSQL, by one prepared statement for each table on SQLite.
"""

import gc
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, inspect
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from db import guard
from db.actor import service
from db.audit.chain import Entry, append
from db.audit.event import Detail
from db.engine import Database
from db.failures import translated
from db.models import Address, Base, Customer, EmailProfile, SearchKey, SearchTerm, SearchWord
from db.rules.roles import SERVICE
from db.search.index import terms_of, words_among
from db.search.vocabulary import key_rows, unknown

BATCH = 20_000
"""Customers in a batch of a large load: enough for sorted inserts to pay, some 100 MB of memory."""

_CACHE_KB = 262_144
"""SQLite's page cache while loading: the leaves that a batch touches all over the indexes stay in it."""

_TABLES = Base.metadata.tables
Row = dict[str, Any]
Rows = Mapping[type[Base], Sequence[Row]]


def load_all(database: Database, batches: Iterable[Rows], *, worker: str, reason: str) -> int:
    """Add batches one after the other, each in a transaction of its own, and return how many customers.

    Batches are taken one at a time, so a generator of them holds one in memory. What was loaded before a
    failure stays, and its events say what that is.
    """
    count = 0
    for rows in batches:
        load(database, rows, worker=worker, reason=reason)
        count += len(rows.get(Customer, ()))
    return count


def load(database: Database, rows: Rows, *, worker: str, reason: str) -> int:
    """Add rows in one transaction and return the sequence number of its event.

    Every row carries its key. Tables are filled in the order in which they depend on each other.
    """
    ordered = {
        table: sorted(rows[model], key=_place(table))
        for table in Base.metadata.sorted_tables
        for model in rows
        if model.__table__ is table and rows[model]
    }
    with (
        translated(database.url),
        database.writer.connect() as connection,
        guard.writing(connection, "bulk"),
        connection.begin(),
        _not_collecting(),
    ):
        _make_room(connection)
        details = [
            Detail(f"{table.name}.rows", after=_add(connection, table, found))
            for table, found in ordered.items()
        ]
        _add_terms(connection, rows)
        _move_sequences(connection, rows)
        entry = Entry(
            at=database.clock(connection),
            actor=service(worker),
            role=SERVICE,
            operation="load-rows",
            outcome="applied",
            details=(Detail("reason", after=reason), *details),
        )
        return append(connection, entry)


def _place(table: Table) -> Callable[[Row], Any]:
    """Order by key, rows that point at a row of the same table last."""
    key = table.primary_key.columns[0].name
    own = [column.name for column in table.columns if column.references(table.primary_key.columns[0])]
    if not own:
        return itemgetter(key)
    return lambda row: (any(row.get(name) is not None for name in own), row[key])


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Let the collector of cycles rest: a batch is a million objects without any.

    Looking through them again and again took a tenth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _make_room(connection: Connection) -> None:
    """A batch takes longer than an operator's change, and touches more pages."""
    with guard.driver_cursor(connection) as cursor:
        if connection.dialect.name == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = 0")
        else:
            cursor.execute(f"PRAGMA cache_size = -{_CACHE_KB}")


def _add(connection: Connection, table: Table, rows: Sequence[Row]) -> str:
    """Write rows of one table and return how many they were and their hash, as the event tells it."""
    given = sorted({key for row in rows for key in row})
    if any(len(row) < len(given) for row in rows):
        rows = [{name: row.get(name) for name in given} for row in rows]
    columns = {name: list(map(itemgetter(name), rows)) for name in given}
    digest = hashlib.sha256(msgspec.json.encode(columns))
    for column in table.columns:
        if column.name not in columns and isinstance(column.default, ScalarElementColumnDefault):
            columns[column.name] = [column.default.arg] * len(rows)
    stored = [_stored(connection, table, name, values) for name, values in columns.items()]
    _write(connection, table, list(columns), zip(*stored, strict=True))
    return f"{len(rows)} rows, sha256 {digest.hexdigest()}"


def _stored(connection: Connection, table: Table, name: str, values: list[Any]) -> list[Any]:
    """Turn the values of a column into what the driver takes, equal ones once."""
    convert = table.columns[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    if convert is None:
        return values
    known = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]


def _write(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    with guard.driver_cursor(connection) as cursor:
        if connection.dialect.name == "postgresql":
            _copy(cursor, _target(connection, table, names), rows)
        else:
            marks = ", ".join("?" * len(names))
            cursor.executemany(f"INSERT INTO {_target(connection, table, names)} VALUES ({marks})", rows)


def _write_absent(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Write rows that somebody else may be writing too: `COPY` cannot pass over those by itself."""
    if connection.dialect.name != "postgresql":
        _write(connection, table, names, rows)
        return
    columns = ", ".join(names)
    with guard.driver_cursor(connection) as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE arriving (LIKE {table.name})")
        _copy(cursor, f"arriving ({columns})", rows)
        cursor.execute(
            f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM arriving ORDER BY {columns}"
            " ON CONFLICT DO NOTHING"
        )
        cursor.execute("DROP TABLE arriving")


def _target(connection: Connection, table: Table, names: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(map(quote, names))})"


def _copy(cursor: Any, target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _add_terms(connection: Connection, rows: Rows) -> None:
    emails = _by_customer(rows.get(EmailProfile, ()), "canonical")
    cities = _by_customer(rows.get(Address, ()), "city")
    terms = sorted(
        (int(kind), term, row["id"])
        for row in rows.get(Customer, ())
        for kind, term in terms_of(
            row["given_name"], row["family_name"], emails.get(row["id"], ()), cities.get(row["id"], ())
        )
    )
    _write(connection, _TABLES[SearchTerm.__tablename__], ("kind", "term", "customer_id"), terms)
    new = unknown(connection, words_among((kind, term) for kind, term, _ in terms))
    _write_absent(connection, _TABLES[SearchWord.__tablename__], ("word",), [(word,) for word in new])
    _write_absent(connection, _TABLES[SearchKey.__tablename__], ("key", "word"), key_rows(new))


def _by_customer(rows: Sequence[Row], name: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row["customer_id"]].append(row[name])
    return found


def _move_sequences(connection: Connection, rows: Rows) -> None:
    """Let new ids go on after the loaded ones; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for model in rows:
        key = inspect(model).primary_key[0]
        table = model.__tablename__
        if key.name != "id" or not issubclass(key.type.python_type, int):
            continue
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))"
        )
