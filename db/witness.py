"""Records what was seen, given out or refused, and not changed; on a read-only database as well (R2)."""

from db import door
from db.actor import Actor
from db.audit.chain import Entry, append
from db.audit.event import Detail
from db.engine import Database
from db.errors import Refused
from db.rules.roles import Right


def observe(
    database: Database,
    actor: Actor,
    operation: str,
    *,
    customer_id: int | None = None,
    details: tuple[Detail, ...] = (),
    interaction: int | None = None,
    right: Right | None = None,
) -> int:
    """Record something that was seen, e.g. a customer opened, and return the event.

    With a `right` the role table is asked first: raises `Refused`, and the refusal is recorded.
    """
    try:
        with door.recording(database) as session:
            transaction = door.begin(database, session, actor)
            if right is not None:
                transaction.require(right)
            entry = Entry(
                at=transaction.now,
                actor=actor,
                role=transaction.role,
                operation=operation,
                outcome="seen",
                customer_id=customer_id,
                interaction_id=interaction,
                details=details,
            )
            return append(session.live_connection, entry)
    except Refused as refusal:
        if right is not None:
            record_refusal(database, actor, operation, refusal, customer_id=customer_id)
        raise


def require(database: Database, actor: Actor, operation: str, right: Right) -> None:
    """Raise `Refused` unless the role table gives the actor a right now (R49); the refusal is recorded."""
    try:
        with door.recording(database) as session:
            door.begin(database, session, actor).require(right)
    except Refused as refusal:
        record_refusal(database, actor, operation, refusal)
        raise


def record_refusal(
    database: Database,
    actor: Actor,
    operation: str,
    refusal: Refused,
    *,
    reason: str | None = None,
    customer_id: int | None = None,
    interaction: int | None = None,
) -> None:
    """Record a refusal in a transaction of its own."""
    why = () if reason is None else (Detail("reason", after=reason),)
    with door.recording(database) as session:
        connection = session.live_connection
        try:
            role, _ = door.standing_of(connection, actor)
        except Refused:
            role = "none"
        entry = Entry(
            at=database.clock(connection),
            actor=actor,
            role=role,
            operation=operation,
            outcome="refused",
            customer_id=customer_id,
            interaction_id=interaction,
            details=(
                *why,
                Detail("refusal", after=refusal.code),
                Detail("sentence", after=refusal.sentence),
            ),
        )
        append(connection, entry)
