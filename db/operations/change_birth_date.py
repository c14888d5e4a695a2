"""Changes a customer's birth date."""

from db.operation import Operation, Params
from db.operations import fields, identity
from db.rules.roles import Right
from db.transaction import Transaction


class ChangeBirthDate(Params, frozen=True, kw_only=True):
    """The birth date to put on record."""

    customer: fields.CustomerId
    birth_date: fields.BirthDate


def apply(transaction: Transaction, params: ChangeBirthDate) -> None:
    """Write the birth date; raise `Invalid` outside 1900 to today."""
    identity.check_birth_date(transaction, params.birth_date)
    transaction.customer(params.customer).birth_date = params.birth_date


OPERATION = Operation(
    name="change-birth-date",
    label="Change birth date",
    help="Corrects the birth date, which callers are verified by.",
    params=ChangeBirthDate,
    right=Right.IDENTITY,
    apply=apply,
)
