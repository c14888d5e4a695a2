"""The checks that a playbook may name: what the product finds out itself, and the answers each can give."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from db.corrections import proposals
from db.gate import Judgement
from db.gate.question import Question, judge_question
from db.models import Channel, CustomerStatus, Message, MessageState
from db.rules.cases import Case
from db.rules.identifiers import format_customer_number
from db.rules.policy import Policy


@dataclass(frozen=True)
class Subject:
    """Whom a check is about: the customer of the walk, and what the caller said that they typed."""

    customer_id: int | None
    identifier: str | None
    policy: Policy
    now: datetime


@dataclass(frozen=True)
class Found:
    """What a check found: the answer that steps depend on, and a sentence for the operator."""

    answer: str
    sentence: str


TYPO, NO_TYPO = "typo", "no-typo"
REACHABLE, UNREACHABLE = "reachable", "unreachable"
SENT, FAILED, NONE = "sent", "failed", "none"
UNKNOWN = "unknown"

CHECK_ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    "diagnose": tuple(case.value for case in Case),
    "status": (*(status.value for status in CustomerStatus), UNKNOWN),
    "typo": (TYPO, NO_TYPO),
    "reach": (REACHABLE, UNREACHABLE),
    "recent-mail": (SENT, FAILED, NONE),
}
"""Each check by name, with every answer that it can give."""


def run(connection: Connection, name: str, subject: Subject) -> Found:
    """Carry out a check; raise `KeyError` where there is none of that name."""
    return _RUN[name](connection, subject)


def _judged(connection: Connection, subject: Subject) -> Judgement:
    """What was typed goes before the customer of the walk, unless it leads nowhere."""
    policy, now = subject.policy, subject.now
    asked = Question(identifier=subject.identifier or "")
    found = judge_question(connection, asked, policy, now).judgement
    if subject.customer_id is None or found.case is not Case.NO_MATCH or found.account is not None:
        return found
    return judge_question(connection, Question(customer_id=subject.customer_id), policy, now).judgement


def _diagnose(connection: Connection, subject: Subject) -> Found:
    found = _judged(connection, subject)
    return Found(found.case.value, " ".join(finding.sentence for finding in found.findings))


def _status(connection: Connection, subject: Subject) -> Found:
    account = _judged(connection, subject).account
    if account is None:
        return Found(UNKNOWN, "No single account is meant, so there is no status to tell.")
    return Found(
        account.status.value, f"{format_customer_number(account.customer_id)} is {account.status.value}."
    )


def _typo(connection: Connection, subject: Subject) -> Found:
    """A verified address is no typo (decision 0012), and no correction leads onto somebody else's (R30)."""
    judged = _judged(connection, subject)
    owner = 0 if judged.account is None else judged.account.customer_id
    held = ""
    for way in judged.ways:
        if way.channel is not Channel.EMAIL or way.was_verified:
            continue
        for found in proposals(connection, way.address, owner, subject.policy):
            if found.holder is None:
                return Found(TYPO, f"{found.before} → {found.after} ({found.rule})")
            who = f"{format_customer_number(found.holder.customer_id)} {found.holder.label}"
            held = f" {found.after}, which it would make of {found.before}, is held by {who}."
    return Found(NO_TYPO, f"The typo table corrects none of the addresses on file.{held}")


def _reach(connection: Connection, subject: Subject) -> Found:
    reached = _judged(connection, subject).ways
    told = [f"{way.address}: {'open' if way.obstacle is None else way.obstacle.sentence}" for way in reached]
    answer = REACHABLE if any(way.is_open for way in reached) else UNREACHABLE
    return Found(answer, "; ".join(told) or "There is no email and no phone on file.")


def _recent_mail(connection: Connection, subject: Subject) -> Found:
    account = _judged(connection, subject).account
    if account is None:
        return Found(NONE, "No single account is meant.")
    since = subject.now - timedelta(hours=subject.policy.failure_hours)
    wanted = (
        select(Message.reference, Message.state, Message.reply)
        .where(Message.customer_id == account.customer_id, Message.created_at > since)
        .order_by(Message.id.desc())
        .limit(5)
    )
    rows = connection.execute(wanted).all()
    told = "; ".join(f"{row.reference} {row.state.value} {row.reply or ''}".strip() for row in rows)
    if not rows:
        return Found(NONE, f"Nothing was sent in the last {subject.policy.failure_hours} hours.")
    bad = rows[0].state in (MessageState.FAILED, MessageState.BOUNCED, MessageState.VOID)
    return Found(FAILED if bad else SENT, told)


_RUN: Final[dict[str, Callable[[Connection, Subject], Found]]] = {
    "diagnose": _diagnose,
    "status": _status,
    "typo": _typo,
    "reach": _reach,
    "recent-mail": _recent_mail,
}
