"""Opens the one transaction in which something is changed or recorded, and says who acts in it.

What every transaction reads afresh (the time, the policy, the operator, R49) comes in one statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Executable, bindparam, select, text
from sqlalchemy.exc import IntegrityError

from db import guard
from db.actor import Actor
from db.engine import SERVER_TIME, Database, as_moment, pipelined, server_time
from db.errors import Invalid, RefusalCode, Refused
from db.failures import committing, translated
from db.ledger import LedgerSession
from db.models import Operator
from db.prepared import Prepared
from db.rules.policy import Policy
from db.rules.roles import SERVICE, RoleTable
from db.settings import policy_of, role_table
from db.transaction import COMPARISON, Transaction

_OPERATOR = Prepared(
    select(Operator.role, Operator.is_active, Operator.customer_id).where(
        Operator.id == bindparam("operator_id")
    )
)
_AS_OBJECT = {
    "sqlite": "json_group_object(key, value)",
    "postgresql": "CAST(json_object_agg(key, value) AS text)",
}


def _opening(dialect: str) -> Executable:
    return text(
        f"SELECT {SERVER_TIME[dialect]}, (SELECT {_AS_OBJECT[dialect]} FROM setting),"
        " EXISTS (SELECT 1 FROM audit_event WHERE request_id = :request_id),"
        " o.role, o.is_active, o.customer_id"
        " FROM (SELECT 1) AS one LEFT JOIN operator o ON o.id = :operator_id"
    )


_OPENING = Prepared(sqlite=_opening("sqlite"), postgresql=_opening("postgresql"))
_COMPARING = Prepared(text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:value, 0))"))


@contextmanager
def changing(database: Database, *, dry_run: bool = False) -> Iterator[LedgerSession]:
    """Give a session on the writing engine; what it did is kept unless it is a dry run or fails.

    What the policy says of comparing values stays in force to the end (see `COMPARISON`). On PostgreSQL
    that is a statement of its own, which leaves together with the next: one statement would read what was
    in force before it waited.
    """
    with translated(database.url), _session(database.writer, "runner", keep=not dry_run) as session:
        if not database.is_sqlite:
            _COMPARING.run(session.live_connection, {"value": ":".join(COMPARISON)})
        yield session


@contextmanager
def recording(database: Database) -> Iterator[LedgerSession]:
    """Give a session that can write the audit log and nothing else, on a read-only database too (R2)."""
    with translated(database.url), _session(database.recorder, "witness", keep=True) as session:
        yield session


@contextmanager
def _session(engine: Engine, writer: str, *, keep: bool) -> Iterator[LedgerSession]:
    with engine.connect() as connection, guard.writing(connection, writer):
        try:
            with pipelined(connection):
                yield from _transaction(connection, keep=keep)
        except (IntegrityError, engine.dialect.loaded_dbapi.IntegrityError):
            raise _conflict() from None


def _transaction(connection: Connection, *, keep: bool) -> Iterator[LedgerSession]:
    outer = connection.begin()
    try:
        with LedgerSession(connection) as session:
            yield session
        if keep:
            with committing():
                outer.commit()
        else:
            outer.rollback()
    finally:
        if connection.get_transaction() is not None:  # a flush that failed has rolled back already
            outer.rollback()


def begin(
    database: Database, session: LedgerSession, actor: Actor, request_id: str | None = None
) -> Transaction:
    """Read the time, the policy, who acts, and whether the request id was used before.

    Raises `Refused` where the actor is no active operator.
    """
    connection = session.live_connection
    found = _OPENING.row(connection, {"operator_id": actor.operator_id, "request_id": request_id})
    now, settings, is_repeated, *operator = found
    policy, roles = _in_force(settings or "{}")
    role, own_customer = _standing(actor, *operator)
    return Transaction(
        session=session,
        now=as_moment(now) if database.clock is server_time else database.clock(connection),
        actor=actor,
        role=role,
        own_customer_id=own_customer,
        policy=policy,
        roles=roles,
        is_repeated=bool(is_repeated),
    )


@lru_cache(maxsize=4)
def _in_force(settings: str) -> tuple[Policy, RoleTable]:
    """Return what the rows of settings make, which are read in every transaction and seldom differ (R49)."""
    policy = policy_of(msgspec.json.decode(settings))
    return policy, role_table(policy)


def standing_of(connection: Connection, actor: Actor) -> tuple[str, int | None]:
    """Read role and active flag again (R49); a stranger or disabled operator is refused."""
    found = _OPERATOR.row(connection, {"operator_id": actor.operator_id})
    return _standing(actor, *(found or (None, None, None)))


def _standing(actor: Actor, role: Any, is_active: Any, own_customer: Any) -> tuple[str, int | None]:
    if actor.is_service:
        return SERVICE, None
    if not is_active:
        raise Refused("You are not an active operator here. Ask an admin.", code=RefusalCode.PERMISSION)
    return str(role), own_customer


def _conflict() -> Invalid:
    """Name the race that only a unique key caught."""
    return Invalid(
        "Somebody saved the same value a moment ago. Nothing was saved here; look again and retry.",
        code="conflict",
    )
