"""Removes an email address, and tells it so (R29)."""

from db import outbox
from db.models import EmailProfile, MessageKind
from db.operation import Danger, Operation
from db.operations import contact_states
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: contact_states.ChosenEmail) -> None:
    """Delete the chosen profile, void the open links, and send the address a last notice."""
    customer = transaction.customer(params.customer)
    profile = transaction.child(EmailProfile, params.profile, customer.id, field="profile")
    address = profile.address
    contact_states.remove(transaction, "email", customer, profile)
    outbox.queue(transaction, customer, MessageKind.NOTICE_OLD, address)
    transaction.will("a notice goes to the removed address")


OPERATION = Operation(
    name="remove-email",
    label="Remove email",
    help="Removes an email address and tells it so. An address added soon after a verified one was removed"
    " has a cool-down.",
    params=contact_states.ChosenEmail,
    right=Right.REPLACE_CONTACT,
    apply=apply,
    danger=Danger.DESTRUCTIVE,
    frozen_by_takeover=True,
    group="email",
)
