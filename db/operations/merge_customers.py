"""Merges up to seven customers into a survivor, by the policy of each table (R35)."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from db.gate.accounts import Account, read_accounts
from db.merging import journal
from db.merging.blocker import Asking, refuse
from db.merging.blockers import find_blockers
from db.merging.carry import carry
from db.merging.people import Choices, People, lock_people, parse_absorbed, parse_rows
from db.models import Customer, CustomerMerge
from db.operation import Danger, Operation, Params
from db.rules.identifiers import format_customer_number
from db.rules.roles import Right
from db.transaction import Transaction

Absorbed = Annotated[
    str,
    Meta(
        title="Absorbed customers",
        description="Who goes into the survivor, up to seven, like C-1043 C-1050; C-1043@7 also says which"
        " version was seen.",
        min_length=1,
        max_length=160,
    ),
]


def _from(what: str) -> Meta:
    return Meta(
        title=f"{what} from",
        description=f"Whose {what.lower()} the survivor gets; their own by default.",
        ge=1,
        extra={"kind": "customer"},
    )


def _left(what: str) -> Meta:
    return Meta(
        title=f"{what} left behind",
        description=f"Which {what.lower()} profiles stay with the absorbed customer, by their numbers.",
        max_length=160,
    )


class MergeCustomers(Params, frozen=True, kw_only=True):
    """Who goes into whom, and what is chosen where they differ; what is left out the rules decide."""

    customer: Annotated[
        int, Meta(title="Survivor", description="Customer number.", ge=1, extra={"kind": "customer"})
    ]
    absorbed: Absorbed
    given_name_from: Annotated[int, _from("Given name")] | None = None
    family_name_from: Annotated[int, _from("Family name")] | None = None
    birth_date_from: Annotated[int, _from("Birth date")] | None = None
    address_from: Annotated[int, _from("Primary address")] | None = None
    sign_in: (
        Annotated[int, Meta(title="Sign-in that stays", description="The others are disabled.")] | None
    ) = None
    primary_email: (
        Annotated[int, Meta(title="Primary email", description="An email profile of any of them.")] | None
    ) = None
    primary_phone: (
        Annotated[int, Meta(title="Primary phone", description="A phone profile of any of them.")] | None
    ) = None
    left_emails: Annotated[str, _left("Emails")] | None = None
    left_phones: Annotated[str, _left("Phones")] | None = None
    end_links: Annotated[
        bool, Meta(title="End open links", description="Open links stop working; allow that.")
    ] = False


def choices_of(params: MergeCustomers) -> Choices:
    """Return what was decided, in the form that the merge works with."""
    given = msgspec.structs.asdict(params)
    for name in ("left_emails", "left_phones"):
        given[name] = parse_rows(given[name], name)
    return Choices(**{name: value for name, value in given.items() if name not in ("customer", "absorbed")})


def people_of(transaction: Transaction, params: MergeCustomers) -> People:
    """Return everybody the parameters name, locked."""
    absorbed = parse_absorbed(params.absorbed, params.customer)
    return lock_people(transaction, params.customer, absorbed)


def held_people(transaction: Transaction, params: MergeCustomers) -> People:
    """Return everybody the parameters name; `subject` has locked them."""
    absorbed = parse_absorbed(params.absorbed, params.customer)
    return People(transaction.customer(params.customer), tuple(map(transaction.customer, absorbed)))


def subject(transaction: Transaction, params: MergeCustomers) -> Customer:
    """Return the survivor, locked with everybody else."""
    return people_of(transaction, params).survivor


def apply(transaction: Transaction, params: MergeCustomers) -> None:
    """Merge, unless something stands in the way, and keep the ledger from which it can be undone."""
    people, choices = held_people(transaction, params), choices_of(params)
    accounts = read_accounts(transaction.connection, people.ids)
    _check(transaction, people, choices, accounts)
    version = people.survivor.version + 1  # which the runner gives it
    changes = carry(transaction, people, choices, accounts)
    lines = changes.lines()
    merge = transaction.add(
        CustomerMerge(
            survivor_id=people.survivor.id,
            absorbed=journal.packed([person.id for person in people.absorbed]),
            survivor_version=version,
            digest=journal.digest_of(lines),
            operator_id=transaction.actor.operator_id,
            at=transaction.now,
        )
    )
    changes.write(transaction.session, merge.id, lines)
    numbers = " and ".join(format_customer_number(person.id) for person in people.absorbed)
    transaction.will(f"{numbers} leads to {format_customer_number(people.survivor.id)} from now on")


def _check(
    transaction: Transaction, people: People, choices: Choices, accounts: Mapping[int, Account]
) -> None:
    """Raise where something stops the merge, and warn of what else there is to know."""
    asking = Asking(
        ids=people.ids,
        choices=choices,
        policy=transaction.policy,
        now=transaction.now,
        operator_id=transaction.actor.operator_id,
        own_customer_id=transaction.own_customer_id,
    )
    found = find_blockers(transaction.connection, asking, accounts)
    refuse(found)
    for each in found:
        transaction.warn(each.sentence)


OPERATION = Operation(
    name="merge-customers",
    label="Merge customers",
    help="Makes one customer of two to eight. Everything attached goes to the survivor, nothing is deleted,"
    " old numbers lead there, and it can be undone at any time (unmerge-customers).",
    params=MergeCustomers,
    right=Right.MERGE,
    apply=apply,
    subject=subject,
    danger=Danger.DESTRUCTIVE,
    frozen_by_takeover=True,
)
