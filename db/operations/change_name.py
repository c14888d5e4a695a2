"""Changes a customer's name."""

from db.operation import Operation, Params
from db.operations import fields
from db.rules.roles import Right
from db.transaction import Transaction


class ChangeName(Params, frozen=True, kw_only=True):
    """The names to change; what is not given stays."""

    customer: fields.CustomerId
    given_name: fields.GivenName | None = None
    family_name: fields.FamilyName | None = None


def apply(transaction: Transaction, params: ChangeName) -> None:
    """Write the given parts of the name."""
    customer = transaction.customer(params.customer)
    customer.given_name = params.given_name or customer.given_name
    customer.family_name = params.family_name or customer.family_name


OPERATION = Operation(
    name="change-name",
    label="Change name",
    help="Corrects or changes the customer's name. What is left empty stays as it is.",
    params=ChangeName,
    right=Right.IDENTITY,
    apply=apply,
)
