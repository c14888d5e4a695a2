"""Judges a pair of customers: two people, to be looked at later, or open again, which takes either back."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from db.duplicates.candidates import explained
from db.duplicates.collisions import collision
from db.duplicates.levels import encode
from db.duplicates.people import read_people
from db.duplicates.remembering import fingerprint
from db.errors import Invalid, RefusalCode, Refused
from db.models import DuplicatePair, PairState
from db.operation import Operation, Params
from db.operations import fields
from db.rules.roles import Right
from db.transaction import Transaction


class Judgement(StrEnum):
    """What is said of a pair."""

    DISMISS = "dismiss"
    LATER = "later"
    REOPEN = "reopen"


_STATES = {
    Judgement.DISMISS: PairState.DISMISSED,
    Judgement.LATER: PairState.LATER,
    Judgement.REOPEN: PairState.OPEN,
}


class JudgeDuplicate(Params, frozen=True, kw_only=True):
    """Which two customers, in any order, and what is said of them; the reason is kept with the pair."""

    customer: fields.CustomerId
    other: Annotated[
        int,
        Meta(title="Other customer", description="Customer number.", ge=1, extra={"kind": "customer"}),
    ]
    judgement: Annotated[
        Judgement,
        Meta(
            title="Judgement",
            description="dismiss (two people, until one of them changes), later, or reopen.",
        ),
    ]


def subject(transaction: Transaction, params: JudgeDuplicate) -> DuplicatePair | None:
    """Return the pair, locked with both customers; None where no scan has found it."""
    if params.customer == params.other:
        raise Invalid("These are one customer. Name two.", field="other")
    pair = _numbers(params)
    if transaction.own_customer_id in pair:
        raise Refused(
            "This is your own customer record. Ask another operator (R36).", code=RefusalCode.PERMISSION
        )
    for number in pair:
        transaction.customer(number)
    a_id, b_id = pair
    chosen = select(DuplicatePair).where(DuplicatePair.a_id == a_id, DuplicatePair.b_id == b_id)
    return transaction.session.scalar(chosen.with_for_update())


def apply(transaction: Transaction, params: JudgeDuplicate) -> DuplicatePair:
    """Write the judgement; a pair that no scan has found is kept with its score of now."""
    pair = _stored(transaction, params) or _added(transaction, params)
    state = _STATES[params.judgement]
    is_open = state is PairState.OPEN
    if is_open and pair.state is PairState.OPEN:
        raise Invalid("This pair is open already. Nothing was changed.", code="no-change")
    pair.state = state
    pair.reason = None if is_open else transaction.reason
    pair.judged_by = None if is_open else transaction.actor.operator_id
    pair.judged_at = None if is_open else transaction.now
    pair.fingerprint = _fingerprint(transaction, params) if state is PairState.DISMISSED else None
    if state is PairState.DISMISSED:
        transaction.will("The pair comes back when a name, birth date, contact or pass of the two changes.")
    return pair


def _numbers(params: JudgeDuplicate) -> tuple[int, int]:
    return min(params.customer, params.other), max(params.customer, params.other)


def _stored(transaction: Transaction, params: JudgeDuplicate) -> DuplicatePair | None:
    a_id, b_id = _numbers(params)
    chosen = select(DuplicatePair).where(DuplicatePair.a_id == a_id, DuplicatePair.b_id == b_id)
    return transaction.session.scalar(chosen)


def _added(transaction: Transaction, params: JudgeDuplicate) -> DuplicatePair:
    a_id, b_id = _numbers(params)
    score = explained(transaction.connection, a_id, b_id)
    return transaction.add(
        DuplicatePair(
            a_id=a_id,
            b_id=b_id,
            weight=score.weight,
            levels=encode(score.levels),
            collision=collision(score.levels),
        )
    )


def _fingerprint(transaction: Transaction, params: JudgeDuplicate) -> str:
    a_id, b_id = _numbers(params)
    people = read_people(transaction.connection, (a_id, b_id))
    return fingerprint(people[a_id], people[b_id])


OPERATION = Operation(
    name="judge-duplicate",
    label="Judge duplicate",
    help="Keeps that two customers are two people, or puts the pair off; reopen takes it back.",
    params=JudgeDuplicate,
    right=Right.JUDGE_DUPLICATE,
    subject=subject,
    apply=apply,
    group="duplicates",
)
