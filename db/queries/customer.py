"""Reads one customer with everything on file: what the customer screen and `latchkey show` tell."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select

from db.errors import Unknown
from db.models import Address, AuthorisedPerson, Customer
from db.queries import audit
from db.queries.contracts import ContractView, one_line, read_contracts
from db.queries.messages import MessageView, read_messages
from db.queries.notes import InteractionView, NoteView, read_interactions, read_notes
from db.queries.profiles import (
    EmailView,
    PassView,
    PhoneView,
    SignInView,
    read_contacts,
    read_passes,
    read_sign_ins,
)
from db.queries.viewer import Personal, Viewer, personal, shown
from db.queries.walks import WalkBrief, briefs_of_customer
from db.rules.identifiers import format_customer_number
from db.rules.names import display_name

HISTORY = 10


@dataclass(frozen=True, kw_only=True)
class AddressView:
    """A postal address; city and state stay visible (R25), `line` is all of it on one line."""

    id: int
    line: Personal
    street: Personal
    city: str
    state: str
    postcode: Personal
    country: str
    is_primary: bool


@dataclass(frozen=True, kw_only=True)
class AuthorisedView:
    """Somebody who may speak for the customer."""

    id: int
    name: str
    relation: str


@dataclass(frozen=True, kw_only=True)
class CustomerView:
    """Everything on one screen; `version` is what a change must name (R55). A merged one says into whom.

    `absorbed` are the old numbers that lead here by now.
    """

    id: int
    number: str
    given_name: str
    family_name: str
    name: str
    birth_date: Personal | None
    status: str
    merged_into: int | None
    absorbed: tuple[int, ...]
    takeover_flag: bool
    version: int
    created_at: datetime
    email_cool_down_until: datetime | None
    phone_cool_down_until: datetime | None
    addresses: tuple[AddressView, ...]
    emails: tuple[EmailView, ...]
    phones: tuple[PhoneView, ...]
    sign_ins: tuple[SignInView, ...]
    passes: tuple[PassView, ...]
    contracts: tuple[ContractView, ...]
    authorised: tuple[AuthorisedView, ...]
    notes: tuple[NoteView, ...]
    messages: tuple[MessageView, ...]
    interactions: tuple[InteractionView, ...]
    walks: tuple[WalkBrief, ...]
    history: tuple[audit.EventRow, ...]


_CUSTOMER = select(Customer.__table__).where(
    or_(Customer.id == bindparam("customer"), Customer.merged_into_id == bindparam("customer"))
)
"""The customer, and whoever leads to them: the history of those is read with theirs."""
_ADDRESSES = (
    select(Address.__table__)
    .where(Address.customer_id == bindparam("customer"))
    .order_by(Address.is_primary.desc(), Address.id)
)
_AUTHORISED = (
    select(
        AuthorisedPerson.id,
        AuthorisedPerson.given_name,
        AuthorisedPerson.family_name,
        AuthorisedPerson.relation,
    )
    .where(AuthorisedPerson.customer_id == bindparam("customer"))
    .order_by(AuthorisedPerson.id)
)


def read_customer(
    connection: Connection, customer_id: int, viewer: Viewer, *, now: datetime | None = None
) -> CustomerView:
    """Return a customer as the viewer may see them; raise `Unknown`.

    `now` (default: the server's) decides which links have expired.
    """
    found = {row.id: row for row in connection.execute(_CUSTOMER, {"customer": customer_id})}
    row = found.get(customer_id)
    if row is None:
        number = format_customer_number(customer_id)
        raise Unknown(f"There is no customer {number}. Search for the name instead.", field="customer")
    absorbed = tuple(sorted(found.keys() - {customer_id}))
    history = audit.Filter(customer_id=customer_id, people_only=True, with_merged=absorbed)
    emails, phones = read_contacts(connection, customer_id, viewer)
    return CustomerView(
        id=row.id,
        number=format_customer_number(row.id),
        given_name=row.given_name,
        family_name=row.family_name,
        name=display_name(row.given_name, row.family_name),
        birth_date=shown(viewer, row.birth_date),
        status=row.status.value,
        merged_into=row.merged_into_id,
        absorbed=absorbed,
        takeover_flag=row.takeover_flag,
        version=row.version,
        created_at=row.created_at,
        email_cool_down_until=row.email_cool_down_until,
        phone_cool_down_until=row.phone_cool_down_until,
        addresses=_addresses(connection, customer_id, viewer),
        emails=emails,
        phones=phones,
        sign_ins=read_sign_ins(connection, customer_id, viewer),
        passes=read_passes(connection, customer_id, viewer),
        contracts=read_contracts(connection, customer_id),
        authorised=_authorised(connection, customer_id),
        notes=read_notes(connection, customer_id, viewer),
        messages=read_messages(connection, customer_id, viewer, now=now),
        interactions=read_interactions(connection, customer_id),
        walks=briefs_of_customer(connection, customer_id),
        history=audit.page_of(connection, history, limit=HISTORY).rows,
    )


def _addresses(connection: Connection, customer_id: int, viewer: Viewer) -> tuple[AddressView, ...]:
    return tuple(
        AddressView(
            id=row.id,
            line=personal(viewer, one_line(row.street, row.city, f"{row.state} {row.postcode}", row.country)),
            street=personal(viewer, row.street),
            city=row.city,
            state=row.state,
            postcode=personal(viewer, row.postcode),
            country=row.country,
            is_primary=row.is_primary,
        )
        for row in connection.execute(_ADDRESSES, {"customer": customer_id})
    )


def _authorised(connection: Connection, customer_id: int) -> tuple[AuthorisedView, ...]:
    return tuple(
        AuthorisedView(id=row.id, name=display_name(row.given_name, row.family_name), relation=row.relation)
        for row in connection.execute(_AUTHORISED, {"customer": customer_id})
    )
