"""Lets several reads see the database as it was at one moment, however many changes are saved meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def one_moment(connection: Connection) -> Iterator[Connection]:
    """Give a connection all of whose reads see the same moment.

    On SQLite that is any that reads; on PostgreSQL those have no transactions, so it is another one.
    """
    if connection.dialect.name == "sqlite":
        yield connection
        return
    with connection.engine.connect() as own:
        yield own.execution_options(isolation_level="REPEATABLE READ")
