"""Reads the contracts of a customer with their phases, and who of the organisation may see which."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, select

from db.models import Contract, Customer, Organisation, Phase, PhaseGrant, Representative
from db.rules.names import display_name


@dataclass(frozen=True, kw_only=True)
class PhaseView:
    """One step of a contract, and the representatives who have a grant to it."""

    id: int
    name: str
    state: str
    representatives: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ContractView:
    """A job of an organisation; `place` is the property on one line."""

    id: int
    number: str
    organisation: str
    place: str
    phases: tuple[PhaseView, ...]


_ROWS = (
    select(
        Contract.id,
        Contract.number,
        Contract.street,
        Contract.city,
        Contract.state,
        Contract.postcode,
        Organisation.name.label("organisation"),
        Phase.id.label("phase_id"),
        Phase.name.label("phase"),
        Phase.state.label("phase_state"),
        Representative.given_name,
        Representative.family_name,
    )
    .join(Organisation, Organisation.id == Contract.organisation_id)
    .outerjoin(Phase, Phase.contract_id == Contract.id)
    .outerjoin(PhaseGrant, PhaseGrant.phase_id == Phase.id)
    .outerjoin(Representative, Representative.id == PhaseGrant.representative_id)
    .where(Contract.customer_id == bindparam("customer", type_=Customer.id.type))
    .order_by(Contract.id, Phase.position, Representative.family_name, Representative.id)
)


def read_contracts(connection: Connection, customer_id: int) -> tuple[ContractView, ...]:
    """Return the contracts, oldest first, each with its phases in order."""
    found = []
    rows = connection.execute(_ROWS, {"customer": customer_id}).all()
    for contract_id, group in groupby(rows, key=lambda row: row.id):
        of_contract = list(group)
        first = of_contract[0]
        found.append(
            ContractView(
                id=contract_id,
                number=first.number,
                organisation=first.organisation,
                place=one_line(first.street, first.city, f"{first.state} {first.postcode}"),
                phases=tuple(
                    _phase(phase_id, list(phase))
                    for phase_id, phase in groupby(of_contract, key=lambda row: row.phase_id)
                    if phase_id is not None
                ),
            )
        )
    return tuple(found)


def _phase(phase_id: int, rows: Sequence[Any]) -> PhaseView:
    return PhaseView(
        id=phase_id,
        name=rows[0].phase,
        state=rows[0].phase_state.value,
        representatives=tuple(
            display_name(row.given_name, row.family_name) for row in rows if row.given_name is not None
        ),
    )


def one_line(*parts: str) -> str:
    """Join the parts of an address that are there."""
    return ", ".join(part for part in (" ".join(part.split()) for part in parts) if part)
