"""Judges whether somebody may come in: the one answer to which signing in and diagnosing both hold."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from db.gate.accounts import Account, SignIn, read_accounts
from db.gate.reach import Way, ways
from db.gate.resolve import Match, Rank, Resolution, Route, resolve
from db.models import AuthenticationProfile, CustomerStatus, PassState, SignInState
from db.rules.cases import Case, Cause, Finding, blocking_first
from db.rules.policy import Policy

_BY_STATUS = {
    CustomerStatus.MERGED: Cause.MERGED,
    CustomerStatus.ERASED: Cause.ERASED,
    CustomerStatus.SUSPENDED: Cause.SUSPENDED,
    CustomerStatus.INACTIVE: Cause.INACTIVE,
}
_BY_SIGN_IN = {
    SignInState.LOCKED: Cause.LOCKED,
    SignInState.DISABLED: Cause.DISABLED,
    SignInState.PLACEHOLDER: Cause.PLACEHOLDER,
    SignInState.RESET_REQUIRED: Cause.RESET_REQUIRED,
}
_NEW_PASSWORD = {Cause.PLACEHOLDER, Cause.RESET_REQUIRED}
_BY_PASS = {PassState.SUSPENDED: Cause.PASS_SUSPENDED, PassState.EXPIRED: Cause.PASS_EXPIRED}
_OVER = (CustomerStatus.MERGED, CustomerStatus.ERASED)
NOBODY = 0
"""The number of no customer."""
MOST_ALIKE = 7
"""Further accounts of one email that are told beside the one that is meant."""


@dataclass(frozen=True)
class Judgement:
    """The verdict: findings in blocking order, and what it is about.

    `account` and `sign_in` are None unless exactly one is meant. `ways` are that account's addresses.
    `resolution` is None where the question was not an identifier.
    """

    findings: tuple[Finding, ...]
    resolution: Resolution | None = None
    account: Account | None = None
    sign_in: SignIn | None = None
    ways: tuple[Way, ...] = ()

    @property
    def case(self) -> Case:
        """The blocking case, or `can-sign-in`."""
        return self.findings[0].case

    @property
    def lets_in(self) -> bool:
        """Whether the right password and the code that is sent let the customer in."""
        return self.case is Case.CAN_SIGN_IN


def judge(connection: Connection, identifier: str, policy: Policy, now: datetime) -> Judgement:
    """Judge what a customer typed."""
    resolution = resolve(connection, identifier, policy, now)
    match resolution.matches:
        case ():
            return Judgement((Finding(Cause.NOTHING_FOUND),), resolution)
        case (only,):
            return _judge_match(connection, resolution, only, policy, now)
        case (first, *others) if first.rank is not Rank.USABLE:
            # None of them has a sign-in that could share the email: the first is meant, the others are told.
            judged = _judge_match(connection, resolution, first, policy, now)
            return _with_alike(connection, judged, others[:MOST_ALIKE], policy, now)
    shared = {Finding(Cause.SHARED_EMAIL, each.account.customer_id) for each in resolution.matches}
    return Judgement(blocking_first(shared), resolution)


def _with_alike(
    connection: Connection, judged: Judgement, others: list[Match], policy: Policy, now: datetime
) -> Judgement:
    """Add the other accounts that the same keeps out, which hold what was typed as well."""
    causes = {found.cause for found in judged.findings}
    alike = {
        found
        for other in others
        for found in _judge_match(connection, judged.resolution, other, policy, now).findings
        if found.cause in causes
    }
    return replace(judged, findings=blocking_first({*judged.findings, *alike}))


def judge_nobody(connection: Connection, policy: Policy, now: datetime) -> None:
    """Ask what is asked about a customer, and find nothing: who is unknown costs the same work (A26)."""
    read_accounts(connection, [NOBODY])
    ways(connection, NOBODY, policy, now)


def judge_sign_in(connection: Connection, sign_in_id: int, policy: Policy, now: datetime) -> Judgement:
    """Judge a sign-in that an identifier led to before; an unknown one is `no-match`."""
    owner = select(AuthenticationProfile.customer_id).where(AuthenticationProfile.id == sign_in_id)
    customer_id = connection.execute(owner).scalar()
    if customer_id is None:
        return Judgement((Finding(Cause.NOTHING_FOUND),))
    account = read_accounts(connection, [customer_id])[customer_id]
    (sign_in,) = (found for found in account.sign_ins if found.id == sign_in_id)
    return _judge_account(connection, account, [sign_in], policy, now)


def judge_customer(connection: Connection, customer_id: int, policy: Policy, now: datetime) -> Judgement:
    """Judge a customer whatever they typed; an unknown number is `no-match`."""
    account = read_accounts(connection, [customer_id]).get(customer_id)
    if account is None:
        return Judgement((Finding(Cause.NOTHING_FOUND),))
    return _judge_account(connection, account, account.sign_ins, policy, now)


def _judge_match(
    connection: Connection, resolution: Resolution | None, match: Match, policy: Policy, now: datetime
) -> Judgement:
    account, named = match.account, match.sign_in_id
    sign_ins = [found for found in account.sign_ins if named in (None, found.id)]
    more: set[Cause] = set()
    if match.cooling_until is not None:
        more.add(Cause.COOLING_ADDRESS)
    if match.is_unconfirmed:
        more.add(Cause.UNCONFIRMED_ADDRESS)
    if match.pass_state in _BY_PASS:
        more.add(_BY_PASS[match.pass_state])
    return _judge_account(connection, account, sign_ins, policy, now, resolution=resolution, more=more)


def _judge_account(
    connection: Connection,
    account: Account,
    sign_ins: list[SignIn] | tuple[SignIn, ...],
    policy: Policy,
    now: datetime,
    *,
    resolution: Resolution | None = None,
    more: set[Cause] | None = None,
) -> Judgement:
    reached = ways(connection, account.customer_id, policy, now)
    sign_in, causes = _of_sign_ins(sign_ins)
    if account.status in _OVER:
        causes = _of_account(account)  # nothing else about it can be put right
    else:
        route = None if resolution is None else resolution.route
        causes |= _of_account(account) | _of_contacts(account, reached, route) | (more or set())
    findings = blocking_first({Finding(cause, account.customer_id) for cause in _told(causes)})
    return Judgement(findings, resolution, account, sign_in, reached)


def _told(causes: set[Cause]) -> set[Cause]:
    """Leave out what another cause brings with it."""
    if Cause.INACTIVE in causes:
        causes = causes - _NEW_PASSWORD  # the activation link sets the password too
    if Cause.TAKEOVER_FLAG in causes:
        causes = causes - {Cause.NO_USABLE_CHANNEL}  # it closes every one of them
    return causes or {Cause.CAN_SIGN_IN}


def _of_account(account: Account) -> set[Cause]:
    causes = {_BY_STATUS[account.status]} if account.status in _BY_STATUS else set()
    if account.takeover_flag:
        causes.add(Cause.TAKEOVER_FLAG)
    if account.status is CustomerStatus.ACTIVE and not account.is_live:
        causes.add(Cause.CARD_SUSPENDED)
    return causes


def _of_sign_ins(sign_ins: list[SignIn] | tuple[SignIn, ...]) -> tuple[SignIn | None, set[Cause]]:
    usable = [found for found in sign_ins if not found.is_disabled]
    if len(usable) > 1:
        return None, {Cause.SEVERAL_SIGN_INS}
    if not usable:
        return None, {Cause.DISABLED if sign_ins else Cause.NO_SIGN_IN}
    cause = _BY_SIGN_IN.get(usable[0].state)
    return usable[0], set() if cause is None else {cause}


def _of_contacts(account: Account, reached: tuple[Way, ...], route: Route | None) -> set[Cause]:
    """Without an email nobody signs in, whatever the phone (P1 cases 2 and 3)."""
    if not account.has_email:
        if route is None and not account.has_phone and not account.usable:
            return {Cause.CLAIM_WITHOUT_CONTACT}
        return {Cause.PASS_WITHOUT_EMAIL if route is Route.PASS else Cause.USERNAME_WITHOUT_EMAIL}
    return set() if any(way.is_open for way in reached) else {Cause.NO_USABLE_CHANNEL}
