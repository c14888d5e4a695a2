"""Finds the account that somebody claims as theirs, and judges whether a link may go to it (P1).

A claim matches by name and birth date, by name and postcode, or by email or phone. Of several accounts
the one that more of these lead to is meant; where that is not one alone, none is.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Select, or_, select

from db.gate.accounts import Account, read_accounts
from db.gate.judge import Judgement
from db.gate.reach import Way, ways
from db.gate.resolve import MAX_MATCHES, Rank, resolve
from db.models import (
    Address,
    Channel,
    Customer,
    CustomerStatus,
    EmailProfile,
    PhoneProfile,
    SearchTerm,
    SignInState,
)
from db.rules import Malformed
from db.rules.cases import Cause, Finding, blocking_first
from db.rules.email import parse_email
from db.rules.names import pair_terms, tokens
from db.rules.phone import parse_phone
from db.rules.policy import Policy
from db.search.kinds import TermKind
from db.settings import email_rules

MAX_NAMED = 5000
"""Customers of one name, or of one postcode, that are compared."""
Named = Select[int, str, str]
_NAMES = select(Customer.id, Customer.given_name, Customer.family_name)
_BY_STATUS = {
    CustomerStatus.MERGED: Cause.MERGED,
    CustomerStatus.ERASED: Cause.ERASED,
    CustomerStatus.SUSPENDED: Cause.SUSPENDED,
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What somebody gave of themselves; what they did not give is empty."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    postcode: str = ""
    email: str = ""
    phone: str = ""


def judge_claim(connection: Connection, claim: Claim, policy: Policy, now: datetime) -> Judgement:
    """Judge a claim; `lets_in` means that the link goes to the address on file."""
    votes = _votes(connection, claim, policy, now)
    accounts = read_accounts(connection, votes)
    live = {number: votes[number] for number in votes if accounts[number].is_live} or votes
    best = [number for number in live if live[number] == max(live.values())]
    if not best:
        return Judgement((Finding(Cause.NOTHING_FOUND),))
    if len(best) > 1:
        several = {Finding(Cause.SEVERAL_ACCOUNTS, number) for number in best}
        return Judgement(blocking_first(several))
    return _judge(connection, accounts[best[0]], policy, now)


def judge_claimed(connection: Connection, customer_id: int, policy: Policy, now: datetime) -> Judgement:
    """Judge the account that a claim led to before."""
    account = read_accounts(connection, [customer_id]).get(customer_id)
    if account is None:
        return Judgement((Finding(Cause.NOTHING_FOUND),))
    return _judge(connection, account, policy, now)


def _judge(connection: Connection, account: Account, policy: Policy, now: datetime) -> Judgement:
    """Neither inactivity nor a placeholder stands in the way: the link that goes out ends both."""
    reached = ways(connection, account.customer_id, policy, now)
    causes = {_BY_STATUS[account.status]} if account.status in _BY_STATUS else set()
    if account.takeover_flag:
        causes.add(Cause.TAKEOVER_FLAG)
    if not causes and not account.is_live:
        causes.add(Cause.CARD_SUSPENDED)
    causes |= _of_contacts(account, reached) | _of_sign_ins(account)
    if not causes and not account.sign_ins and _is_shared(connection, account, reached, policy, now):
        causes.add(Cause.SHARED_EMAIL)
    findings = blocking_first({Finding(cause, account.customer_id) for cause in causes or {Cause.CAN_CLAIM}})
    only = account.usable[0] if len(account.usable) == 1 else None
    return Judgement(findings, None, account, only, reached)


def _of_contacts(account: Account, reached: tuple[Way, ...]) -> set[Cause]:
    if not account.has_email:
        return {Cause.CLAIM_WITHOUT_EMAIL if account.has_phone else Cause.CLAIM_WITHOUT_CONTACT}
    return set() if account.takeover_flag or _mail(reached) else {Cause.NO_USABLE_CHANNEL}


def _of_sign_ins(account: Account) -> set[Cause]:
    """A claim makes the first sign-in, but brings no disabled one back and lifts no lock."""
    if len(account.usable) > 1:
        return {Cause.SEVERAL_SIGN_INS}
    if account.sign_ins and not account.usable:
        return {Cause.DISABLED}
    return {Cause.LOCKED for found in account.usable if found.state is SignInState.LOCKED}


def _mail(reached: tuple[Way, ...]) -> Way | None:
    return next((way for way in reached if way.channel is Channel.EMAIL and way.is_open), None)


def _is_shared(
    connection: Connection, account: Account, reached: tuple[Way, ...], policy: Policy, now: datetime
) -> bool:
    """Whether the sign-in that the claim would make would shut somebody else out of theirs."""
    way = _mail(reached)
    if way is None:
        return False
    found = resolve(connection, way.address, policy, now).matches
    return any(each.rank is Rank.USABLE and each.account.customer_id != account.customer_id for each in found)


def _votes(connection: Connection, claim: Claim, policy: Policy, now: datetime) -> Counter[int]:
    """How many of the given things lead to each customer."""
    votes: Counter[int] = Counter()
    for named in _by_name(connection, claim):
        rows = connection.execute(named.limit(MAX_NAMED))
        votes.update({row.id for row in rows if _same_name(claim, row.given_name, row.family_name)})
    for held in _by_contact(claim, policy, now):
        votes.update(set(connection.execute(held.limit(MAX_MATCHES)).scalars()))
    return votes


def _by_name(connection: Connection, claim: Claim) -> Iterator[Named]:
    words, postcode = tokens(f"{claim.given_name} {claim.family_name}"), claim.postcode.strip()
    if words and claim.birth_date is not None:
        alike = list(connection.execute(_alike(words)).scalars())
        yield _NAMES.where(Customer.id.in_(alike), Customer.birth_date == claim.birth_date)
    if words and postcode and postcode.isascii() and postcode.isprintable():
        written = (postcode, postcode.upper())
        lives_there = select(Address.customer_id).where(Address.postcode.in_(written))
        yield _NAMES.where(Customer.id.in_(lives_there))


def _alike(words: tuple[str, ...]) -> Select[int]:
    """Who may have this name, by one term of the search index; the names are compared afterwards.

    Asked on its own, so that no planner goes through all birth dates instead.
    """
    ends = (words[0], words[-1])
    kind, term = (TermKind.PAIR, *pair_terms(ends)) if len(words) > 1 else (TermKind.NAME, words[0])
    found = select(SearchTerm.customer_id).where(SearchTerm.kind == kind, SearchTerm.term == term)
    return found.limit(MAX_NAMED)


def _same_name(claim: Claim, given_name: str, family_name: str) -> bool:
    """Case, accents, the order of the words, and what is written together are forgiven (P2)."""
    given, stored = tokens(f"{claim.given_name} {claim.family_name}"), tokens(f"{given_name} {family_name}")
    return sorted(given) == sorted(stored) or "".join(given) == "".join(stored)


def _by_contact(claim: Claim, policy: Policy, now: datetime) -> Iterator[Select[int]]:
    """An address whose cool-down runs leads nowhere (R31), nor one that is to be confirmed first."""
    with suppress(Malformed):
        email = parse_email(claim.email, email_rules(policy)).canonical
        yield _holding(EmailProfile, email, now)
    with suppress(Malformed):
        phone = parse_phone(claim.phone, policy.phone_region).canonical
        yield _holding(PhoneProfile, phone, now)


def _holding(model: type[EmailProfile] | type[PhoneProfile], canonical: str, now: datetime) -> Select[int]:
    is_free = or_(model.cool_down_until.is_(None), model.cool_down_until <= now)
    return select(model.customer_id).where(model.canonical == canonical, is_free, ~model.confirm_before_use)
