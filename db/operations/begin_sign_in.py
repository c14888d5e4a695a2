"""Begins an attempt of a customer to sign in; what cannot succeed begins like any other."""

from typing import Annotated, Literal

from msgspec import Meta

from db import attempts, gate
from db.attempts import Held
from db.errors import Unknown
from db.models import AttemptState, AuthenticationProfile, Customer, SignInAttempt
from db.operation import Operation, Params
from db.operations.signing_in import TokenHash, nobody
from db.rules.cases import Case
from db.rules.policy import SignInOrder
from db.rules.roles import Right
from db.transaction import Transaction


class BeginSignIn(Params, frozen=True, kw_only=True):
    """What the gate made of the identifier, which itself is not kept: a password is typed there too often.

    `sign_in` only where the gate would let in; `customer` where the identifier leads to one at all.
    """

    kind: Annotated[Literal["username", "pass", "email", "unknown"], Meta(title="Kind of identifier")]
    case: Annotated[Case, Meta(title="Case")] = Case.NO_MATCH
    customer: Annotated[int, Meta(title="Customer", ge=1)] | None = None
    sign_in: Annotated[int, Meta(title="Sign-in", ge=1)] | None = None
    token_hash: TokenHash


def apply(transaction: Transaction, params: BeginSignIn) -> Customer | None:
    """Write the attempt; where the code comes first, it is on its way at once.

    For who is unknown the same is asked, of nobody: the work would tell who has an account (A26).
    """
    customer = _customer(transaction, params.customer)
    attempt = SignInAttempt(
        customer_id=None if customer is None else customer.id,
        identifier_kind=params.kind,
        state=AttemptState.OPEN,
        case=params.case.value,
        token_hash=params.token_hash,
        credential_version=0,
        at=transaction.now,
        expires_at=transaction.now + attempts.LIFETIME,
    )
    held = None
    if params.sign_in is None:
        _hold_nobody(transaction)
    else:
        held = _held(transaction, params, customer, attempt)
    transaction.add(attempt)
    if held is not None and transaction.policy.sign_in_order is SignInOrder.CODE_FIRST:
        attempts.send_code_if_possible(transaction, held)
    return customer


def _held(
    transaction: Transaction, params: BeginSignIn, customer: Customer | None, attempt: SignInAttempt
) -> Held | None:
    """Judge again, now that the customer is locked; what no longer lets in is kept as a case."""
    sign_in = transaction.session.get(AuthenticationProfile, params.sign_in)
    if customer is None or sign_in is None or sign_in.customer_id != customer.id:
        raise Unknown("The customer has no such sign-in.", field="sign_in")
    judged = gate.judge_sign_in(transaction.connection, sign_in.id, transaction.policy, transaction.now)
    if not judged.lets_in:
        attempt.case = judged.case.value
        return None
    attempt.case = None
    attempt.authentication_profile_id = sign_in.id
    attempt.credential_version = sign_in.credential_version
    return Held(attempt, customer, sign_in, judged, judged.case)


def _hold_nobody(transaction: Transaction) -> None:
    transaction.session.get(AuthenticationProfile, gate.NOBODY)
    gate.judge_sign_in(transaction.connection, gate.NOBODY, transaction.policy, transaction.now)
    gate.judge_nobody(transaction.connection, transaction.policy, transaction.now)


def _customer(transaction: Transaction, customer_id: int | None) -> Customer | None:
    found = transaction.session.get(Customer, customer_id or gate.NOBODY, with_for_update=True)
    if found is None and customer_id is not None:
        raise Unknown("There is no such customer.", field="customer")
    return found


OPERATION = Operation(
    name="begin-sign-in",
    label="Begin sign-in",
    help="A customer typed an identifier into the portal.",
    params=BeginSignIn,
    right=Right.SERVICE,
    apply=apply,
    subject=nobody,
    group="service",
)
