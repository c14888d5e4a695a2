"""Finds whom an identifier means, in the order of P1: username, pass id, email.

Live accounts with a usable sign-in come before live ones without, and suspended, merged or erased
accounts only count where nothing live matches. Within a rank the order of P1 decides, so that an exact
username wins over a shared email (fix 1c). An address whose cool-down runs leads nowhere (R31), nor does one
that a merge brought unverified, until it is confirmed (R35).
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import Connection, bindparam, case, select

from db.gate.accounts import Account, read_accounts
from db.models import AuthenticationProfile, Customer, CustomerStatus, EmailProfile, Pass, PassState
from db.rules import Malformed
from db.rules.email import parse_email
from db.rules.identifiers import parse_pass_id, parse_username
from db.rules.policy import Policy
from db.settings import email_rules

MAX_IDENTIFIER = 320
MAX_MATCHES = 50
"""Accounts of one email that are looked at, live ones first; P1 asks no more than whether it is one."""


class Route(StrEnum):
    """What an identifier was taken for."""

    USERNAME = "username"
    PASS = "pass"
    EMAIL = "email"


class Rank(IntEnum):
    """How near a match is to letting somebody in; the lowest counts."""

    USABLE = 0
    LIVE = 1
    GONE = 2


@dataclass(frozen=True)
class Match:
    """One account that an identifier leads to.

    `sign_in_id` only where a username named one; `pass_state` only by pass; `cooling_until` only where
    the email's cool-down still runs; `is_unconfirmed` only where a merge brought it and nobody confirmed it.
    """

    route: Route
    account: Account
    row_id: int
    sign_in_id: int | None = None
    pass_state: PassState | None = None
    cooling_until: datetime | None = None
    is_unconfirmed: bool = False

    @property
    def rank(self) -> Rank:
        """Where this match stands among others."""
        if not self.account.is_live:
            return Rank.GONE
        is_waiting = self.cooling_until is not None or self.is_unconfirmed
        is_shut = is_waiting or self.pass_state not in (None, PassState.ACTIVE)
        meant = [found for found in self.account.usable if self.sign_in_id in (None, found.id)]
        return Rank.USABLE if meant and not is_shut else Rank.LIVE


@dataclass(frozen=True)
class Resolution:
    """What an identifier means: `matches` of the best rank and first route, `others` behind them.

    More than one match is more than one account of a shared email. `route` is None where nothing matched.
    """

    route: Route | None
    matches: tuple[Match, ...] = ()
    others: tuple[Match, ...] = ()


_USERNAME = select(AuthenticationProfile.id, AuthenticationProfile.customer_id).where(
    AuthenticationProfile.canonical == bindparam("canonical")
)
_PASS = select(Pass.id, Pass.customer_id, Pass.state).where(Pass.canonical == bindparam("canonical"))
_LIVE_FIRST = case((Customer.status.in_((CustomerStatus.ACTIVE, CustomerStatus.INACTIVE)), 0), else_=1)
_EMAIL = (
    select(
        EmailProfile.id,
        EmailProfile.customer_id,
        EmailProfile.cool_down_until,
        EmailProfile.confirm_before_use,
    )
    .join(Customer, Customer.id == EmailProfile.customer_id)
    .where(EmailProfile.canonical == bindparam("canonical"))
    .order_by(
        _LIVE_FIRST, EmailProfile.customer_id, EmailProfile.cool_down_until.is_not(None), EmailProfile.id
    )
    .limit(MAX_MATCHES)
)


def resolve(connection: Connection, identifier: str, policy: Policy, now: datetime) -> Resolution:
    """Return whom an identifier means; anything may be typed, and what cannot be one matches nothing."""
    found = _found(connection, identifier, policy) if len(identifier) <= MAX_IDENTIFIER else []
    accounts = read_accounts(connection, [customer_id for _, _, customer_id, _ in found])
    matches = [
        _match(route, accounts[customer_id], row_id, more, now) for route, row_id, customer_id, more in found
    ]
    if not matches:
        return Resolution(None)
    best = min(match.rank for match in matches)
    route = next(match.route for match in matches if match.rank is best)
    chosen = [match for match in matches if (match.rank, match.route) == (best, route)]
    chosen.sort(key=_telling)
    return Resolution(route, tuple(chosen), tuple(match for match in matches if match not in chosen))


def _telling(match: Match) -> tuple[bool, int, int]:
    """Of several that let nobody in: first one that does not wait, then a suspended before a merged one."""
    status = match.account.status
    is_waiting = match.cooling_until is not None or match.is_unconfirmed
    return is_waiting, _GONE_ORDER.get(status, 0), match.account.customer_id


_GONE_ORDER = {CustomerStatus.SUSPENDED: 1, CustomerStatus.MERGED: 2, CustomerStatus.ERASED: 3}
Row = tuple[Route, int, int, object]
UNCONFIRMED = object()
"""Stands in a row for an email that waits to be confirmed."""


def _found(connection: Connection, identifier: str, policy: Policy) -> list[Row]:
    """Each row that matches: its route, id, customer, and the state or hindrance it has."""
    found: list[Row] = []
    for route, canonical in _forms(identifier, policy):
        values = {"canonical": canonical}
        match route:
            case Route.USERNAME:
                found += [
                    (route, row.id, row.customer_id, None) for row in connection.execute(_USERNAME, values)
                ]
            case Route.PASS:
                found += [
                    (route, row.id, row.customer_id, row.state) for row in connection.execute(_PASS, values)
                ]
            case Route.EMAIL:
                one_each: dict[int, Row] = {}
                for row in connection.execute(_EMAIL, values):
                    hindrance = UNCONFIRMED if row.confirm_before_use else row.cool_down_until
                    one_each.setdefault(row.customer_id, (route, row.id, row.customer_id, hindrance))
                found += one_each.values()
    return found


def _forms(identifier: str, policy: Policy) -> Iterator[tuple[Route, str]]:
    """The canonical form under each route; a route whose rules the text breaks is left out."""
    rules = email_rules(policy)
    with suppress(Malformed):
        yield Route.USERNAME, parse_username(identifier, rules)
    with suppress(Malformed):
        yield Route.PASS, parse_pass_id(identifier)
    with suppress(Malformed):
        yield Route.EMAIL, parse_email(identifier, rules).canonical


def _match(route: Route, account: Account, row_id: int, more: object, now: datetime) -> Match:
    cooling = more if isinstance(more, datetime) and more > now else None
    return Match(
        route=route,
        account=account,
        row_id=row_id,
        sign_in_id=row_id if route is Route.USERNAME else None,
        pass_state=more if isinstance(more, PassState) else None,
        cooling_until=cooling,
        is_unconfirmed=more is UNCONFIRMED,
    )
