"""Removes a phone number, and tells the verified emails so."""

from db import outbox
from db.operation import Danger, Operation
from db.operations import contact_states
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: contact_states.ChosenPhone) -> None:
    """Delete the chosen profile, void the open links, and send notices."""
    customer = transaction.customer(params.customer)
    profile = contact_states.chosen(transaction, "phone", params)
    contact_states.remove(transaction, "phone", customer, profile)
    outbox.tell_verified(transaction, customer, "a phone number was removed")


OPERATION = Operation(
    name="remove-phone",
    label="Remove phone",
    help="Removes a phone number and tells the verified emails so. A number added soon after a verified one"
    " was removed has a cool-down.",
    params=contact_states.ChosenPhone,
    right=Right.REPLACE_CONTACT,
    apply=apply,
    danger=Danger.DESTRUCTIVE,
    frozen_by_takeover=True,
    group="phone",
)
