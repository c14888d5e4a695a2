"""Reads what a form field can be filled with: the customer's own rows, or those of the whole product."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, select

from db.models import (
    Address,
    AuthenticationProfile,
    AuthorisedPerson,
    Contract,
    Customer,
    EmailProfile,
    Operator,
    Organisation,
    Pass,
    Phase,
    PhaseGrant,
    PhoneProfile,
    Representative,
)
from db.queries.viewer import Viewer, personal
from db.rules.email import mask_email
from db.rules.names import display_name
from db.rules.phone import mask_phone
from db.rules.policy import Policy
from db.rules.roles import ROLE_LABELS

MAX_CHOICES = 200


@dataclass(frozen=True)
class Choice:
    """What a field takes, and how it reads."""

    value: str
    label: str


_MINE = bindparam("customer", type_=Customer.id.type)
_PRIMARY = {True: " · primary", False: ""}


def _email(row: Any, viewer: Viewer) -> str:
    return f"{personal(viewer, row.address, mask_email)} · {row.state.value}{_PRIMARY[row.is_primary]}"


def _phone(row: Any, viewer: Viewer) -> str:
    number = personal(viewer, row.number, mask_phone)
    return f"{number} · {row.kind} · {row.state.value}{_PRIMARY[row.is_primary]}"


def _address(row: Any, viewer: Viewer) -> str:
    return f"{personal(viewer, row.street)}, {row.city}{_PRIMARY[row.is_primary]}"


def _sign_in(row: Any, viewer: Viewer) -> str:
    return f"{personal(viewer, row.username)} · {row.state.value}"


def _pass(row: Any, viewer: Viewer) -> str:
    return f"{personal(viewer, row.pass_id)} · {row.state.value}"


def _authorised(row: Any, _viewer: Viewer) -> str:
    return f"{display_name(row.given_name, row.family_name)} · {row.relation}"


def _contract(row: Any, _viewer: Viewer) -> str:
    return f"{row.number} · {row.organisation}"


def _phase(row: Any, _viewer: Viewer) -> str:
    return f"{row.number} · {row.name} · {row.state.value}"


def _grant(row: Any, _viewer: Viewer) -> str:
    return f"{row.number} · {row.name} · {display_name(row.given_name, row.family_name)}"


def _representative(row: Any, _viewer: Viewer) -> str:
    return f"{display_name(row.given_name, row.family_name)} · {row.organisation}"


def _organisation(row: Any, _viewer: Viewer) -> str:
    return str(row.name)


def _operator(row: Any, _viewer: Viewer) -> str:
    off = "" if row.is_active else " · disabled"
    return f"{row.id} · {row.display_name} · {ROLE_LABELS[row.role]}{off}"


_REPRESENTATIVES = (
    select(
        Representative.id,
        Representative.given_name,
        Representative.family_name,
        Organisation.name.label("organisation"),
    )
    .join(Organisation, Organisation.id == Representative.organisation_id)
    .order_by(Organisation.name, Representative.family_name, Representative.id)
)
_OWN_REPRESENTATIVES = _REPRESENTATIVES.where(
    Organisation.id.in_(select(Contract.organisation_id).where(Contract.customer_id == _MINE))
)
_PHASES = select(Phase.id, Contract.number, Phase.name, Phase.state).join(
    Contract, Contract.id == Phase.contract_id
)
_GRANTS = (
    select(PhaseGrant.id, Contract.number, Phase.name, Representative.given_name, Representative.family_name)
    .join(Phase, Phase.id == PhaseGrant.phase_id)
    .join(Contract, Contract.id == Phase.contract_id)
    .join(Representative, Representative.id == PhaseGrant.representative_id)
)

Label = Callable[[Any, Viewer], str]


def _own(model: Any) -> Select[*tuple[Any, ...]]:
    return select(model.__table__).where(model.customer_id == _MINE).order_by(model.id)


# The rows of one customer; representatives are those of organisations that the customer has a contract with.
_OF_CUSTOMER: dict[str, tuple[Select[*tuple[Any, ...]], Label]] = {
    "email_profile": (_own(EmailProfile), _email),
    "phone_profile": (_own(PhoneProfile), _phone),
    "address": (_own(Address), _address),
    "authentication_profile": (
        select(AuthenticationProfile.id, AuthenticationProfile.username, AuthenticationProfile.state)
        .where(AuthenticationProfile.customer_id == _MINE)
        .order_by(AuthenticationProfile.id),
        _sign_in,
    ),
    "pass": (_own(Pass), _pass),
    "authorised_person": (_own(AuthorisedPerson), _authorised),
    "contract": (
        select(Contract.id, Contract.number, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == Contract.organisation_id)
        .where(Contract.customer_id == _MINE)
        .order_by(Contract.id),
        _contract,
    ),
    "phase": (
        _PHASES.where(Contract.customer_id == _MINE).order_by(Contract.id, Phase.position),
        _phase,
    ),
    "phase_grant": (
        _GRANTS.where(Contract.customer_id == _MINE).order_by(Contract.id, Phase.position, PhaseGrant.id),
        _grant,
    ),
    "representative": (_OWN_REPRESENTATIVES, _representative),
}
_OF_ALL: dict[str, tuple[Select[*tuple[Any, ...]], Label]] = {
    "representative": (_REPRESENTATIVES, _representative),
    "organisation": (select(Organisation.id, Organisation.name).order_by(Organisation.name), _organisation),
    "operator": (select(Operator.__table__).order_by(Operator.id), _operator),
}


def choices(connection: Connection, kind: str, customer_id: int | None, viewer: Viewer) -> tuple[Choice, ...]:
    """Return what a field of a `kind` offers, at most 200; nothing where text is typed instead."""
    if kind == "setting":
        return _settings()
    if customer_id is not None and kind in _OF_CUSTOMER:
        statement, label = _OF_CUSTOMER[kind]
        rows = connection.execute(statement.limit(MAX_CHOICES), {"customer": customer_id})
    elif kind in _OF_ALL:
        statement, label = _OF_ALL[kind]
        rows = connection.execute(statement.limit(MAX_CHOICES))
    else:
        return ()
    return tuple(Choice(str(row.id), label(row, viewer)) for row in rows)


def _settings() -> tuple[Choice, ...]:
    """Return the keys of the policy with their titles."""
    fields = msgspec.inspect.type_info(Policy).fields  # type: ignore[attr-defined]  # a Struct has fields
    return tuple(
        Choice(field.name, str((field.type.extra_json_schema or {}).get("title", field.name)))
        for field in fields
    )
