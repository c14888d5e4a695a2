"""Adds a contract of a customer with an organisation, and its phases (P2)."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from db.errors import Clash, Holder, Invalid, Unknown
from db.models import Address, Contract, Customer, Organisation, Phase, PhaseState
from db.operation import Operation, Params
from db.operations import fields
from db.rules.identifiers import format_customer_number, parse_contract_number
from db.rules.names import display_name
from db.rules.roles import Right
from db.transaction import Transaction

SHIPPED_PHASES = "qualification, design, contract, installation, activation"
MAX_PHASES = 20
MAX_PHASE_NAME = 60


class AddContract(Params, frozen=True, kw_only=True):
    """What was agreed with whom, for which property; without a street, the customer's own address."""

    customer: fields.CustomerId
    organisation: Annotated[
        int,
        Meta(title="Organisation", description="Who does the job.", extra={"kind": "organisation"}),
    ]
    number: Annotated[str, Meta(title="Contract number", max_length=60)]
    street: fields.Street | None = None
    city: fields.City | None = None
    state: fields.State | None = None
    postcode: fields.Postcode | None = None
    phases: Annotated[
        str,
        Meta(
            title="Phases", description="In order, separated by commas; the first is current.", max_length=600
        ),
    ] = SHIPPED_PHASES


def apply(transaction: Transaction, params: AddContract) -> None:
    """Write the contract and its phases, the first of them current."""
    customer = transaction.customer(params.customer)
    if transaction.session.get(Organisation, params.organisation) is None:
        raise Unknown("There is no such organisation. Choose one from the list.", field="organisation")
    names = _phase_names(params.phases)
    canonical = parse_contract_number(params.number, "number")
    _refuse_taken(transaction, canonical)
    contract = transaction.add(
        Contract(
            customer_id=customer.id,
            organisation_id=params.organisation,
            number=params.number,
            canonical=canonical,
            reversed=canonical[::-1],
            created_at=transaction.now,
            **_property(transaction, customer, params),
        )
    )
    for position, name in enumerate(names, start=1):
        state = PhaseState.CURRENT if position == 1 else PhaseState.UPCOMING
        transaction.add(Phase(contract_id=contract.id, position=position, name=name, state=state))


def _phase_names(typed: str) -> list[str]:
    names = [name.strip() for name in typed.split(",") if name.strip()]
    if not 1 <= len(names) <= MAX_PHASES or any(len(name) > MAX_PHASE_NAME for name in names):
        raise Invalid(
            f"A contract has 1 to {MAX_PHASES} phases, each of at most {MAX_PHASE_NAME} characters.",
            field="phases",
        )
    return names


def _refuse_taken(transaction: Transaction, canonical: str) -> None:
    transaction.hold("contract", canonical)
    found = transaction.connection.execute(
        select(Customer.id, Customer.given_name, Customer.family_name, Customer.status)
        .join(Contract, Contract.customer_id == Customer.id)
        .where(Contract.canonical == canonical)
    ).one_or_none()
    if found is None:
        return
    holder = Holder(
        found.id, display_name(found.given_name, found.family_name), found.status.value, "contract"
    )
    raise Clash(
        f"This contract number belongs to {format_customer_number(found.id)} {holder.label}."
        " Nothing was saved; read the number back.",
        field="number",
        holder=holder,
    )


def _property(transaction: Transaction, customer: Customer, params: AddContract) -> dict[str, str]:
    """The address of the job: as given, or the customer's own."""
    if params.street is not None:
        typed = (params.street, params.city, params.state, params.postcode)
    else:
        addresses = transaction.children(Address, customer.id)
        own = next((address for address in addresses if address.is_primary), None)
        if own is None:
            raise Invalid("The customer has no address. Type the street of the property.", field="street")
        typed = (own.street, own.city, own.state, own.postcode)
    return {
        name: value or "" for name, value in zip(("street", "city", "state", "postcode"), typed, strict=True)
    }


OPERATION = Operation(
    name="add-contract",
    label="Add contract",
    help="Records a job of the customer with an organisation, and the phases that it goes through.",
    params=AddContract,
    right=Right.REPRESENTATION,
    apply=apply,
    group="contract",
)
