"""A log with a few events of every sort, and the owner who may switch the append-only triggers off."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from db import guard, runner
from db.audit.chain import Entry, append
from db.audit.event import ERASE
from db.audit.verify import Verdict, verify
from db.engine import Database
from db.errors import Refused
from db.operation import Params
from db.operations import REGISTRY
from db.operations.add_customer import AddCustomer
from db.operations.change_email import ChangeEmail
from tests.conftest import Clock
from tests.factories import actor, add_operators

NAMES = ("Joan", "Daniel", "Zoë", "Amina")


@pytest.fixture
def logged(database: Database, clock: Clock) -> Database:
    """Eight events: four customers, three changed emails, one refusal."""
    add_operators(database)
    base = replace(database, clock=clock)
    for place, name in enumerate(NAMES, start=1):
        do(
            base,
            "add-customer",
            enrolment(name, f"c{place}@example.org"),
        )
        clock.advance(seconds=61.25)
    for place in (1, 2, 3):
        do(base, "change-email", ChangeEmail(customer=place, email=f"new{place}@example.org"))
    with pytest.raises(Refused):
        do(base, "change-email", ChangeEmail(customer=4, email="no@example.org"), role="auditor")
    return base


def enrolment(given_name: str, email: str) -> AddCustomer:
    """Return the parameters of a new customer."""
    return AddCustomer(given_name=given_name, family_name="Lee", email=email)


def do(base: Database, name: str, params: Params, role: str = "lead", reason: str = "asked") -> int | None:
    """Run an operation and return its event."""
    request = runner.Request(
        actor=actor(role),
        operation=REGISTRY[name],
        params=params,
        reason=reason,
        request_id=hashlib.sha256(repr(params).encode()).hexdigest(),
    )
    return runner.run(base, request).event


def erase(base: Database, customer_id: int | None, *, outcome: str = "applied") -> int:
    """Write the event of an erased customer, as the one who erases would, and return its number."""
    with base.writer.connect() as connection, guard.writing(connection, "runner"), connection.begin():
        entry = Entry(
            at=base.clock(connection),
            actor=actor("admin"),
            role="admin",
            operation=ERASE,
            outcome=outcome,
            customer_id=customer_id,
        )
        return append(connection, entry)


def checked(base: Database) -> Verdict:
    """Verify the log."""
    with base.reading() as connection:
        return verify(connection)


def found(base: Database) -> tuple[int, str]:
    """Return where and what the problem of a log is that has one."""
    problem = checked(base).problem
    assert problem is not None
    return problem.seq, problem.kind


@contextmanager
def as_owner(base: Database) -> Iterator[Connection]:
    """Write as somebody who owns the tables, and so can take the triggers away."""
    with base.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        for statement in _unlocking(connection):
            connection.exec_driver_sql(statement)
        yield connection


def _unlocking(connection: Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        tables = ("audit_event", "audit_detail", "audit_head")
        return [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables]
    names = (
        connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    )
    return [f"DROP TRIGGER {name}" for name in names]


Forge = Callable[..., None]
EMPTY = (
    "UPDATE audit_detail SET before = NULL, before_salt = NULL, after = NULL, after_salt = NULL,"
    " redacted_by = {event} WHERE seq = {seq}"
)


@pytest.fixture
def forge(logged: Database) -> Forge:
    """Run statements as the owner, past the triggers."""

    def run(*statements: str, **values: object) -> None:
        with as_owner(logged) as connection:
            for statement in statements:
                connection.execute(text(statement), values)

    return run
