"""Adds a phone number to a customer."""

from typing import Annotated, Literal

from msgspec import Meta

from db import contacts, outbox
from db.operation import Operation, Params
from db.operations import contact_states, fields
from db.rules.roles import Right
from db.transaction import Transaction


class AddPhone(Params, frozen=True, kw_only=True):
    """The number to add; the first one becomes primary."""

    customer: fields.CustomerId
    phone: fields.Phone
    kind: Annotated[Literal["mobile", "landline"], Meta(title="Kind", description="mobile or landline.")] = (
        "mobile"
    )


def right(transaction: Transaction, params: AddPhone) -> Right:
    """The first phone is support's; a further one counts as a replacement."""
    return contact_states.right_to_add(transaction, "phone", params.customer)


def apply(transaction: Transaction, params: AddPhone) -> None:
    """Write the number and void the open links."""
    customer = transaction.customer(params.customer)
    contacts.add_phone(transaction, customer, params.phone, line=params.kind)
    outbox.void_links(transaction, customer.id, "phone added")


OPERATION = Operation(
    name="add-phone",
    label="Add phone",
    help="Adds a phone number, unverified. Beside a verified one it starts with a cool-down.",
    params=AddPhone,
    right=right,
    rights=contact_states.ADDING,
    apply=apply,
    frozen_by_takeover=True,
    group="phone",
)
