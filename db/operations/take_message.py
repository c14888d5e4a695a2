"""Takes a due message for one attempt to deliver it; a worker's first half of the work.

The caller has made the link's secret and tells only its hash, so that no statement, event or
parameter ever holds a working link (design decision 5, R16).
"""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from db.errors import Invalid, Unknown
from db.models import Customer, EmailProfile, Link, Message, MessageAttempt, MessageState
from db.operation import Operation, Params
from db.rules.roles import Right
from db.transaction import Transaction

LEASE = timedelta(minutes=5)
"""How long an attempt may take before another worker may try; transports give up long before."""

NOT_DUE = "not-due"
_INTERRUPTED = "The worker stopped before the server's answer was known."

MessageId = Annotated[int, Meta(title="Message", ge=1)]
Lease = Annotated[
    str, Meta(title="Lease", description="One for each attempt.", pattern="^[A-Za-z0-9._:-]{8,64}$")
]


class TakeMessage(Params, frozen=True, kw_only=True):
    """Which message, under which lease, and the SHA-256 of the secret that its link gets (hex)."""

    message: MessageId
    lease: Lease
    secret_hash: Annotated[str, Meta(title="Secret hash", pattern="^[0-9a-f]{64}$")]


def locked_message(transaction: Transaction, message_id: int) -> tuple[Message, Link | None]:
    """Return a message with its link, locked after their customer: the order of every other operation.

    So a link that is voided at this moment is either seen voided here, or voided after its mail left.
    """
    session = transaction.session
    found = session.get(Message, message_id)
    if found is None:
        raise Unknown("There is no such message.", field="message")
    session.get(Customer, found.customer_id, with_for_update=True)
    session.refresh(found, with_for_update=True)
    link = None if found.link_id is None else session.get(Link, found.link_id, with_for_update=True)
    return found, link


def apply(transaction: Transaction, params: TakeMessage) -> Message:
    """Lease the message and give its link a new secret, or close a message that may no longer leave.

    An earlier attempt whose outcome nobody knows may have delivered a mail: its secret stops here,
    and only the newest mail's link works (R16).
    """
    message, link = locked_message(transaction, params.message)
    _refuse_unless_due(transaction, message, link)
    if message.state is MessageState.SENDING:
        transaction.add(
            MessageAttempt(
                message_id=message.id, at=transaction.now, outcome="interrupted", reply=_INTERRUPTED
            )
        )
    ending = _ending(transaction, message, link)
    if ending is not None:
        message.state, message.reply = ending
        message.lease = None
        return message
    message.state = MessageState.SENDING
    message.attempts += 1
    message.lease = params.lease
    message.next_attempt_at = transaction.now + LEASE
    transaction.session.flush()  # the event tells of the message first, whatever order a set gives
    if link is not None:
        link.secret_hash = params.secret_hash
        link.expires_at = transaction.now + timedelta(minutes=link.lifetime_minutes)
    return message


def _refuse_unless_due(transaction: Transaction, message: Message, link: Link | None) -> None:
    waits = message.state in (MessageState.QUEUED, MessageState.SENDING)
    if not waits or message.next_attempt_at > transaction.now:
        raise Invalid("The message is not due: another worker took it, or it was closed.", code=NOT_DUE)
    if link is None or link.voided_at is not None or link.email_profile_id is None:
        return
    profile = transaction.session.get(EmailProfile, link.email_profile_id)
    until = None if profile is None else profile.cool_down_until
    if until is not None and until > transaction.now:
        raise Invalid("No link may go to this address yet: its cool-down runs (R31).", code=NOT_DUE)


def _ending(transaction: Transaction, message: Message, link: Link | None) -> tuple[MessageState, str] | None:
    """Why there must be no further attempt, or None."""
    if link is not None and link.voided_at is not None:
        return MessageState.VOID, "its link was voided before it left"
    if link is not None and link.used_at is not None:
        return MessageState.VOID, "its link was used before it was sent again"
    if message.state is not MessageState.SENDING:
        return None
    if link is not None and link.expires_at is not None and link.expires_at <= transaction.now:
        # Nobody voids what has expired, so it must not be brought back to life either.
        return MessageState.FAILED, "its link expired while the worker stood still"
    if message.attempts >= transaction.policy.delivery_attempts:
        return MessageState.FAILED, f"the worker stopped in each of {message.attempts} attempts"
    return None


OPERATION = Operation(
    name="take-message",
    label="Take message",
    help="A worker leases a due message and gives its link a secret that nobody can read.",
    params=TakeMessage,
    right=Right.SERVICE,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="service",
)
