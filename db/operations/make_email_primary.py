"""Makes an email address the primary one of its customer."""

from db.operation import Operation
from db.operations import contact_states
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: contact_states.ChosenEmail) -> None:
    """Move the primary flag to the chosen profile."""
    contact_states.make_primary(transaction, "email", params)


OPERATION = Operation(
    name="make-email-primary",
    label="Make email primary",
    help="Makes this the primary email address. Open links stop working.",
    params=contact_states.ChosenEmail,
    right=Right.REPLACE_CONTACT,
    apply=apply,
    frozen_by_takeover=True,
    group="email",
)
