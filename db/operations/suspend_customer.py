"""Suspends a customer: they cannot sign in, and hold no email or phone (P4)."""

from db import outbox
from db.models import CustomerStatus
from db.operation import Danger, Operation, Params
from db.operations import fields, putting_back
from db.rules.roles import Right
from db.transaction import Transaction


class SuspendCustomer(Params, frozen=True, kw_only=True):
    """Whom to suspend; `puts_back` where that takes a reactivation back."""

    customer: fields.CustomerId
    puts_back: putting_back.PutsBack = False


def apply(transaction: Transaction, params: SuspendCustomer) -> None:
    """Suspend the customer, and void every open link."""
    customer = transaction.customer(params.customer)
    if customer.status is CustomerStatus.SUSPENDED:
        return
    customer.status = CustomerStatus.SUSPENDED
    if params.puts_back:
        putting_back.put_back(transaction, customer, "reactivate-customer")
    outbox.void_links(transaction, customer.id, "customer suspended")
    outbox.end_sessions(transaction, customer.id, "customer suspended")
    transaction.will("their emails and phones are free for other customers")


OPERATION = Operation(
    name="suspend-customer",
    label="Suspend customer",
    help="Keeps the customer out and voids every open link. Their emails and phones become free for others.",
    params=SuspendCustomer,
    right=Right.SUSPEND,
    apply=apply,
    danger=Danger.DESTRUCTIVE,
)
