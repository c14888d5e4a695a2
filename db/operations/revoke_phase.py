"""Takes from a representative the access to a phase of a contract (P2)."""

from typing import Annotated

from msgspec import Meta

from db.errors import Unknown
from db.models import Phase, PhaseGrant, Representative
from db.operation import Danger, Operation, Params
from db.operations import fields
from db.operations.grant_phase import contract_of, label, record
from db.rules.roles import Right
from db.transaction import Transaction


class RevokePhase(Params, frozen=True, kw_only=True):
    """Which grant to end."""

    customer: fields.CustomerId
    grant: Annotated[
        int,
        Meta(
            title="Grant",
            description="Which representative's access to which phase.",
            extra={"kind": "phase_grant"},
        ),
    ]


def apply(transaction: Transaction, params: RevokePhase) -> None:
    """Delete the grant."""
    session = transaction.session
    grant = session.get(PhaseGrant, params.grant)
    phase = None if grant is None else session.get(Phase, grant.phase_id)
    if grant is None or phase is None or contract_of(transaction, phase, params.customer) is None:
        raise Unknown("The customer has no such grant. Choose one from the list.", field="grant")
    representative = session.get_one(Representative, grant.representative_id)
    record(transaction, grant, before=label(phase, representative))
    session.delete(grant)


OPERATION = Operation(
    name="revoke-phase",
    label="Revoke phase",
    help="Ends a representative's access to one phase.",
    params=RevokePhase,
    right=Right.REPRESENTATION,
    apply=apply,
    danger=Danger.DESTRUCTIVE,
    group="contract",
)
