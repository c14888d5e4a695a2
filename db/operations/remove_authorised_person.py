"""Takes from a person the authority to speak for a customer (P2)."""

from typing import Annotated

from msgspec import Meta

from db.models import AuthorisedPerson
from db.operation import Danger, Operation, Params
from db.operations import fields
from db.rules.roles import Right
from db.transaction import Transaction

PersonId = Annotated[
    int,
    Meta(
        title="Authorised person",
        description="Which of the customer's authorised persons.",
        extra={"kind": "authorised_person"},
    ),
]


class RemoveAuthorisedPerson(Params, frozen=True, kw_only=True):
    """Who may no longer speak for whom."""

    customer: fields.CustomerId
    person: PersonId


def apply(transaction: Transaction, params: RemoveAuthorisedPerson) -> None:
    """Delete the person."""
    person = transaction.child(AuthorisedPerson, params.person, params.customer, field="person")
    transaction.session.delete(person)


OPERATION = Operation(
    name="remove-authorised-person",
    label="Remove authorised person",
    help="Ends somebody's authority to speak for the customer.",
    params=RemoveAuthorisedPerson,
    right=Right.REPRESENTATION,
    apply=apply,
    danger=Danger.DESTRUCTIVE,
    group="contract",
)
