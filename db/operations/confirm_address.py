"""Confirms an email address by the link that was sent to it (R29)."""

from db import attempts
from db.models import Customer, LinkPurpose
from db.operation import Operation, Params
from db.operations.redeeming import held_link, linked_customer, use
from db.operations.signing_in import SecretHash
from db.rules.roles import Right
from db.transaction import Transaction


class ConfirmAddress(Params, frozen=True, kw_only=True):
    """Which link."""

    secret_hash: SecretHash


def apply(transaction: Transaction, params: ConfirmAddress) -> Customer:
    """Use the link up and verify its address."""
    customer, live = held_link(transaction, params.secret_hash, (LinkPurpose.CONFIRM,))
    attempts.verify_address(transaction, use(transaction, live))
    return customer


OPERATION = Operation(
    name="confirm-address",
    label="Confirm address",
    help="A customer confirmed an email address by the link in its mail.",
    params=ConfirmAddress,
    right=Right.SERVICE,
    apply=apply,
    subject=linked_customer,
    frozen_by_takeover=True,
    group="service",
)
