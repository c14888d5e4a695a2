"""Adds a customer, with duplicate detection before anything is written (P4)."""

from db import contacts
from db.models import Customer, CustomerStatus
from db.operation import Operation, Params
from db.operations import fields, identity, typing_errors
from db.rules.roles import Right
from db.transaction import Transaction


class AddCustomer(Params, frozen=True, kw_only=True):
    """Who the customer is and how to reach them; contacts may be required by the mode in force."""

    given_name: fields.GivenName
    family_name: fields.FamilyName
    birth_date: fields.BirthDate | None = None
    email: fields.FirstEmail | None = None
    phone: fields.FirstPhone | None = None
    street: fields.Street | None = None
    city: fields.City | None = None
    state: fields.State | None = None
    postcode: fields.Postcode | None = None
    country: fields.Country = identity.HOME_COUNTRY


def apply(transaction: Transaction, params: AddCustomer) -> Customer:
    """Write the customer, inactive until they activate, with what was given."""
    identity.check_birth_date(transaction, params.birth_date)
    customer = transaction.add(
        Customer(
            given_name=params.given_name,
            family_name=params.family_name,
            birth_date=params.birth_date,
            status=CustomerStatus.INACTIVE,
            created_at=transaction.now,
        )
    )
    if params.email is None:
        contacts.refuse_missing(transaction, None, "email", field="email")
    else:
        contacts.add_email(transaction, customer, params.email)
        typing_errors.ask_about(transaction, params.email)
    if params.phone is None:
        contacts.refuse_missing(transaction, None, "phone", field="phone")
    else:
        contacts.add_phone(transaction, customer, params.phone)
    if params.street or params.city or params.postcode:
        identity.add_address(transaction, customer, params)
    return customer


OPERATION = Operation(
    name="add-customer",
    label="Add customer",
    help="Enrols a customer, inactive until they activate. Another live customer with the same email or"
    " phone stops it, as the duplicate detection in force says.",
    params=AddCustomer,
    right=Right.ADD_CUSTOMER,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="base",
)
