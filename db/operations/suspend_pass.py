"""Suspends a pass: it is no longer accepted, nor a sign-in identifier (P4)."""

from db import outbox
from db.errors import Invalid
from db.models import Pass, PassState
from db.operation import Danger, Operation, Params
from db.operations import fields, putting_back
from db.rules.dedup import holds
from db.rules.roles import Right
from db.transaction import Transaction


class SuspendPass(Params, frozen=True, kw_only=True):
    """Which of the customer's passes; `puts_back` where that takes a reactivation back."""

    customer: fields.CustomerId
    pass_row: fields.PassRow
    puts_back: putting_back.PutsBack = False


def apply(transaction: Transaction, params: SuspendPass) -> None:
    """Suspend the pass; with the last one goes what an active customer holds."""
    customer = transaction.customer(params.customer)
    card = transaction.child(Pass, params.pass_row, customer.id, field="pass_row")
    if card.state is PassState.EXPIRED:
        raise Invalid("This pass has expired and cannot be suspended.", field="pass_row")
    passes = transaction.children(Pass, customer.id)
    held = holds(customer.status.value, [each.state.value for each in passes])
    card.state = PassState.SUSPENDED
    if params.puts_back:
        putting_back.put_back(transaction, customer, "reactivate-pass")
    if held and not holds(customer.status.value, [each.state.value for each in passes]):
        outbox.end_sessions(transaction, customer.id, "every pass suspended")
        transaction.will("no pass is left: their emails and phones are free for other customers")


OPERATION = Operation(
    name="suspend-pass",
    label="Suspend pass",
    help="Stops a pass from being accepted. An active customer whose every pass is suspended holds no email"
    " or phone any more.",
    params=SuspendPass,
    right=Right.SUSPEND,
    apply=apply,
    danger=Danger.DESTRUCTIVE,
    group="pass",
)
