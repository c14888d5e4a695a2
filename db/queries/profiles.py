"""Reads how a customer is reached and signs in: emails, phones, sign-ins and passes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Connection, bindparam, literal_column, select, union_all

from db.models import (
    AuthenticationProfile,
    Customer,
    CustomerStatus,
    EmailProfile,
    Pass,
    PhoneProfile,
)
from db.queries.viewer import Personal, Viewer, personal
from db.rules.email import mask_email
from db.rules.phone import mask_phone

MAX_SHARERS = 20


@dataclass(frozen=True, kw_only=True)
class EmailView:
    """An email profile; `shared_with` are the other customers, neither merged nor erased, who have it too."""

    id: int
    address: Personal
    state: str
    is_primary: bool
    cool_down_until: datetime | None
    shared_with: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PhoneView:
    """A phone profile; `shared_with` as for an email."""

    id: int
    number: Personal
    kind: str
    state: str
    is_primary: bool
    cool_down_until: datetime | None
    shared_with: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SignInView:
    """An authentication profile."""

    id: int
    username: Personal
    state: str
    last_sign_in_at: datetime | None
    failed_count: int


@dataclass(frozen=True, kw_only=True)
class PassView:
    """A card or pass."""

    id: int
    pass_id: Personal
    state: str


_MINE = bindparam("customer", type_=Customer.id.type)
_EMAILS = (
    select(EmailProfile.__table__)
    .where(EmailProfile.customer_id == _MINE)
    .order_by(EmailProfile.is_primary.desc(), EmailProfile.id)
)
_PHONES = (
    select(PhoneProfile.__table__)
    .where(PhoneProfile.customer_id == _MINE)
    .order_by(PhoneProfile.is_primary.desc(), PhoneProfile.id)
)
_SIGN_INS = (
    select(
        AuthenticationProfile.id,
        AuthenticationProfile.username,
        AuthenticationProfile.state,
        AuthenticationProfile.last_sign_in_at,
        AuthenticationProfile.failed_count,
    )
    .where(AuthenticationProfile.customer_id == _MINE)
    .order_by(AuthenticationProfile.id)
)
_PASSES = select(Pass.id, Pass.pass_id, Pass.state).where(Pass.customer_id == _MINE).order_by(Pass.id)
_SHARED: CompoundSelect[Any] = union_all(
    *(
        select(literal_column(f"'{kind}'").label("kind"), model.canonical, model.customer_id)
        .join(Customer, Customer.id == model.customer_id)
        .where(
            model.canonical.in_(bindparam(kind, expanding=True)),
            model.customer_id != _MINE,
            Customer.status.not_in((CustomerStatus.MERGED, CustomerStatus.ERASED)),
        )
        for kind, model in (("email", EmailProfile), ("phone", PhoneProfile))
    )
)

Sharers = dict[tuple[str, str], set[int]]


def read_contacts(
    connection: Connection, customer_id: int, viewer: Viewer
) -> tuple[tuple[EmailView, ...], tuple[PhoneView, ...]]:
    """Return the email and phone profiles, the primary one first, and who else has the same values."""
    emails = connection.execute(_EMAILS, {"customer": customer_id}).all()
    phones = connection.execute(_PHONES, {"customer": customer_id}).all()
    shared = _sharers(
        connection, customer_id, {row.canonical for row in emails}, {row.canonical for row in phones}
    )
    return (
        tuple(
            EmailView(
                id=row.id,
                address=personal(viewer, row.address, mask_email),
                state=row.state.value,
                is_primary=row.is_primary,
                cool_down_until=row.cool_down_until,
                shared_with=_first(shared, "email", row.canonical),
            )
            for row in emails
        ),
        tuple(
            PhoneView(
                id=row.id,
                number=personal(viewer, row.number, mask_phone),
                kind=row.kind,
                state=row.state.value,
                is_primary=row.is_primary,
                cool_down_until=row.cool_down_until,
                shared_with=_first(shared, "phone", row.canonical),
            )
            for row in phones
        ),
    )


def _sharers(
    connection: Connection, customer_id: int, emails: Iterable[str], phones: Iterable[str]
) -> Sharers:
    values = {"customer": customer_id, "email": sorted(emails), "phone": sorted(phones)}
    found: Sharers = defaultdict(set)
    if values["email"] or values["phone"]:
        for kind, canonical, other in connection.execute(_SHARED, values):
            found[kind, canonical].add(other)
    return found


def _first(shared: Sharers, kind: str, canonical: str) -> tuple[int, ...]:
    return tuple(sorted(shared.get((kind, canonical), ()))[:MAX_SHARERS])


def read_sign_ins(connection: Connection, customer_id: int, viewer: Viewer) -> tuple[SignInView, ...]:
    """Return the authentication profiles, oldest first; never a password hash."""
    return tuple(
        SignInView(
            id=row.id,
            username=personal(viewer, row.username),
            state=row.state.value,
            last_sign_in_at=row.last_sign_in_at,
            failed_count=row.failed_count,
        )
        for row in connection.execute(_SIGN_INS, {"customer": customer_id})
    )


def read_passes(connection: Connection, customer_id: int, viewer: Viewer) -> tuple[PassView, ...]:
    """Return the passes, oldest first."""
    return tuple(
        PassView(id=row.id, pass_id=personal(viewer, row.pass_id), state=row.state.value)
        for row in connection.execute(_PASSES, {"customer": customer_id})
    )
