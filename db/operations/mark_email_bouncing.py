"""Marks an email address as one where nothing arrives."""

from db.operation import Operation
from db.operations import contact_states
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: contact_states.ChosenEmail) -> None:
    """Record that nothing arrives at the chosen profile."""
    contact_states.mark_bouncing(transaction, "email", params)


OPERATION = Operation(
    name="mark-email-bouncing",
    label="Mark email bouncing",
    help="Records that nothing arrives at the email address.",
    params=contact_states.ChosenEmail,
    right=Right.MARK_CONTACT,
    apply=apply,
    frozen_by_takeover=True,
    group="email",
)
