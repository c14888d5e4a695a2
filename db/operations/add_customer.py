"""Adds a customer, with duplicate detection before anything is written (P4)."""

from datetime import date

from db import contacts
from db.errors import Invalid
from db.models import Address, Customer, CustomerStatus, EmailProfile, PhoneProfile
from db.operation import Operation, Params
from db.operations import fields
from db.rules.roles import Right
from db.transaction import Transaction

EARLIEST_BIRTH = date(1900, 1, 1)


class AddCustomer(Params, frozen=True, kw_only=True):
    """Who the customer is and how to reach them; contacts may be required by the mode in force."""

    given_name: fields.GivenName
    family_name: fields.FamilyName
    birth_date: fields.BirthDate | None = None
    email: fields.Email | None = None
    phone: fields.Phone | None = None
    street: fields.Street | None = None
    city: fields.City | None = None
    state: fields.State | None = None
    postcode: fields.Postcode | None = None
    country: fields.Country = "US"


def check_birth_date(transaction: Transaction, born: date | None) -> None:
    """Raise `Invalid` for a birth date in the future or before 1900."""
    if born is not None and not EARLIEST_BIRTH <= born <= transaction.now.date():
        raise Invalid("The birth date must lie between 1900 and today.", field="birth_date")


def apply(transaction: Transaction, params: AddCustomer) -> Customer:
    """Write the customer, inactive until they activate, with what was given."""
    check_birth_date(transaction, params.birth_date)
    customer = transaction.add(
        Customer(
            given_name=params.given_name,
            family_name=params.family_name,
            birth_date=params.birth_date,
            status=CustomerStatus.INACTIVE,
            created_at=transaction.now,
        )
    )
    _add_email(transaction, customer, params.email)
    _add_phone(transaction, customer, params.phone)
    if params.street or params.city or params.postcode:
        transaction.add(
            Address(
                customer_id=customer.id,
                street=params.street or "",
                city=params.city or "",
                state=params.state or "",
                postcode=params.postcode or "",
                country=params.country.upper(),
            )
        )
    return customer


def _add_email(transaction: Transaction, customer: Customer, typed: str | None) -> None:
    if typed is None:
        contacts.refuse_missing(transaction, None, "email", field="email")
        return
    parsed = contacts.parse_email_for(transaction, typed)
    contacts.refuse_held(transaction, "email", parsed.canonical, customer_id=customer.id)
    transaction.add(
        EmailProfile(
            customer_id=customer.id,
            address=parsed.typed,
            canonical=parsed.canonical,
            is_primary=True,
            created_at=transaction.now,
            changed_at=transaction.now,
        )
    )


def _add_phone(transaction: Transaction, customer: Customer, typed: str | None) -> None:
    if typed is None:
        contacts.refuse_missing(transaction, None, "phone", field="phone")
        return
    parsed = contacts.parse_phone_for(transaction, typed)
    contacts.refuse_held(transaction, "phone", parsed.canonical, customer_id=customer.id)
    transaction.add(
        PhoneProfile(
            customer_id=customer.id,
            number=parsed.typed,
            canonical=parsed.canonical,
            reversed=parsed.reversed_digits,
            is_primary=True,
            created_at=transaction.now,
            changed_at=transaction.now,
        )
    )


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
