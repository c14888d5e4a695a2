"""Runs the held statements of search, plain SQL with named parameters, on the driver's own cursor.

Each is put into the driver's form once: preparing a statement anew for every key that is typed would take
longer than most of them run.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, text

from db.prepared import Prepared


def rows(connection: Connection, statement: str, asked: Mapping[str, Any]) -> Sequence[Any]:
    """Return all rows of a statement that reads."""
    return _held(statement).rows(connection, asked)


@lru_cache(maxsize=1024)
def _held(statement: str) -> Prepared:
    return Prepared(text(statement))
