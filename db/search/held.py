"""Runs the held statements of search, plain SQL with named parameters, in the form that the driver takes.

Each is put into that form once: preparing a statement anew for every key that is typed would take longer
than most of them run.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, text


def rows(connection: Connection, statement: str, asked: Mapping[str, Any]) -> Sequence[Any]:
    """Return all rows of a statement that reads."""
    written, places = _written(connection.dialect, statement)
    bound = asked if places is None else tuple([asked[name] for name in places])
    return connection.exec_driver_sql(written, bound).all()


@lru_cache(maxsize=1024)
def _written(dialect: Dialect, statement: str) -> tuple[str, tuple[str, ...] | None]:
    """Return a statement with the driver's marks; and its parameters in order, where they have no names."""
    compiled: Any = text(statement).compile(dialect=dialect)
    places = compiled.positiontup
    return str(compiled), None if places is None else tuple(places)
