"""Puts a message that failed or came back into the outbox once more (R22)."""

import secrets
from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from db.errors import Invalid
from db.models import Message, MessageState
from db.operation import Operation, Params
from db.operations import fields
from db.operations.take_message import locked_message
from db.rules.roles import Right
from db.transaction import Transaction


class RetryMessage(Params, frozen=True, kw_only=True):
    """Which of the customer's messages."""

    customer: fields.CustomerId
    message: Annotated[
        int,
        Meta(
            title="Message",
            description="Which message that failed or came back.",
            ge=1,
            extra={"kind": "message"},
        ),
    ]


def apply(transaction: Transaction, params: RetryMessage) -> None:
    """Queue the message again with all its attempts; its link, if it carries one, gets a new secret."""
    transaction.child(Message, params.message, params.customer, field="message")
    held = locked_message(transaction, params.message)
    message, link = held.message, held.link
    if message.state not in (MessageState.FAILED, MessageState.BOUNCED):
        raise Invalid(
            f"Only a failed message can be sent again; this one is {message.state.value}.", field="message"
        )
    if held.code is not None:
        raise Invalid(
            "A code is for one attempt to sign in. The customer asks for another where they sign in.",
            field="message",
        )
    if link is not None and (link.voided_at or link.used_at):
        raise Invalid(
            "The link of this message was voided or used meanwhile. Send a new one instead.", field="message"
        )
    bucket = f"retry:{params.customer}"
    limit = transaction.policy.sends_per_hour
    transaction.spend(bucket, limit=limit, window=timedelta(hours=1), what="repeated mails to this customer")
    transaction.count(bucket)
    message.state, message.attempts, message.reply = MessageState.QUEUED, 0, None
    message.next_attempt_at = transaction.now
    # A mail of its own: had an attempt arrived unnoticed, a mailbox that drops repeated Message-IDs
    # would keep the mail whose link has stopped working.
    message.idempotency_key = secrets.token_hex(16)
    transaction.session.flush()  # the event tells of the message first, whatever order a set gives
    held.forget_secret()
    transaction.will(f"the mail {message.reference} goes to {message.recipient} again")


OPERATION = Operation(
    name="retry-message",
    label="Send failed mail again",
    help="Puts a mail that could not be delivered back into the outbox. A link in it is made anew.",
    params=RetryMessage,
    right=Right.SEND,
    apply=apply,
    frozen_by_takeover=True,
    group="messages",
)
