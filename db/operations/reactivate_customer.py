"""Reactivates a suspended customer, after checking again all that they would hold (P4)."""

from sqlalchemy import select

from db.errors import Invalid
from db.models import AuditDetail, AuditEvent, Customer, CustomerStatus, Pass
from db.operation import Operation, Params
from db.operations import fields, reactivation, suspend_customer
from db.rules.dedup import holds
from db.rules.roles import Right
from db.transaction import Transaction


class ReactivateCustomer(Params, frozen=True, kw_only=True):
    """Whom to reactivate; an email or a phone only where theirs collides, to replace it in the same step."""

    customer: fields.CustomerId
    email: fields.ReplacementEmail | None = None
    phone: fields.ReplacementPhone | None = None


def apply(transaction: Transaction, params: ReactivateCustomer) -> None:
    """Give the customer the status back that they had; raise `Clash` where a value has a new holder."""
    customer = transaction.customer(params.customer)
    if customer.status is not CustomerStatus.SUSPENDED:
        raise Invalid(f"The customer is not suspended, but {customer.status.value}.", code="no-change")
    status = _status_before(transaction, customer)
    states = [card.state.value for card in transaction.children(Pass, customer.id)]
    if holds(status.value, states):
        reactivation.check_contacts(transaction, customer, email=params.email, phone=params.phone)
    else:
        reactivation.refuse_replacements(email=params.email, phone=params.phone)
        transaction.warn("Every pass is suspended, so they hold no email or phone until one is reactivated.")
    customer.status = status


def _status_before(transaction: Transaction, customer: Customer) -> CustomerStatus:
    """Who was suspended before they ever activated goes back to inactive; the log alone remembers."""
    before = transaction.connection.execute(
        select(AuditDetail.before)
        .join(AuditEvent, AuditEvent.seq == AuditDetail.seq)
        .where(
            AuditEvent.customer_id == customer.id,
            AuditEvent.operation == suspend_customer.OPERATION.name,
            AuditEvent.outcome == "applied",
            AuditDetail.field == f"customer.status#{customer.id}",
        )
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).scalar()
    return CustomerStatus.INACTIVE if before == CustomerStatus.INACTIVE else CustomerStatus.ACTIVE


OPERATION = Operation(
    name="reactivate-customer",
    label="Reactivate customer",
    help="Lifts a suspension. Whatever the customer would hold again is checked; only a field that collides"
    " may be, and must be, replaced in the same step.",
    params=ReactivateCustomer,
    right=Right.REACTIVATE,
    apply=apply,
    frozen_by_takeover=True,
)
