"""Marks an email address as one that is known to reach its customer."""

from db.operation import Operation
from db.operations import contact_states
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: contact_states.ChosenEmail) -> None:
    """Record that the chosen profile was verified now."""
    contact_states.mark_verified(transaction, "email", params)


OPERATION = Operation(
    name="mark-email-verified",
    label="Mark email verified",
    help="Records that the email address is known to reach the customer. A running cool-down stays.",
    params=contact_states.ChosenEmail,
    right=Right.MARK_CONTACT,
    apply=apply,
    frozen_by_takeover=True,
    group="email",
)
