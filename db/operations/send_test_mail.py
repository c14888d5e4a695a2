"""Sends the customer a test mail: whether our mails arrive at all (P3)."""

from db import limits, outbox
from db.models import MessageKind
from db.operation import Operation, Params
from db.operations import fields, sending
from db.rules.roles import Right
from db.transaction import Transaction


class SendTestMail(Params, frozen=True, kw_only=True):
    """To which of the customer's emails; by default the primary one."""

    customer: fields.CustomerId
    profile: fields.EmailId | None = None


def apply(transaction: Transaction, params: SendTestMail) -> None:
    """Queue a mail with nothing to open in it."""
    customer = transaction.customer(params.customer)
    profile = sending.address_for(transaction, customer.id, params.profile, "a test mail")
    limits.spend_send(transaction, customer, "test", by_operator=True)
    sending.tell_earlier(transaction, customer.id, MessageKind.TEST, profile.address)
    outbox.queue(transaction, customer, MessageKind.TEST, profile.address)
    transaction.will(f"a test mail goes to {profile.address}")


OPERATION = Operation(
    name="send-test-mail",
    label="Send test mail",
    help="Sends a mail without links, which only shows whether mail arrives. What became of it is told under"
    " the customer's messages.",
    params=SendTestMail,
    right=Right.SEND,
    apply=apply,
    frozen_by_takeover=True,
    group="messages",
)
