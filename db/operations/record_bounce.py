"""Records that a mail came back, with the words of the server that sent it back (RFC 3464)."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta
from sqlalchemy import select

from db.errors import Invalid, Unknown
from db.models import ContactState, Customer, EmailProfile, Message, MessageAttempt, MessageState
from db.operation import Operation, Params
from db.operations.record_delivery import MAX_REPLY
from db.operations.take_message import locked_message
from db.rules.roles import Right
from db.transaction import Transaction

KNOWN_ALREADY = "bounce-known"
NOT_SENT = "not-sent"
BETWEEN_DELAYS = timedelta(hours=1)
"""Servers warn of a delay every few hours (RFC 3464 says nothing of it); what comes oftener is not kept."""

_IN_BETWEEN = (MessageState.SENDING, MessageState.QUEUED)
# Six digits and more, also with spaces and dashes between, or as JSON and addresses write characters.
_DIGIT = r"(?:\\{1,4}u003|%3)?\d"
_LIKE_A_CODE = re.compile(rf"{_DIGIT}(?:[\s_\u2010-\u2015-]{{0,3}}{_DIGIT}){{5,}}")


class RecordBounce(Params, frozen=True, kw_only=True):
    """Which mail, by the unguessable key in its Message-ID, and whether it is gone or only late."""

    key: Annotated[str, Meta(title="Key of the mail", pattern="^[0-9a-f]{32}$")]
    action: Annotated[Literal["failed", "delayed"], Meta(title="Action")]
    words: Annotated[str, Meta(title="Words", max_length=MAX_REPLY)]


def hide_codes(words: str) -> str:
    """Return words with everything hidden that may be a one-time code (R12)."""
    return _LIKE_A_CODE.sub("(hidden)", words)


def apply(transaction: Transaction, params: RecordBounce) -> Message | Customer:
    """Keep the server's words; a mail that failed for good marks its address, if it still is one.

    Raises `Unknown` where no mail has the key, `Invalid` where the mail never left or this is known.
    A profile that is marked is a change to its customer, so they are then what the event is about.
    """
    found = transaction.session.scalar(select(Message.id).where(Message.idempotency_key == params.key))
    if found is None:
        raise Unknown("No mail of ours has that Message-ID, so nothing was recorded.", field="key")
    held = locked_message(transaction, found)
    message = held.message
    if message.state is MessageState.BOUNCED:
        raise Invalid("That this mail came back is known already.", code=KNOWN_ALREADY, field="key")
    is_gone = params.action == "failed"
    _refuse_unless_left(message, is_gone=is_gone)
    if not is_gone:
        _refuse_if_told_lately(transaction, message)
    words = params.words if held.code is None else hide_codes(params.words)
    transaction.add(
        MessageAttempt(
            message_id=message.id,
            at=transaction.now,
            outcome="bounced" if is_gone else "delayed",
            reply=words,
        )
    )
    message.reply = words
    if is_gone:
        message.state, message.lease = MessageState.BOUNCED, None
        transaction.session.flush()  # the event tells of the message first, whatever order a set gives
        return _mark_bouncing(transaction, message) or message
    return message


def _refuse_unless_left(message: Message, *, is_gone: bool) -> None:
    """Only what was sent comes back; a worker that stopped may have sent what still waits (A38)."""
    may_have_left = is_gone and message.state in _IN_BETWEEN and message.attempts > 0
    if message.state is not MessageState.SENT and not may_have_left:
        raise Invalid("That mail was not sent, so nothing was recorded.", code=NOT_SENT, field="key")


def _refuse_if_told_lately(transaction: Transaction, message: Message) -> None:
    last = transaction.session.scalar(
        select(MessageAttempt.id)
        .where(
            MessageAttempt.message_id == message.id,
            MessageAttempt.outcome == "delayed",
            MessageAttempt.at > transaction.now - BETWEEN_DELAYS,
        )
        .limit(1)
    )
    if last is not None:
        raise Invalid(
            "That this mail is late was recorded within the last hour.", code=KNOWN_ALREADY, field="key"
        )


def _mark_bouncing(transaction: Transaction, message: Message) -> Customer | None:
    """Mark the profile that the mail went to, unless its address was changed meanwhile."""
    marked = [
        profile
        for profile in transaction.children(EmailProfile, message.customer_id)
        if profile.address == message.recipient and profile.state is not ContactState.BOUNCING
    ]
    customer = transaction.session.get(Customer, message.customer_id)
    if not marked or customer is None:
        return None
    for profile in marked:
        profile.state = ContactState.BOUNCING
        transaction.will(f"{profile.address} is marked as bouncing")
    customer.version += 1
    return customer


OPERATION = Operation(
    name="record-bounce",
    label="Record bounce",
    help="Writes down that a mail came back, with the server's words, and marks its address as bouncing.",
    params=RecordBounce,
    right=Right.SERVICE,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="service",
)
