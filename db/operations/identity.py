"""What adding a customer and changing one both check and write: birth date and postal address."""

from datetime import date
from typing import Protocol

from db.errors import Invalid
from db.models import Address, Customer
from db.transaction import Transaction

EARLIEST_BIRTH = date(1900, 1, 1)
HOME_COUNTRY = "US"


class Place(Protocol):
    """Parameters with a postal address; None where nothing was given."""

    @property
    def street(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def state(self) -> str | None: ...
    @property
    def postcode(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


def check_birth_date(transaction: Transaction, born: date | None) -> None:
    """Raise `Invalid` for a birth date in the future or before 1900."""
    if born is not None and not EARLIEST_BIRTH <= born <= transaction.now.date():
        raise Invalid("The birth date must lie between 1900 and today.", field="birth_date")


def add_address(transaction: Transaction, customer: Customer, place: Place) -> Address:
    """Write the primary postal address of a customer who has none."""
    return transaction.add(
        Address(
            customer_id=customer.id,
            street=place.street or "",
            city=place.city or "",
            state=place.state or "",
            postcode=place.postcode or "",
            country=(place.country or HOME_COUNTRY).upper(),
            is_primary=True,
        )
    )
