"""Adds many new rows at once, with one audit event that counts and hashes them.

For building a practice database and for imports: rows go in by key order, search terms included.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, inspect

from db import guard
from db.actor import service
from db.audit.chain import Entry, append
from db.audit.event import Detail
from db.engine import Database
from db.failures import translated
from db.ledger import as_text
from db.models import Base, Customer, EmailProfile, SearchTerm
from db.rules.roles import SERVICE
from db.search.index import terms_of

Row = dict[str, Any]
Rows = Mapping[type[Base], Sequence[Row]]


def load(database: Database, rows: Rows, *, worker: str, reason: str) -> int:
    """Add rows in one transaction and return the sequence number of its event.

    Every row carries its key. Tables are filled in the order in which they depend on each other.
    """
    ordered = {
        table: sorted(rows[model], key=_place(table))
        for table in Base.metadata.sorted_tables
        for model in rows
        if model.__table__ is table
    }
    with (
        translated(database.url),
        database.writer.connect() as connection,
        guard.writing(connection, "bulk"),
        connection.begin(),
    ):
        for table, found in ordered.items():
            if found:
                connection.execute(insert(table), _with_same_keys(found))
        _add_terms(connection, rows)
        _move_sequences(connection, rows)
        details = [
            Detail(f"{table.name}.rows", after=_fingerprint(found)) for table, found in ordered.items()
        ]
        entry = Entry(
            at=database.clock(connection),
            actor=service(worker),
            role=SERVICE,
            operation="load-rows",
            outcome="applied",
            details=(Detail("reason", after=reason), *details),
        )
        return append(connection, entry)


def _place(table: Table) -> Callable[[Row], tuple[bool, Any]]:
    """Order by key, rows that point at a row of the same table last."""
    key = table.primary_key.columns[0].name
    own = [column.name for column in table.columns if column.references(table.primary_key.columns[0])]
    return lambda row: (any(row.get(name) is not None for name in own), row[key])


def _with_same_keys(rows: Sequence[Row]) -> list[Row]:
    """Fill gaps with None: a batch is one statement, so its rows need the same columns."""
    keys = {key for row in rows for key in row}
    return [{key: row.get(key) for key in keys} for row in rows]


def _fingerprint(rows: Sequence[Row]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr([(key, as_text(row[key])) for key in sorted(row)]).encode())
    return f"{len(rows)} rows, sha256 {digest.hexdigest()}"


def _add_terms(connection: Connection, rows: Rows) -> None:
    emails: dict[int, list[str]] = defaultdict(list)
    for row in rows.get(EmailProfile, ()):
        emails[row["customer_id"]].append(row["canonical"])
    terms = sorted(
        (kind, term, row["id"])
        for row in rows.get(Customer, ())
        for kind, term in terms_of(row["given_name"], row["family_name"], emails[row["id"]])
    )
    if terms:
        added = [{"kind": kind, "term": term, "customer_id": owner} for kind, term, owner in terms]
        connection.execute(insert(SearchTerm), added)


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
