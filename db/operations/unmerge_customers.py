"""Undoes a merge at any time, and asks where somebody has changed the same since (R35)."""

import re
from typing import Annotated, Literal

from msgspec import Meta

from db.errors import Invalid, RefusalCode, Refused
from db.merging.chain import absorbed_in, merges_of, refuse_below, standing_merge
from db.merging.restoring import refuse_held_by_others
from db.merging.undo import KEEP, RESTORE, undo
from db.models import Customer
from db.operation import Danger, Operation, Params
from db.operations import fields
from db.rules.identifiers import format_customer_number
from db.rules.roles import Right
from db.transaction import Transaction

_BETWEEN = re.compile(r"[\s,;]+")


class UnmergeCustomers(Params, frozen=True, kw_only=True):
    """Whose merge; the last one unless another is named, and what happens to what was changed since."""

    customer: fields.CustomerId
    merge: (
        Annotated[int, Meta(title="Merge", description="Its number; the last one by default.", ge=1)] | None
    ) = None
    choices: (
        Annotated[
            str,
            Meta(
                title="Choices",
                description="What is kept as it is now and what is restored, like email_profile#12=keep.",
                max_length=4000,
            ),
        ]
        | None
    ) = None
    rest: Annotated[
        Literal["ask", "keep", "restore"],
        Meta(title="What was changed since", description="Where no choice says otherwise."),
    ] = "ask"


def subject(transaction: Transaction, params: UnmergeCustomers) -> Customer:
    """Return the survivor, locked with everybody who was absorbed, in the order of their numbers."""
    connection, number = transaction.connection, params.customer
    for merge in merges_of(connection, number):
        if params.merge in (None, merge.id):
            refuse_below(connection, merge)
            transaction.lock_customers((number, *absorbed_in(merge)))
            break
    return transaction.customer(number)


def parse_choices(typed: str | None) -> dict[str, str]:
    """Return the choices in a text like "email_profile#12=keep customer.given_name#7=restore"."""
    found: dict[str, str] = {}
    for part in filter(None, _BETWEEN.split((typed or "").strip())):
        key, _, choice = part.rpartition("=")
        if not key or choice not in (KEEP, RESTORE):
            raise Invalid(
                "Write choices like email_profile#12=keep or customer.given_name#7=restore.", field="choices"
            )
        found[key] = choice
    return found


def apply(transaction: Transaction, params: UnmergeCustomers) -> None:
    """Put everything back that nobody has changed since, and the rest as was chosen."""
    choices = parse_choices(params.choices)
    survivor = transaction.customer(params.customer)
    merge = standing_merge(transaction.connection, survivor.id, params.merge)
    refuse_below(transaction.connection, merge)
    ids = absorbed_in(merge)
    absorbed = tuple(transaction.session.get_one(Customer, number) for number in ids)
    if transaction.own_customer_id in ids:
        raise Refused(
            "Your own customer record is among them. Ask another operator (R36).", code=RefusalCode.PERMISSION
        )
    undo(transaction, merge, survivor, absorbed, choices, params.rest)
    refuse_held_by_others(transaction, (survivor.id, *ids))
    numbers = " and ".join(map(format_customer_number, ids))
    transaction.will(f"{numbers} stands alone again")


OPERATION = Operation(
    name="unmerge-customers",
    label="Undo merge",
    help="Puts a merge back, row by row, at any time. What was changed since is shown, and kept or restored"
    " as you choose; a later merge on top must be undone first.",
    params=UnmergeCustomers,
    right=Right.UNMERGE,
    apply=apply,
    subject=subject,
    danger=Danger.DESTRUCTIVE,
)
