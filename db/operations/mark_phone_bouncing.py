"""Marks a phone number as one where nothing arrives."""

from db.operation import Operation
from db.operations import contact_states
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: contact_states.ChosenPhone) -> None:
    """Record that nothing arrives at the chosen profile."""
    contact_states.mark_bouncing(transaction, "phone", params)


OPERATION = Operation(
    name="mark-phone-bouncing",
    label="Mark phone bouncing",
    help="Records that nothing arrives at the phone number.",
    params=contact_states.ChosenPhone,
    right=Right.MARK_CONTACT,
    apply=apply,
    frozen_by_takeover=True,
    group="phone",
)
