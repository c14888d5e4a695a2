"""Sends another one-time code within an attempt to sign in: once more, or the other way (P3)."""

from typing import Annotated

from msgspec import Meta

from db import attempts
from db.errors import Invalid
from db.models import Channel, Customer
from db.operation import Operation, Params
from db.operations.signing_in import TokenHash, nobody
from db.rules.roles import Right
from db.transaction import Transaction


class SendCode(Params, frozen=True, kw_only=True):
    """In which attempt, and how it is to travel; by text message where nothing else is said."""

    token_hash: TokenHash
    channel: Annotated[Channel, Meta(title="Channel")] | None = None


def apply(transaction: Transaction, params: SendCode) -> Customer | None:
    """Queue the code; the one before stops working, and its failures stay counted (R17)."""
    held = attempts.hold(transaction, params.token_hash)
    if not attempts.is_code_due(transaction, held.attempt):
        raise Invalid("The code is not the next step of this attempt.", field="token_hash")
    attempts.send_code(transaction, held, channel=params.channel)
    return held.customer


OPERATION = Operation(
    name="send-code",
    label="Send code",
    help="A customer asked the portal for another one-time code.",
    params=SendCode,
    right=Right.SERVICE,
    apply=apply,
    subject=nobody,
    group="service",
)
