"""Marks a phone number as one that is known to reach its customer."""

from db.operation import Operation
from db.operations import contact_states
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: contact_states.ChosenPhone) -> None:
    """Record that the chosen profile was verified now."""
    contact_states.mark_verified(transaction, "phone", params)


OPERATION = Operation(
    name="mark-phone-verified",
    label="Mark phone verified",
    help="Records that the phone number is known to reach the customer. A running cool-down stays.",
    params=contact_states.ChosenPhone,
    right=Right.MARK_CONTACT,
    apply=apply,
    frozen_by_takeover=True,
    group="phone",
)
