"""Adds an email address to a customer, unverified until its confirmation link is used."""

from db import contacts, outbox
from db.operation import Operation, Params
from db.operations import contact_states, fields, typing_errors
from db.rules.roles import Right
from db.transaction import Transaction


class AddEmail(Params, frozen=True, kw_only=True):
    """The address to add; the first one becomes primary."""

    customer: fields.CustomerId
    email: fields.Email


def right(transaction: Transaction, params: AddEmail) -> Right:
    """The first email is support's; a further one counts as a replacement."""
    return contact_states.right_to_add(transaction, "email", params.customer)


def apply(transaction: Transaction, params: AddEmail) -> None:
    """Write the address, void the open links, and ask the address to confirm."""
    customer = transaction.customer(params.customer)
    profile = contacts.add_email(transaction, customer, params.email)
    typing_errors.ask_about(transaction, params.email)
    outbox.void_links(transaction, customer.id, "email added")
    outbox.send_confirmation(transaction, customer, profile)


OPERATION = Operation(
    name="add-email",
    label="Add email",
    help="Adds an email address, unverified until its confirmation link is used. Beside a verified one it"
    " starts with a cool-down.",
    params=AddEmail,
    right=right,
    rights=contact_states.ADDING,
    apply=apply,
    frozen_by_takeover=True,
    group="email",
)
