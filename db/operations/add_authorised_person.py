"""Adds a person who may speak for a customer (P2)."""

from typing import Annotated

from msgspec import Meta

from db.errors import Invalid
from db.models import AuthorisedPerson
from db.operation import Operation, Params
from db.operations import fields
from db.rules.names import display_name
from db.rules.roles import Right
from db.transaction import Transaction


class AddAuthorisedPerson(Params, frozen=True, kw_only=True):
    """Who may speak for whom."""

    customer: fields.CustomerId
    given_name: fields.GivenName
    family_name: fields.FamilyName
    relation: Annotated[
        str,
        Meta(title="Relation", description="To the customer, like daughter.", min_length=1, max_length=60),
    ]


def apply(transaction: Transaction, params: AddAuthorisedPerson) -> None:
    """Write the person, unless somebody of that name may speak already."""
    name = display_name(params.given_name, params.family_name)
    for person in transaction.children(AuthorisedPerson, params.customer):
        if display_name(person.given_name, person.family_name).casefold() == name.casefold():
            raise Invalid("A person of that name may speak for the customer already.", field="family_name")
    transaction.add(
        AuthorisedPerson(
            customer_id=params.customer,
            given_name=params.given_name,
            family_name=params.family_name,
            relation=params.relation,
        )
    )


OPERATION = Operation(
    name="add-authorised-person",
    label="Add authorised person",
    help="Lets somebody else speak for the customer. They prove who they are like the customer does.",
    params=AddAuthorisedPerson,
    right=Right.REPRESENTATION,
    apply=apply,
    group="contract",
)
