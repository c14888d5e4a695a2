"""Sets the password that a customer chose behind a reset or activation link (R16, R21, P5)."""

from db import attempts, outbox
from db.models import AuthenticationProfile, Customer, CustomerStatus, LinkPurpose, SignInState
from db.operation import Operation, Params
from db.operations.redeeming import held_link, linked_customer, use
from db.operations.signing_in import PasswordHash, SecretHash
from db.rules.roles import Right
from db.transaction import Transaction

_PURPOSES = (LinkPurpose.RESET, LinkPurpose.ACTIVATION)


class RedeemLink(Params, frozen=True, kw_only=True):
    """Which link, and the hash of the password that the customer chose."""

    secret_hash: SecretHash
    password_hash: PasswordHash


def apply(transaction: Transaction, params: RedeemLink) -> Customer:
    """Set the password, end whatever the old one opened, and tell every verified address.

    Nobody is signed in by it, and no lock or suspension is lifted (R21).
    """
    customer, live = held_link(transaction, params.secret_hash, _PURPOSES)
    profile = use(transaction, live)
    sign_in = transaction.session.get_one(AuthenticationProfile, live.sign_in_id, with_for_update=True)
    sign_in.password_hash = params.password_hash
    sign_in.state = SignInState.ACTIVE
    sign_in.credential_version += 1
    sign_in.failed_count = 0
    attempts.verify_address(transaction, profile)
    if live.purpose is LinkPurpose.ACTIVATION:
        customer.status = CustomerStatus.ACTIVE
    transaction.session.flush()
    outbox.void_links(transaction, customer.id, "password changed")
    outbox.end_sessions(transaction, customer.id, "password changed")
    outbox.tell_verified(transaction, customer, "a new password was set")
    return customer


OPERATION = Operation(
    name="redeem-link",
    label="Redeem link",
    help="A customer used a reset or activation link to set a password of their own.",
    params=RedeemLink,
    right=Right.SERVICE,
    apply=apply,
    subject=linked_customer,
    frozen_by_takeover=True,
    group="service",
)
