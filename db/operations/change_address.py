"""Changes a customer's primary postal address, or adds it where there is none."""

from db.errors import Invalid
from db.models import Address
from db.operation import Operation, Params
from db.operations import fields, identity
from db.rules.roles import Right
from db.transaction import Transaction


class ChangeAddress(Params, frozen=True, kw_only=True):
    """The parts to change; what is not given stays, unless the country changes."""

    customer: fields.CustomerId
    street: fields.Street | None = None
    city: fields.City | None = None
    state: fields.State | None = None
    postcode: fields.Postcode | None = None
    country: fields.Country | None = None


def apply(transaction: Transaction, params: ChangeAddress) -> None:
    """Write the given parts into the primary address, or a new one of them."""
    customer = transaction.customer(params.customer)
    found = transaction.children(Address, customer.id)
    address = next((address for address in found if address.is_primary), None)
    moves_abroad = params.country is not None and (
        address is None or params.country.upper() != address.country
    )
    if (address is None or moves_abroad) and not (params.street or params.city or params.postcode):
        raise Invalid("Give at least a street, a city or a postcode of the new address.", field="street")
    if address is None:
        identity.add_address(transaction, customer, params)
        return
    if moves_abroad:
        # Parts of an address in another country make no sense with this one.
        address.street = address.city = address.state = address.postcode = ""
    address.street = params.street or address.street
    address.city = params.city or address.city
    address.state = params.state or address.state
    address.postcode = params.postcode or address.postcode
    address.country = (params.country or address.country).upper()


OPERATION = Operation(
    name="change-address",
    label="Change address",
    help="Changes the postal address, or adds it where there is none. What is left empty stays as it is;"
    " another country starts an empty address.",
    params=ChangeAddress,
    right=Right.IDENTITY,
    apply=apply,
    group="address",
)
