"""Says which addresses can carry a code or a link now, and what stands in the way of the others (P3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BindParameter, Connection, bindparam, select

from db.models import (
    Channel,
    ContactState,
    Customer,
    EmailProfile,
    Message,
    MessageState,
    PhoneProfile,
)
from db.rules.policy import Policy


class Obstacle(StrEnum):
    """Why nothing goes to an address now."""

    TAKEOVER_FLAG = "takeover-flag"
    UNCONFIRMED = "unconfirmed"
    COOL_DOWN = "cool-down"
    BOUNCING = "bouncing"
    LANDLINE = "landline"
    FAILED = "failed"
    BOUNCED = "bounced"

    @property
    def sentence(self) -> str:
        """What it is, for the operator."""
        return _SENTENCES[self]


_SENTENCES = {
    Obstacle.TAKEOVER_FLAG: "the account is flagged for a possible takeover",
    Obstacle.UNCONFIRMED: "it came by a merge, and was not confirmed since",
    Obstacle.COOL_DOWN: "it replaced another one, and its cool-down runs",
    Obstacle.BOUNCING: "what is sent there comes back",
    Obstacle.LANDLINE: "it is a landline, which takes no text messages",
    Obstacle.FAILED: "the last message to it could not be delivered",
    Obstacle.BOUNCED: "the last message to it came back",
}


@dataclass(frozen=True)
class Way:
    """One address of a customer; `message_id` is the last one that told how it went there.

    `address` is what a message is sent to: the email as typed, the phone as E.164.
    """

    channel: Channel
    profile_id: int
    address: str
    is_primary: bool
    state: ContactState
    was_verified: bool
    obstacle: Obstacle | None = None
    until: datetime | None = None
    message_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether a code or link may go there now."""
        return self.obstacle is None


_ABOUT: BindParameter[int] = bindparam("customer_id")
_FLAG = select(Customer.takeover_flag).where(Customer.id == _ABOUT)
_PHONES = (
    select(
        PhoneProfile.id,
        PhoneProfile.canonical.label("address"),
        PhoneProfile.kind,
        PhoneProfile.is_primary,
        PhoneProfile.state,
        PhoneProfile.verified_at,
        PhoneProfile.cool_down_until,
        PhoneProfile.confirm_before_use,
    )
    .where(PhoneProfile.customer_id == _ABOUT)
    .order_by(PhoneProfile.is_primary.desc(), PhoneProfile.id)
)
_EMAILS = (
    select(
        EmailProfile.id,
        EmailProfile.address,
        EmailProfile.is_primary,
        EmailProfile.state,
        EmailProfile.verified_at,
        EmailProfile.cool_down_until,
        EmailProfile.confirm_before_use,
    )
    .where(EmailProfile.customer_id == _ABOUT)
    .order_by(EmailProfile.is_primary.desc(), EmailProfile.id)
)
_TOLD = (MessageState.SENT, MessageState.FAILED, MessageState.BOUNCED)
_MESSAGES = (
    select(Message.id, Message.recipient, Message.state)
    .where(Message.customer_id == _ABOUT, Message.state.in_(_TOLD), Message.created_at > bindparam("since"))
    .order_by(Message.id)
)
_OBSTACLES = {MessageState.FAILED: Obstacle.FAILED, MessageState.BOUNCED: Obstacle.BOUNCED}


def ways(connection: Connection, customer_id: int, policy: Policy, now: datetime) -> tuple[Way, ...]:
    """Return the customer's addresses in the order in which a code tries them: phones, then emails."""
    about = {"customer_id": customer_id}
    flagged = bool(connection.execute(_FLAG, about).scalar())
    since = now - timedelta(hours=policy.failure_hours)
    last = {row.recipient: row for row in connection.execute(_MESSAGES, {**about, "since": since})}
    found: list[Way] = []
    for channel, rows in (
        (Channel.SMS, connection.execute(_PHONES, about).all()),
        (Channel.EMAIL, connection.execute(_EMAILS, about).all()),
    ):
        for row in rows:
            told = last.get(row.address)
            obstacle = (
                (Obstacle.TAKEOVER_FLAG if flagged else None)
                or (Obstacle.UNCONFIRMED if row.confirm_before_use else None)
                or _of_profile(row.cool_down_until, row.state, getattr(row, "kind", None), now)
                or (None if told is None else _OBSTACLES.get(told.state))
            )
            found.append(
                Way(
                    channel=channel,
                    profile_id=row.id,
                    address=row.address,
                    is_primary=row.is_primary,
                    state=row.state,
                    was_verified=row.verified_at is not None,
                    obstacle=obstacle,
                    until=row.cool_down_until if obstacle is Obstacle.COOL_DOWN else None,
                    message_id=None if told is None else told.id,
                )
            )
    return tuple(found)


def _of_profile(
    cool_down_until: datetime | None, state: ContactState, kind: str | None, now: datetime
) -> Obstacle | None:
    if cool_down_until is not None and cool_down_until > now:
        return Obstacle.COOL_DOWN
    if state is ContactState.BOUNCING:
        return Obstacle.BOUNCING
    return Obstacle.LANDLINE if kind == "landline" else None
