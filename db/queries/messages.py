"""Reads the messages of a customer, how far each has come, and what became of its link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from db.engine import server_time
from db.models import Customer, Link, Message, MessageAttempt
from db.queries.viewer import Personal, Viewer, personal
from db.rules.email import mask_email

MAX_MESSAGES = 50


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """One mail or SMS; `reply` is the server's last answer.

    `link_state` is None without a link, else waiting (not delivered yet), open, used, expired or void.
    """

    id: int
    reference: str
    kind: str
    channel: str
    recipient: Personal
    state: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    reply: str | None
    link_state: str | None


@dataclass(frozen=True)
class AttemptView:
    """One try to hand a message over, with the server's own words."""

    at: datetime
    outcome: str
    reply: str


_LATEST = (
    select(
        Message.id,
        Message.reference,
        Message.kind,
        Message.channel,
        Message.recipient,
        Message.state,
        Message.attempts,
        Message.created_at,
        Message.sent_at,
        Message.reply,
        Message.link_id,
        Link.secret_hash.is_not(None).label("is_delivered"),
        Link.expires_at,
        Link.used_at,
        Link.voided_at,
    )
    .outerjoin(Link, Link.id == Message.link_id)
    .where(Message.customer_id == bindparam("customer", type_=Customer.id.type))
    .order_by(Message.created_at.desc(), Message.id.desc())
    .limit(bindparam("limit"))
)
_ATTEMPTS = (
    select(MessageAttempt.at, MessageAttempt.outcome, MessageAttempt.reply)
    .where(MessageAttempt.message_id == bindparam("message"))
    .order_by(MessageAttempt.at, MessageAttempt.id)
)


def read_messages(
    connection: Connection,
    customer_id: int,
    viewer: Viewer,
    *,
    now: datetime | None = None,
    limit: int = MAX_MESSAGES,
) -> tuple[MessageView, ...]:
    """Return the latest messages, newest first; `now` (default: the server's) decides what has expired."""
    moment = now or server_time(connection)
    rows = connection.execute(_LATEST, {"customer": customer_id, "limit": limit})
    return tuple(
        MessageView(
            id=row.id,
            reference=row.reference,
            kind=row.kind.value,
            channel=row.channel.value,
            recipient=personal(viewer, row.recipient, mask_email),
            state=row.state.value,
            attempts=row.attempts,
            created_at=row.created_at,
            sent_at=row.sent_at,
            reply=row.reply,
            link_state=_link_state(row, moment),
        )
        for row in rows
    )


def _link_state(row: Any, now: datetime) -> str | None:
    if row.link_id is None:
        return None
    if row.used_at is not None:
        return "used"
    if row.voided_at is not None:
        return "void"
    if not row.is_delivered:
        return "waiting"
    return "expired" if row.expires_at is not None and row.expires_at <= now else "open"


def read_attempts(connection: Connection, message_id: int) -> tuple[AttemptView, ...]:
    """Return every try to deliver a message, in order."""
    return tuple(AttemptView(*row) for row in connection.execute(_ATTEMPTS, {"message": message_id}))
