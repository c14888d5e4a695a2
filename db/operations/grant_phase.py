"""Lets a representative see and speak about a phase of a contract (P2)."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from db.errors import Invalid, Unknown
from db.models import Contract, Phase, PhaseGrant, Representative
from db.operation import Operation, Params
from db.operations import fields
from db.rows import column_of
from db.rules.names import display_name
from db.rules.roles import Right
from db.transaction import Transaction


class GrantPhase(Params, frozen=True, kw_only=True):
    """Whose phase, and which representative."""

    customer: fields.CustomerId
    phase: Annotated[
        int,
        Meta(title="Phase", description="Which phase of the customer's contracts.", extra={"kind": "phase"}),
    ]
    representative: Annotated[
        int,
        Meta(
            title="Representative",
            description="Of the organisation that the contract is with.",
            extra={"kind": "representative"},
        ),
    ]


def contract_of(transaction: Transaction, phase: Phase | None, customer_id: int) -> Contract | None:
    """Return the contract that a phase is of, or None where it is not this customer's."""
    contract = None if phase is None else transaction.session.get(Contract, phase.contract_id)
    return contract if contract is not None and contract.customer_id == customer_id else None


def record(
    transaction: Transaction, grant: PhaseGrant, *, before: str | None = None, after: str | None = None
) -> None:
    """Tell the ledger about a grant, which itself holds nothing but keys."""
    transaction.session.ledger.note(grant, column_of(PhaseGrant, "representative_id"), before, after)


def label(phase: Phase, representative: Representative) -> str:
    """Name who may see which phase."""
    name = display_name(representative.given_name, representative.family_name)
    return f"{name}: {phase.name} (phase {phase.id})"


def apply(transaction: Transaction, params: GrantPhase) -> None:
    """Write the grant."""
    phase = transaction.session.get(Phase, params.phase)
    contract = contract_of(transaction, phase, params.customer)
    if phase is None or contract is None:
        raise Unknown("The customer has no such phase. Choose one from the list.", field="phase")
    representative = transaction.session.get(Representative, params.representative)
    if representative is None or representative.organisation_id != contract.organisation_id:
        raise Unknown(
            "The contract's organisation has no such representative. Choose one from the list.",
            field="representative",
        )
    existing = select(PhaseGrant.id).where(
        PhaseGrant.phase_id == phase.id, PhaseGrant.representative_id == representative.id
    )
    if transaction.connection.execute(existing).first() is not None:
        raise Invalid("The representative has access to this phase already.", code="no-change")
    grant = transaction.add(PhaseGrant(phase_id=phase.id, representative_id=representative.id))
    record(transaction, grant, after=label(phase, representative))


OPERATION = Operation(
    name="grant-phase",
    label="Grant phase",
    help="Lets a representative of the contract's organisation see and speak about one phase.",
    params=GrantPhase,
    right=Right.REPRESENTATION,
    apply=apply,
    group="contract",
)
