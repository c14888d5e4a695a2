"""Reads the whole outbox, newest first, and finds a message by its reference."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from db.errors import Unknown
from db.models import Message, MessageState
from db.queries.viewer import Personal, Viewer, personal
from db.rules.email import mask_email
from db.rules.identifiers import find_references

_ROWS = select(
    Message.id,
    Message.reference,
    Message.customer_id,
    Message.kind,
    Message.recipient,
    Message.state,
    Message.attempts,
    Message.created_at,
    Message.reply,
).order_by(Message.id.desc())


@dataclass(frozen=True)
class OutboxRow:
    """One message in the outbox; `reply` is the server's last answer."""

    id: int
    reference: str
    customer_id: int
    kind: str
    recipient: Personal
    state: str
    attempts: int
    created_at: datetime
    reply: str | None


def read_outbox(
    connection: Connection, viewer: Viewer, *, state: MessageState | None, limit: int
) -> tuple[tuple[OutboxRow, ...], bool]:
    """Return at most `limit` messages, all or those in one state, and whether there are more."""
    wanted = _ROWS if state is None else _ROWS.where(Message.state == state)
    found = connection.execute(wanted.limit(limit + 1)).all()
    rows = tuple(
        OutboxRow(
            id=row.id,
            reference=row.reference,
            customer_id=row.customer_id,
            kind=row.kind.value,
            recipient=personal(viewer, row.recipient, mask_email),
            state=row.state.value,
            attempts=row.attempts,
            created_at=row.created_at,
            reply=row.reply,
        )
        for row in found[:limit]
    )
    return rows, len(found) > limit


def message_of_reference(connection: Connection, typed: str) -> tuple[int, int]:
    """Return message and customer id behind a reference like LK-7F3K-2M9Q; raise `Unknown`."""
    references = find_references(typed)
    found = None
    if len(references) == 1:
        wanted = select(Message.id, Message.customer_id).where(Message.reference == references[0])
        found = connection.execute(wanted).one_or_none()
    if found is None:
        raise Unknown("There is no message with that reference. See: latchkey outbox list", field="reference")
    return found.id, found.customer_id
