"""Opens the one transaction in which something is changed or recorded, and says who acts in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import IntegrityError

from db import guard
from db.actor import Actor
from db.engine import Database
from db.errors import Invalid, RefusalCode, Refused
from db.failures import translated
from db.ledger import LedgerSession
from db.models import Operator
from db.rules.roles import SERVICE
from db.settings import load_policy, role_table
from db.transaction import Transaction

_OPERATOR = select(Operator.role, Operator.is_active, Operator.customer_id).where(
    Operator.id == bindparam("operator_id")
)


@contextmanager
def changing(database: Database, *, dry_run: bool = False) -> Iterator[LedgerSession]:
    """Give a session on the writing engine; what it did is kept unless it is a dry run or fails."""
    with translated(database.url), _session(database.writer, "runner", keep=not dry_run) as session:
        yield session


@contextmanager
def recording(database: Database) -> Iterator[LedgerSession]:
    """Give a session that can write the audit log and nothing else, on a read-only database too (R2)."""
    with translated(database.url), _session(database.recorder, "witness", keep=True) as session:
        yield session


@contextmanager
def _session(engine: Engine, writer: str, *, keep: bool) -> Iterator[LedgerSession]:
    with engine.connect() as connection, guard.writing(connection, writer):
        outer = connection.begin()
        try:
            with LedgerSession(connection) as session:
                yield session
            if keep:
                outer.commit()
            else:
                outer.rollback()
        except IntegrityError:
            raise _conflict() from None
        finally:
            if connection.get_transaction() is not None:  # a flush that failed has rolled back already
                outer.rollback()


def begin(database: Database, session: LedgerSession, actor: Actor) -> Transaction:
    """Read the time, the policy and who acts; raise `Refused` where that is no active operator."""
    connection = session.live_connection
    policy = load_policy(connection)
    role, own_customer = standing_of(connection, actor)
    return Transaction(
        session=session,
        now=database.clock(connection),
        actor=actor,
        role=role,
        own_customer_id=own_customer,
        policy=policy,
        roles=role_table(policy),
    )


def standing_of(connection: Connection, actor: Actor) -> tuple[str, int | None]:
    """Read role and active flag again (R49); a stranger or disabled operator is refused."""
    if actor.is_service:
        return SERVICE, None
    found = connection.execute(_OPERATOR, {"operator_id": actor.operator_id}).one_or_none()
    if found is None or not found.is_active:
        raise Refused("You are not an active operator here. Ask an admin.", code=RefusalCode.PERMISSION)
    return found.role.value, found.customer_id


def _conflict() -> Invalid:
    """Name the race that only a unique key caught."""
    return Invalid(
        "Somebody saved the same value a moment ago. Nothing was saved here; look again and retry.",
        code="conflict",
    )
