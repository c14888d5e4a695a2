"""Runs operations as a practice operator, and reads what they left behind."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from db import runner
from db.applied import Applied
from db.engine import Database
from db.models import Base, Link, Message
from db.operations import REGISTRY
from db.params import build


def do(base: Database, operation: str, actor: Any, **values: Any) -> Applied:
    """Run an operation with what a form would have collected."""
    found = REGISTRY[operation]
    params = build(found.params, values)
    return runner.run(base, runner.Request(actor=actor, operation=found, params=params, reason="asked"))


def rows(base: Database, model: type[Base], customer: int) -> list[Row[Any]]:
    """The rows of a kind that belong to a customer, oldest first."""
    table: Any = model.__table__
    owner = table.c.id if table.name == "customer" else table.c.customer_id
    with base.reading() as connection:
        return list(connection.execute(select(table).where(owner == customer).order_by(table.c.id)))


def messages(base: Database, customer: int) -> list[tuple[str, str]]:
    """Kind and recipient of each message to a customer, oldest first."""
    return [(row.kind.value, row.recipient) for row in rows(base, Message, customer)]


def open_links(base: Database, customer: int) -> list[str]:
    """The addresses whose links still work."""
    return [row.address for row in rows(base, Link, customer) if row.voided_at is None]


def fields_of(applied: Applied) -> Iterable[tuple[str, str | None, str | None]]:
    """What changed, without the rows."""
    return [(change.field, change.before, change.after) for change in applied.changes]
