"""Signs a customer out."""

from sqlalchemy import select

from db.errors import Unknown
from db.models import Customer, CustomerSession
from db.operation import Operation, Params
from db.operations.signing_in import SessionHash, nobody
from db.rules.roles import Right
from db.transaction import Transaction


class EndSession(Params, frozen=True, kw_only=True):
    """Which session ends."""

    session_hash: SessionHash


def apply(transaction: Transaction, params: EndSession) -> Customer | None:
    """End the session; raise `Unknown` where there is no such session under way."""
    found = transaction.session.scalars(
        select(CustomerSession)
        .where(CustomerSession.token_hash == params.session_hash, CustomerSession.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise Unknown("There is no such session.", field="session_hash")
    found.ended_at, found.end_reason = transaction.now, "signed out"
    return transaction.session.get(Customer, found.customer_id)


OPERATION = Operation(
    name="end-session",
    label="End session",
    help="A customer signed out of the portal.",
    params=EndSession,
    right=Right.SERVICE,
    apply=apply,
    subject=nobody,
    group="service",
)
