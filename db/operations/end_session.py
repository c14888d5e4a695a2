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
    """End the session; raise `Unknown` where there is no such session under way.

    Its customer is locked first, as in every change: what ends all sessions at the same moment goes before
    this or after it, and the session is read after that.
    """
    is_it = CustomerSession.token_hash == params.session_hash
    owner = transaction.connection.execute(select(CustomerSession.customer_id).where(is_it)).scalar()
    if owner is None:
        raise _unknown()
    customer = transaction.session.get_one(Customer, owner, with_for_update=True)
    found = transaction.session.scalars(
        select(CustomerSession).where(is_it, CustomerSession.ended_at.is_(None)).with_for_update()
    ).one_or_none()
    if found is None:
        raise _unknown()
    found.ended_at, found.end_reason = transaction.now, "signed out"
    return customer


def _unknown() -> Unknown:
    return Unknown("There is no such session.", field="session_hash")


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
