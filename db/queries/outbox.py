"""Reads the whole outbox, newest first, how it fares, and finds a message by its reference."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from db.errors import Unknown
from db.models import Channel, Message, MessageState
from db.queries.viewer import Personal, Viewer, personal
from db.rules.email import mask_email
from db.rules.identifiers import find_references
from db.rules.phone import mask_phone

_ROWS = select(
    Message.id,
    Message.reference,
    Message.customer_id,
    Message.kind,
    Message.channel,
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
    channel: str = Channel.EMAIL.value


@dataclass(frozen=True)
class OutboxHealth:
    """How many messages are in each state, since when the oldest waits, and the last that went wrong.

    `held` were never tried and wait for the end of a cool-down, the first of them until `held_until`; they
    are not the oldest that waits. `trouble` is the newest message that failed, came back or was put off, with
    the server's own words.
    """

    counts: tuple[tuple[str, int], ...]
    oldest_waiting: datetime | None
    held: int
    held_until: datetime | None
    trouble: OutboxRow | None


_WAITING = (MessageState.QUEUED, MessageState.SENDING)
_UNSENT = (*_WAITING, MessageState.FAILED, MessageState.BOUNCED)


def outbox_health(connection: Connection, viewer: Viewer, *, now: datetime) -> OutboxHealth:
    """Return the state of the whole outbox in one look."""
    grouped = select(Message.state, func.count()).group_by(Message.state)
    found = {row[0]: row[1] for row in connection.execute(grouped)}
    is_held = and_(Message.attempts == 0, Message.next_attempt_at > now)
    waiting = select(func.min(Message.created_at)).where(Message.state.in_(_WAITING), ~is_held)
    held = select(func.count(), func.min(Message.next_attempt_at)).where(Message.state.in_(_WAITING), is_held)
    count, until = connection.execute(held).one()
    unsent = _ROWS.where(Message.state.in_(_UNSENT), Message.reply.is_not(None)).limit(1)
    newest = connection.execute(unsent).one_or_none()
    return OutboxHealth(
        counts=tuple((state.value, found.get(state, 0)) for state in MessageState),
        oldest_waiting=connection.execute(waiting).scalar_one_or_none(),
        held=count,
        held_until=until,
        trouble=None if newest is None else _row(newest, viewer),
    )


def read_outbox(
    connection: Connection, viewer: Viewer, *, state: MessageState | None, limit: int
) -> tuple[tuple[OutboxRow, ...], bool]:
    """Return at most `limit` messages, all or those in one state, and whether there are more."""
    wanted = _ROWS if state is None else _ROWS.where(Message.state == state)
    found = connection.execute(wanted.limit(limit + 1)).all()
    rows = tuple(_row(row, viewer) for row in found[:limit])
    return rows, len(found) > limit


def _row(row: Any, viewer: Viewer) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        reference=row.reference,
        customer_id=row.customer_id,
        kind=row.kind.value,
        channel=row.channel.value,
        recipient=personal(viewer, row.recipient, mask_phone if row.channel is Channel.SMS else mask_email),
        state=row.state.value,
        attempts=row.attempts,
        created_at=row.created_at,
        reply=row.reply,
    )


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
