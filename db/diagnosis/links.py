"""Reads the link that an account is waiting to have opened: when it was asked for, to where, how it fared."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from db.models import Link, LinkPurpose, Message, MessageState
from db.queries.viewer import Personal, Viewer, personal
from db.rules.email import mask_email

_SIGN_IN = (LinkPurpose.RESET, LinkPurpose.ACTIVATION)
_LAST = (
    select(
        Link.purpose,
        Link.address,
        Link.email_profile_id,
        Link.expires_at,
        Link.opened_at,
        Link.used_at,
        Link.voided_at,
        Message.reference,
        Message.state,
        Message.reply,
        Message.created_at,
        Message.sent_at,
    )
    .join(Message, Message.link_id == Link.id)
    .where(Link.customer_id == bindparam("customer_id"), Link.purpose.in_(_SIGN_IN))
    .order_by(Link.created_at.desc(), Link.id.desc())  # by the id alone, a server walks through all links
    .limit(1)
)
_UNDERWAY = (
    select(Message.id)
    .where(
        Message.customer_id == bindparam("customer_id"),
        Message.state.in_((MessageState.QUEUED, MessageState.SENDING)),
        Message.next_attempt_at <= bindparam("soon"),
    )
    .limit(1)
)
SOON = timedelta(minutes=1)
"""How soon a message must be due for somebody to wait for it on a screen."""


@dataclass(frozen=True, kw_only=True)
class LinkEvidence:
    """The newest reset or activation link of an account, where it was neither used nor ended early.

    `asked_at` is when it was queued, `sent_at` when a server took it; `opened_at` may be a mail scanner.
    """

    purpose: str
    reference: str
    address: Personal
    profile_id: int | None
    message_state: str
    reply: str | None
    asked_at: datetime
    sent_at: datetime | None
    expires_at: datetime | None
    opened_at: datetime | None
    is_expired: bool

    @property
    def came_back(self) -> bool:
        """Whether no server took its mail, or one sent it back."""
        return self.message_state in (MessageState.FAILED, MessageState.BOUNCED)

    @property
    def is_awaited(self) -> bool:
        """Whether the next step is the customer's: it works, and it is with them or on its way."""
        return not self.came_back and not self.is_expired


def is_mail_underway(connection: Connection, customer_id: int, now: datetime) -> bool:
    """Whether a message to a customer is about to leave; one that waits for longer is not."""
    values = {"customer_id": customer_id, "soon": now + SOON}
    return connection.execute(_UNDERWAY, values).first() is not None


def awaited_link(
    connection: Connection, customer_id: int, viewer: Viewer, now: datetime
) -> LinkEvidence | None:
    """Return the newest link, or None where none went out, or it was used or ended early."""
    row = connection.execute(_LAST, {"customer_id": customer_id}).one_or_none()
    if row is None or row.used_at is not None or row.voided_at is not None:
        return None
    return LinkEvidence(
        purpose=row.purpose.value,
        reference=row.reference,
        address=personal(viewer, row.address, mask_email),
        profile_id=row.email_profile_id,
        message_state=row.state.value,
        reply=row.reply,
        asked_at=row.created_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        opened_at=row.opened_at,
        is_expired=row.expires_at is not None and row.expires_at <= now,
    )
