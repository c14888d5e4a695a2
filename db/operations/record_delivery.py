"""Records how an attempt to deliver a message ended, in the server's own words; a worker's second half."""

from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta

from db.errors import Invalid
from db.models import Message, MessageAttempt, MessageState
from db.operation import Operation, Params
from db.operations.take_message import Held, Lease, MessageId, locked_message
from db.rules.roles import Right
from db.transaction import Transaction

MAX_REPLY = 500
LONGEST_WAIT = timedelta(hours=1)


class RecordDelivery(Params, frozen=True, kw_only=True):
    """Which message, under which lease, and what the server said; `deferred` is tried again."""

    message: MessageId
    lease: Lease
    outcome: Annotated[Literal["sent", "deferred", "refused"], Meta(title="Outcome")]
    reply: Annotated[str, Meta(title="Reply", max_length=MAX_REPLY)] = ""


def backoff(transaction: Transaction, attempts: int) -> timedelta:
    """Return the wait after so many attempts: the policy's first one, doubled each time, at most an hour."""
    seconds = transaction.policy.delivery_backoff_seconds * 2 ** (attempts - 1)
    return min(timedelta(seconds=seconds), LONGEST_WAIT)


def apply(transaction: Transaction, params: RecordDelivery) -> Message:
    """Write the attempt and move the message on; raise `Invalid` where the lease is another's by now."""
    held = locked_message(transaction, params.message)
    message = held.message
    if message.state is not MessageState.SENDING or message.lease != params.lease:
        raise Invalid("This attempt no longer holds the message.", code="lease-lost")
    transaction.add(
        MessageAttempt(message_id=message.id, at=transaction.now, outcome=params.outcome, reply=params.reply)
    )
    message.reply = params.reply
    message.lease = None
    match params.outcome:
        case "sent":
            message.state, message.sent_at = MessageState.SENT, transaction.now
        case "refused":
            message.state = MessageState.FAILED
        case "deferred":
            _defer(transaction, held)
    return message


def _defer(transaction: Transaction, held: Held) -> None:
    message, carried = held.message, held.link or held.code
    if carried is not None and carried.voided_at is not None:
        message.state = MessageState.VOID
        return
    if message.attempts >= transaction.policy.delivery_attempts:
        message.state = MessageState.FAILED
        return
    message.state = MessageState.QUEUED
    message.next_attempt_at = transaction.now + backoff(transaction, message.attempts)
    transaction.session.flush()  # the event tells of the message first, whatever order a set gives
    held.forget_secret()


OPERATION = Operation(
    name="record-delivery",
    label="Record delivery",
    help="A worker writes down what the server said, and when the next attempt is due.",
    params=RecordDelivery,
    right=Right.SERVICE,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="service",
)
