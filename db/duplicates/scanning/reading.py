"""Reads the whole base into columns, by statements that stream."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from db.duplicates.people import BORN, LIVE
from db.duplicates.scanning.columns import Gathering

ROWS = 20_000
"""Rows that are fetched at a time."""

Report = Callable[[str, int, int], object]

_LIVE = ", ".join(f"'{status}'" for status in LIVE)
_CUSTOMERS = {
    dialect: (
        f"SELECT id, given_name, family_name, {born.format('birth_date')} FROM customer"
        f" WHERE status IN ({_LIVE}) ORDER BY id"
    )
    for dialect, born in BORN.items()
}
_EMAILS = (
    "SELECT customer_id, canonical FROM email_profile"
    " UNION ALL SELECT customer_id, canonical FROM authentication_profile WHERE canonical LIKE '%@%'"
)
_PHONES = "SELECT customer_id, canonical FROM phone_profile"
_HOMES = "SELECT customer_id, street, city, postcode, is_primary, id FROM address"
_LAST = text("SELECT coalesce(max(id), 0) FROM customer")


def streaming(connection: Connection) -> Connection:
    """Return a connection that nothing was asked of yet as one that streams, in a transaction."""
    if connection.dialect.name != "postgresql":
        return connection
    return connection.execution_options(isolation_level="READ COMMITTED")


def read_base(connection: Connection, report: Report) -> Gathering:
    """Return what makes the columns of all customers who are neither merged nor erased.

    They are made by `done()`, when the connection is given back: a server waits only so long for the next
    statement.
    """
    gathering = Gathering()
    total = connection.execute(_LAST).scalar_one()
    parts: tuple[tuple[str, str, Callable[[Sequence[Any]], None]], ...] = (
        ("reading customers", _CUSTOMERS[connection.dialect.name], gathering.customers),
        ("reading emails", _EMAILS, gathering.emails),
        ("reading phones", _PHONES, gathering.phones),
        ("reading addresses", _HOMES, gathering.homes),
    )
    for step, statement, take in parts:
        done = 0
        report(step, done, total)
        result = connection.execute(
            text(statement), execution_options={"stream_results": True, "max_row_buffer": ROWS}
        )
        for rows in result.partitions(ROWS):
            take(rows)
            done += len(rows)
            report(step, min(done, total), total)
    return gathering
