"""Reads what a verdict rests on: whose accounts they are, how they are reached, what failed lately."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select

from db.diagnosis.links import LinkEvidence, awaited_link, is_mail_underway
from db.gate import Way, ways
from db.models import (
    Address,
    AuthenticationProfile,
    Channel,
    ContactState,
    Contract,
    Customer,
    Message,
    Pass,
    PhoneProfile,
    SignInAttempt,
    SignInState,
)
from db.queries.viewer import Personal, Viewer, personal
from db.rules.cases import Case
from db.rules.email import mask_email
from db.rules.identifiers import format_customer_number
from db.rules.names import display_name
from db.rules.phone import mask_phone
from db.rules.policy import Policy

FAILURES = 5
"""Failed attempts that are shown of an account, newest first."""


@dataclass(frozen=True, kw_only=True)
class WayEvidence:
    """One address: whether a code or link can arrive there now, why not, and what last went there.

    `mistyped_for` is what the typo table makes of an address that was never proved right, empty where it is
    right or somebody else holds the right one (R30). `address` is shown as it was typed, phones too.
    """

    channel: str
    profile_id: int
    address: Personal
    state: str
    was_verified: bool
    is_primary: bool
    is_open: bool
    obstacle: str | None
    why_not: str
    until: datetime | None
    reference: str | None
    message_state: str | None
    reply: str | None
    mistyped_for: str = ""

    @property
    def is_mail(self) -> bool:
        """Whether it is an email."""
        return self.channel == Channel.EMAIL.value


@dataclass(frozen=True, kw_only=True)
class SignInEvidence:
    """One sign-in; `failed_count` counts failures in a row."""

    id: int
    username: Personal
    state: str
    failed_count: int
    last_sign_in_at: datetime | None


@dataclass(frozen=True)
class Failure:
    """One failed attempt to sign in: when, by what, and why (a case of P1, `password` or `code`)."""

    at: datetime
    identifier_kind: str
    case: str


@dataclass(frozen=True, kw_only=True)
class AccountEvidence:
    """One account that is meant, or may be."""

    customer_id: int
    number: str
    name: str
    status: str
    city: str
    takeover_flag: bool
    merged_into: int | None
    created_at: datetime
    birth_date: date | None
    sign_ins: tuple[SignInEvidence, ...]
    passes: tuple[tuple[int, str], ...]
    contracts: int
    ways: tuple[WayEvidence, ...]
    failures: tuple[Failure, ...]
    link: LinkEvidence | None
    is_mail_underway: bool

    @property
    def is_something_awaited(self) -> bool:
        """Whether a mail is about to leave, or the customer is to open a link: the verdict may turn soon."""
        return self.is_mail_underway or (self.link is not None and self.link.is_awaited)

    @property
    def last_sign_in_at(self) -> datetime | None:
        """The most recent of any of its sign-ins."""
        return max((found.last_sign_in_at for found in self.sign_ins if found.last_sign_in_at), default=None)

    @property
    def only_sign_in(self) -> int | None:
        """The one that is not disabled, where there is exactly one."""
        usable = [found.id for found in self.sign_ins if found.state != SignInState.DISABLED.value]
        return usable[0] if len(usable) == 1 else None

    @property
    def has_verified_contact(self) -> bool:
        """Whether any address is verified."""
        return any(way.state == ContactState.VERIFIED.value for way in self.ways)


_Row = Row[*tuple[Any, ...]]
_AMONG: BindParameter[int] = bindparam("ids", expanding=True)
_CUSTOMERS = select(Customer.__table__).where(Customer.id.in_(_AMONG))
_CITIES = select(Address.customer_id, Address.city).where(Address.customer_id.in_(_AMONG), Address.is_primary)
_SIGN_INS = (
    select(
        AuthenticationProfile.customer_id,
        AuthenticationProfile.id,
        AuthenticationProfile.username,
        AuthenticationProfile.state,
        AuthenticationProfile.failed_count,
        AuthenticationProfile.last_sign_in_at,
    )
    .where(AuthenticationProfile.customer_id.in_(_AMONG))
    .order_by(AuthenticationProfile.id)
)
_PASSES = select(Pass.customer_id, Pass.id, Pass.state).where(Pass.customer_id.in_(_AMONG)).order_by(Pass.id)
_CONTRACTS = (
    select(Contract.customer_id, func.count())
    .where(Contract.customer_id.in_(_AMONG))
    .group_by(Contract.customer_id)
)
_FAILURES = (
    select(SignInAttempt.at, SignInAttempt.identifier_kind, SignInAttempt.case)
    .where(
        SignInAttempt.customer_id == bindparam("customer_id"),
        SignInAttempt.case != Case.CAN_SIGN_IN.value,  # where nothing failed there is no case at all
    )
    .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
    .limit(FAILURES)
)
_NUMBERS = select(PhoneProfile.id, PhoneProfile.number).where(PhoneProfile.customer_id.in_(_AMONG))
_MESSAGES = select(Message.id, Message.reference, Message.state, Message.reply).where(Message.id.in_(_AMONG))


def read_evidence(
    connection: Connection, customer_ids: Iterable[int], viewer: Viewer, policy: Policy, now: datetime
) -> tuple[AccountEvidence, ...]:
    """Return the accounts in the order given; an unknown number is left out."""
    wanted = list(dict.fromkeys(customer_ids))
    if not wanted:
        return ()
    among = {"ids": wanted}
    rows = {row.id: row for row in connection.execute(_CUSTOMERS, among)}
    cities = dict(connection.execute(_CITIES, among).all())
    contracts = dict(connection.execute(_CONTRACTS, among).all())
    sign_ins: dict[int, list[SignInEvidence]] = defaultdict(list)
    for row in connection.execute(_SIGN_INS, among):
        sign_ins[row.customer_id].append(_sign_in(row, viewer))
    numbers = dict(connection.execute(_NUMBERS, among).all())
    passes: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for customer_id, pass_row, state in connection.execute(_PASSES, among):
        passes[customer_id].append((pass_row, state.value))
    return tuple(
        AccountEvidence(
            customer_id=row.id,
            number=format_customer_number(row.id),
            name=display_name(row.given_name, row.family_name),
            status=row.status.value,
            city=cities.get(row.id, ""),
            takeover_flag=row.takeover_flag,
            merged_into=row.merged_into_id,
            created_at=row.created_at,
            birth_date=row.birth_date,
            sign_ins=tuple(sign_ins[row.id]),
            passes=tuple(passes[row.id]),
            contracts=contracts.get(row.id, 0),
            ways=_ways(connection, ways(connection, row.id, policy, now), numbers, viewer),
            failures=_failures(connection, row.id),
            link=awaited_link(connection, row.id, viewer, now),
            is_mail_underway=is_mail_underway(connection, row.id, now),
        )
        for row in map(rows.get, wanted)
        if row is not None
    )


def _sign_in(row: _Row, viewer: Viewer) -> SignInEvidence:
    return SignInEvidence(
        id=row.id,
        username=personal(viewer, row.username),
        state=row.state.value,
        failed_count=row.failed_count,
        last_sign_in_at=row.last_sign_in_at,
    )


def _failures(connection: Connection, customer_id: int) -> tuple[Failure, ...]:
    rows = connection.execute(_FAILURES, {"customer_id": customer_id})
    return tuple(Failure(row.at, row.identifier_kind, row.case or "") for row in rows)


def _ways(
    connection: Connection, found: tuple[Way, ...], numbers: dict[int, str], viewer: Viewer
) -> tuple[WayEvidence, ...]:
    ids = [way.message_id for way in found if way.message_id is not None]
    messages = {row.id: row for row in connection.execute(_MESSAGES, {"ids": ids})} if ids else {}
    return tuple(_way(way, messages.get(way.message_id), numbers, viewer) for way in found)


def _way(way: Way, message: _Row | None, numbers: dict[int, str], viewer: Viewer) -> WayEvidence:
    is_mail = way.channel is Channel.EMAIL
    shown = way.address if is_mail else numbers.get(way.profile_id, way.address)
    return WayEvidence(
        channel=way.channel.value,
        profile_id=way.profile_id,
        address=personal(viewer, shown, mask_email if is_mail else mask_phone),
        state=way.state.value,
        was_verified=way.was_verified,
        is_primary=way.is_primary,
        is_open=way.is_open,
        obstacle=None if way.obstacle is None else way.obstacle.value,
        why_not="" if way.obstacle is None else way.obstacle.sentence,
        until=way.until,
        reference=None if message is None else message.reference,
        message_state=None if message is None else message.state.value,
        reply=None if message is None else message.reply,
    )
