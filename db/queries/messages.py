"""Reads the messages of a customer, how far each has come, and what became of what it carried."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from db.engine import server_time
from db.errors import Unknown
from db.models import Channel, Customer, Link, Message, MessageAttempt, OneTimeCode
from db.queries.viewer import Personal, Viewer, personal
from db.rules.email import mask_email
from db.rules.phone import mask_phone

MAX_MESSAGES = 50
BOUNCED = ("bounced", "delayed")
"""Outcomes that came after a server had taken the message, in a notification."""


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """One mail or SMS; `reply` is the server's last answer.

    `link_state` is None without a link, else waiting (not delivered yet), open, used, expired or void;
    `code_state` the same of a one-time code.
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
    code_state: str | None = None


@dataclass(frozen=True)
class AttemptView:
    """One try to hand a message over, with the server's own words."""

    at: datetime
    outcome: str
    reply: str


@dataclass(frozen=True, kw_only=True)
class CarriedView:
    """What a message carries, a link or a code: to which address, and what became of it, and why."""

    what: str
    purpose: str
    address: Personal
    state: str
    made_at: datetime
    expires_at: datetime | None
    opened_at: datetime | None
    used_at: datetime | None
    voided_at: datetime | None
    void_reason: str | None


@dataclass(frozen=True, kw_only=True)
class MessageDetail:
    """A message with everything that is known of its way; `bounce` is the last notification about it."""

    customer_id: int
    message: MessageView
    attempts: tuple[AttemptView, ...]
    bounce: AttemptView | None
    carried: CarriedView | None


_CARRIED = ("expires_at", "used_at", "voided_at")
_ROWS = (
    select(
        Message.id,
        Message.customer_id,
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
        Link.secret_hash.is_not(None).label("link_is_delivered"),
        *(getattr(Link, name).label(f"link_{name}") for name in _CARRIED),
        Message.code_id,
        OneTimeCode.code_hash.is_not(None).label("code_is_delivered"),
        *(getattr(OneTimeCode, name).label(f"code_{name}") for name in _CARRIED),
    )
    .outerjoin(Link, Link.id == Message.link_id)
    .outerjoin(OneTimeCode, OneTimeCode.id == Message.code_id)
)
_LATEST = (
    _ROWS.where(Message.customer_id == bindparam("customer", type_=Customer.id.type))
    .order_by(Message.created_at.desc(), Message.id.desc())
    .limit(bindparam("limit"))
)
_ONE = _ROWS.where(Message.id == bindparam("message"))
_ATTEMPTS = (
    select(MessageAttempt.at, MessageAttempt.outcome, MessageAttempt.reply)
    .where(MessageAttempt.message_id == bindparam("message"))
    .order_by(MessageAttempt.at, MessageAttempt.id)
)
_LINK = select(Link.__table__).join(Message, Message.link_id == Link.id)
_CODE = select(OneTimeCode.__table__).join(Message, Message.code_id == OneTimeCode.id)


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
    return tuple(_view(row, viewer, moment) for row in rows)


def read_message(
    connection: Connection, message_id: int, viewer: Viewer, *, now: datetime | None = None
) -> MessageDetail:
    """Return a message with all its attempts and what became of its link or code; raise `Unknown`."""
    moment = now or server_time(connection)
    row = connection.execute(_ONE, {"message": message_id}).one_or_none()
    if row is None:
        raise Unknown("There is no such message.", field="message")
    attempts = read_attempts(connection, message_id)
    return MessageDetail(
        customer_id=row.customer_id,
        message=_view(row, viewer, moment),
        attempts=attempts,
        bounce=next((one for one in reversed(attempts) if one.outcome in BOUNCED), None),
        carried=_carried(connection, row, viewer, moment),
    )


def _view(row: Any, viewer: Viewer, now: datetime) -> MessageView:
    mask = mask_phone if row.channel is Channel.SMS else mask_email
    return MessageView(
        id=row.id,
        reference=row.reference,
        kind=row.kind.value,
        channel=row.channel.value,
        recipient=personal(viewer, row.recipient, mask),
        state=row.state.value,
        attempts=row.attempts,
        created_at=row.created_at,
        sent_at=row.sent_at,
        reply=row.reply,
        link_state=None if row.link_id is None else _state_of(row, "link", now),
        code_state=None if row.code_id is None else _state_of(row, "code", now),
    )


def _state_of(row: Any, what: str, now: datetime) -> str:
    """What became of the link or the code of a row."""
    found = {name: getattr(row, f"{what}_{name}") for name in ("is_delivered", *_CARRIED)}
    return _state(now, **found)


def _state(now: datetime, *, is_delivered: bool, expires_at: Any, used_at: Any, voided_at: Any) -> str:
    if used_at is not None:
        return "used"
    if voided_at is not None:
        return "void"
    if not is_delivered:
        return "waiting"
    return "expired" if expires_at is not None and expires_at <= now else "open"


def _carried(connection: Connection, row: Any, viewer: Viewer, now: datetime) -> CarriedView | None:
    what = "link" if row.link_id is not None else "code"
    if row.link_id is None and row.code_id is None:
        return None
    wanted: Select[Any] = (_LINK if what == "link" else _CODE).where(Message.id == row.id)
    found = connection.execute(wanted).one()
    mask = mask_phone if row.channel is Channel.SMS else mask_email
    return CarriedView(
        what=what,
        purpose=found.purpose.value if what == "link" else "sign-in",
        address=personal(viewer, found.address, mask),
        state=_state_of(row, what, now),
        made_at=found.created_at,
        expires_at=found.expires_at,
        opened_at=found.opened_at if what == "link" else None,
        used_at=found.used_at,
        voided_at=found.voided_at,
        void_reason=found.void_reason,
    )


def read_attempts(connection: Connection, message_id: int) -> tuple[AttemptView, ...]:
    """Return every try to deliver a message, in order, with what came back afterwards."""
    return tuple(AttemptView(*row) for row in connection.execute(_ATTEMPTS, {"message": message_id}))
