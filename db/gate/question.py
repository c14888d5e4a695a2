"""Asks the gate about a question; a customer is asked about by the emails that they share as well."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select

from db.gate.claim import Claim, judge_claim
from db.gate.judge import Judgement, judge, judge_customer
from db.models import EmailProfile
from db.rules.cases import Cause, blocking_first
from db.rules.identifiers import format_customer_number
from db.rules.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, exactly one of: what was typed, a customer's number, what a claim's form said."""

    identifier: str | None = None
    customer_id: int | None = None
    claim: Claim | None = None

    def __str__(self) -> str:
        if self.customer_id is not None:
            return format_customer_number(self.customer_id)
        if self.claim is not None:
            return f"claim by {self.claim.given_name} {self.claim.family_name}".strip()
        return self.identifier or ""


@dataclass(frozen=True)
class Judged:
    """The gate's judgement, and the identifier that it is about: what was typed, or a shared email."""

    judgement: Judgement
    identifier: str | None


_OTHER = EmailProfile.__table__.alias("other")
_SHARED = (
    select(EmailProfile.address)
    .where(
        EmailProfile.customer_id == bindparam("customer_id"),
        exists().where(
            _OTHER.c.canonical == EmailProfile.canonical, _OTHER.c.customer_id != EmailProfile.customer_id
        ),
    )
    .order_by(EmailProfile.is_primary.desc(), EmailProfile.id)
)


def judge_question(connection: Connection, question: Question, policy: Policy, now: datetime) -> Judged:
    """Return the judgement on a question; whatever was typed has one."""
    if question.customer_id is not None:
        return _judge_customer(connection, question.customer_id, policy, now)
    if question.claim is not None:
        return Judged(judge_claim(connection, question.claim, policy, now), None)
    typed = question.identifier or ""
    return Judged(judge(connection, typed, policy, now), question.identifier)


def _judge_customer(connection: Connection, customer_id: int, policy: Policy, now: datetime) -> Judged:
    """The customer's own causes, behind an email of theirs that sign-in cannot choose by (P1 case 1).

    Their username would still let them in; whoever calls has typed the email.
    """
    own = judge_customer(connection, customer_id, policy, now)
    for address, shared in _shared(connection, customer_id, policy, now):
        more = {found for found in own.findings if found.cause is not Cause.CAN_SIGN_IN}
        return Judged(replace(own, findings=blocking_first({*shared.findings, *more})), address)
    return Judged(own, None)


def _shared(
    connection: Connection, customer_id: int, policy: Policy, now: datetime
) -> Iterator[tuple[str, Judgement]]:
    for address in connection.scalars(_SHARED, {"customer_id": customer_id}).all():
        found = judge(connection, address, policy, now)
        shares = {each.customer_id for each in found.findings if each.cause is Cause.SHARED_EMAIL}
        if customer_id in shares:
            yield address, found
