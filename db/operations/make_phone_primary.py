"""Makes a phone number the primary one of its customer."""

from db.operation import Operation
from db.operations import contact_states
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: contact_states.ChosenPhone) -> None:
    """Move the primary flag to the chosen profile."""
    contact_states.make_primary(transaction, "phone", params)


OPERATION = Operation(
    name="make-phone-primary",
    label="Make phone primary",
    help="Makes this the primary phone number. Open links stop working.",
    params=contact_states.ChosenPhone,
    right=Right.REPLACE_CONTACT,
    apply=apply,
    frozen_by_takeover=True,
    group="phone",
)
