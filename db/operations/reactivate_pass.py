"""Reactivates a suspended pass, after checking again all that its customer would hold (P4)."""

from db import usernames
from db.errors import Invalid
from db.models import Pass, PassState
from db.operation import Operation, Params
from db.operations import fields, reactivation
from db.rules.dedup import holds
from db.rules.roles import Right
from db.transaction import Transaction


class ReactivatePass(Params, frozen=True, kw_only=True):
    """Which pass; an email or a phone only where the customer's collides, to replace it in the same step."""

    customer: fields.CustomerId
    pass_row: fields.PassRow
    email: fields.ReplacementEmail | None = None
    phone: fields.ReplacementPhone | None = None


def apply(transaction: Transaction, params: ReactivatePass) -> None:
    """Make the pass active; contacts matter only where the customer comes to hold them by it."""
    customer = transaction.customer(params.customer)
    card = transaction.child(Pass, params.pass_row, customer.id, field="pass_row")
    if card.state is not PassState.SUSPENDED:
        raise Invalid(f"This pass is not suspended, but {card.state.value}.", field="pass_row")
    usernames.refuse_pass_as_username(transaction, card.canonical, customer.id, field="pass_row")
    others = [each.state for each in transaction.children(Pass, customer.id) if each is not card]
    if transaction.policy.one_card_each and PassState.ACTIVE in others:
        raise Invalid(
            "The customer has an active pass, and the setting allows one card each."
            " Suspend the other one first.",
            field="pass_row",
        )
    status, states = customer.status.value, [state.value for state in others]
    held_before = holds(status, [*states, PassState.SUSPENDED.value])
    if not held_before and holds(status, [*states, PassState.ACTIVE.value]):
        reactivation.check_contacts(transaction, customer, email=params.email, phone=params.phone)
    else:
        reactivation.refuse_replacements(email=params.email, phone=params.phone)
    card.state = PassState.ACTIVE


OPERATION = Operation(
    name="reactivate-pass",
    label="Reactivate pass",
    help="Makes a suspended pass valid again. Where the customer comes to hold email and phone by it, these"
    " are checked; only a field that collides may be, and must be, replaced in the same step.",
    params=ReactivatePass,
    right=Right.REACTIVATE,
    apply=apply,
    frozen_by_takeover=True,
    group="pass",
)
