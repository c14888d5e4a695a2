"""Reads the operators: who works here, in which role, and whose account on this machine is whose."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Connection, RowMapping, bindparam, column, select, table

from db.moments import UtcTime


@dataclass(frozen=True, kw_only=True)
class OperatorView:
    """A person who uses the console; `customer_id` is their own record, which they may not work on (R36)."""

    id: str
    display_name: str
    role: str
    os_user: str | None
    customer_id: int | None
    is_active: bool
    created_at: datetime
    version: int


# Without the models: making them takes longer than the first search of a console, which reads this.
_OPERATOR = table(
    "operator",
    *map(column, ("id", "display_name", "role", "os_user", "customer_id", "version")),
    column("is_active", Boolean()),
    column("created_at", UtcTime()),
)
_ALL = select(_OPERATOR).order_by(_OPERATOR.c.id)
_BY_ID = _ALL.where(_OPERATOR.c.id == bindparam("operator"))
_BY_OS_USER = _ALL.where(_OPERATOR.c.os_user == bindparam("os_user"))


def list_operators(connection: Connection) -> tuple[OperatorView, ...]:
    """Return all operators by id, disabled ones included."""
    return tuple(_view(row._mapping) for row in connection.execute(_ALL))


def find_operator(connection: Connection, operator_id: str) -> OperatorView | None:
    """Return the operator with an id, disabled or not."""
    row = connection.execute(_BY_ID, {"operator": operator_id}).one_or_none()
    return None if row is None else _view(row._mapping)


def operator_of_os_user(connection: Connection, os_user: str) -> OperatorView | None:
    """Return the operator bound to a user of the operating system, disabled or not."""
    row = connection.execute(_BY_OS_USER, {"os_user": os_user}).one_or_none()
    return None if row is None else _view(row._mapping)


def _view(row: RowMapping) -> OperatorView:
    return OperatorView(**row)
