"""Takes the claim of a customer to an existing account: a link goes to the address on file (P1 case 4)."""

from typing import Annotated

from msgspec import Meta

from db import credentials, gate, limits, outbox
from db.errors import Clash, Refused, Unknown
from db.gate import Judgement, Way
from db.models import (
    AttemptState,
    AuthenticationProfile,
    Channel,
    Customer,
    CustomerStatus,
    EmailProfile,
    LinkPurpose,
    MessageKind,
    SignInAttempt,
    SignInState,
)
from db.operation import Operation, Params
from db.operations.signing_in import PasswordHash, nobody
from db.rules.cases import Case
from db.rules.roles import Right
from db.transaction import Transaction

_LINKS = {
    CustomerStatus.ACTIVE: (LinkPurpose.RESET, MessageKind.RESET),
    CustomerStatus.INACTIVE: (LinkPurpose.ACTIVATION, MessageKind.ACTIVATION),
}


class ClaimAccount(Params, frozen=True, kw_only=True):
    """What the gate made of the claim, of which nothing else is kept.

    `placeholder_hash` is for the sign-in of an account that has none yet (R15).
    """

    case: Annotated[Case, Meta(title="Case")] = Case.NO_MATCH
    customer: Annotated[int, Meta(title="Customer", ge=1)] | None = None
    placeholder_hash: PasswordHash


def apply(transaction: Transaction, params: ClaimAccount) -> Customer | None:
    """Write the claim down, and send the link that the customer's status asks for where one may go.

    For who is unknown the same is asked, of nobody: the work would tell who has an account (A26).
    """
    customer = transaction.session.get(Customer, params.customer or gate.NOBODY, with_for_update=True)
    case = params.case.value
    if params.customer is None:
        gate.judge_nobody(transaction.connection, transaction.policy, transaction.now)
    elif customer is None:
        raise Unknown("There is no such customer.", field="customer")
    else:
        judged = gate.judge_claimed(transaction.connection, customer.id, transaction.policy, transaction.now)
        case = _follow(transaction, customer, judged, params) if judged.lets_in else judged.case.value
    transaction.add(
        SignInAttempt(
            customer_id=None if customer is None else customer.id,
            identifier_kind="claim",
            state=AttemptState.ENDED if case == Case.CAN_SIGN_IN else AttemptState.FAILED,
            case=case,
            at=transaction.now,
        )
    )
    return customer


def _follow(transaction: Transaction, customer: Customer, judged: Judgement, params: ClaimAccount) -> str:
    """Send the link, unless so many went out that one more would be a nuisance (R20)."""
    way = next(each for each in judged.ways if each.is_open and each.channel is Channel.EMAIL)
    try:
        limits.spend_send(transaction, customer, "link", by_operator=False)
        sign_in = _sign_in(transaction, customer, judged, way, params)
    except Refused:
        return "rate"
    except Clash:
        return Case.SHARED_EMAIL.value
    purpose, kind = _LINKS[customer.status]
    outbox.void_links(transaction, customer.id, "superseded", purposes=credentials.SIGN_IN_LINKS)
    profile = transaction.session.get_one(EmailProfile, way.profile_id)
    link = outbox.make_link(transaction, customer, purpose, profile, sign_in)
    outbox.queue(transaction, customer, kind, profile.address, link=link)
    return Case.CAN_SIGN_IN.value


def _sign_in(
    transaction: Transaction, customer: Customer, judged: Judgement, way: Way, params: ClaimAccount
) -> AuthenticationProfile:
    if judged.sign_in is not None:
        return transaction.session.get_one(AuthenticationProfile, judged.sign_in.id)
    canonical = credentials.check_username(transaction, customer.id, way.address)
    customer.version += 1
    return transaction.add(
        AuthenticationProfile(
            customer_id=customer.id,
            username=way.address,
            canonical=canonical,
            password_hash=params.placeholder_hash,
            state=SignInState.PLACEHOLDER,
            created_at=transaction.now,
        )
    )


OPERATION = Operation(
    name="claim-account",
    label="Claim account",
    help="A customer claimed an existing account on the portal.",
    params=ClaimAccount,
    right=Right.SERVICE,
    apply=apply,
    subject=nobody,
    group="service",
)
