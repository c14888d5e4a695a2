"""Finds what a duplicate detection mode collides with: in the whole base, or for one customer (P4).

The whole base is walked in ranges of an index, each compared by the database in one statement: no statement
takes long, whatever the size, and between two of them the work can be told of and stopped.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, or_, select

from db.contacts import MODELS, Profile, holders
from db.errors import Holder
from db.models import Customer, CustomerStatus, Pass
from db.rules.dedup import ContactKind, DedupMode, holds
from db.rules.identifiers import format_customer_number
from db.rules.policy import Policy

Report = Callable[[str, int, int], object]
"""Told of step, done and total; what it raises stops the work."""

RANGE: Final = 20_000
"""Rows that one statement looks at: some 50 ms."""
_LIVE = (CustomerStatus.ACTIVE, CustomerStatus.INACTIVE)
_COMPARING: Final[dict[ContactKind, str]] = {"email": "comparing emails", "phone": "comparing phones"}
_MISSING: Final = "looking for what is missing"


@dataclass(frozen=True)
class Collisions:
    """How many customers share a value with another, and in how many groups; missing: without one."""

    mode: DedupMode
    customers: int
    groups: int
    missing: int


@dataclass(frozen=True)
class Group:
    """Live customers who hold one value together."""

    kind: ContactKind
    value: str
    customers: tuple[int, ...]


def _quiet(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def collision_groups(connection: Connection, mode: DedupMode, report: Report = _quiet) -> list[Group]:
    """Return all groups that a mode would not allow, by kind and value."""
    return [
        group
        for kind, model in MODELS.items()
        if mode.blocks(kind)
        for within in _ranges(connection, model.canonical, _COMPARING[kind], report)
        for group in _groups(connection, kind, model, within)
    ]


def try_mode(connection: Connection, mode: DedupMode, report: Report = _quiet) -> Collisions:
    """Say what a mode would find if it were put in force now."""
    return count_groups(connection, mode, collision_groups(connection, mode, report), report)


def count_groups(
    connection: Connection, mode: DedupMode, groups: list[Group], report: Report = _quiet
) -> Collisions:
    """Count what `collision_groups` found for a mode."""
    members = {customer_id for group in groups for customer_id in group.customers}
    return Collisions(mode, len(members), len(groups), _missing(connection, mode, report))


def _ranges(
    connection: Connection, column: Any, step: str, report: Report
) -> Iterator[list[ColumnElement[bool]]]:
    """Yield the conditions of each range of an indexed column; rows of one value are never parted."""
    total = connection.execute(select(func.count()).select_from(column.class_)).scalar_one()
    within: list[ColumnElement[bool]] = []
    done = 0
    while True:
        report(step, min(done, total), total)
        last = select(column).where(*within).order_by(column).limit(1).offset(RANGE - 1)
        until = connection.execute(last).scalar_one_or_none()
        yield within if until is None else [*within, column <= until]
        if until is None:
            return
        within, done = [column > until], done + RANGE


def _groups(
    connection: Connection, kind: ContactKind, model: type[Profile], within: list[ColumnElement[bool]]
) -> Iterator[Group]:
    """Yield the groups of a range; who holds a value is decided as when a save is refused."""
    shared = (
        select(model.canonical)
        .where(*within)
        .group_by(model.canonical)
        .having(func.count() > 1)
        .subquery("shared")
    )
    held = (
        select(model.canonical, Customer.id, Customer.status, Pass.state)
        .join(shared, shared.c.canonical == model.canonical)
        .join(Customer, Customer.id == model.customer_id)
        .outerjoin(Pass, Pass.customer_id == Customer.id)
        .where(Customer.status.in_(_LIVE), *within)
        .order_by(model.canonical, Customer.id)
    )
    for value, rows in groupby(connection.execute(held), key=lambda row: row.canonical):
        passes: dict[tuple[int, str], list[str]] = defaultdict(list)
        for row in rows:
            passes[row.id, row.status.value] += [] if row.state is None else [row.state.value]
        customers = tuple(number for (number, status), states in passes.items() if holds(status, states))
        if len(customers) > 1:
            yield Group(kind, value, customers)


def _missing(connection: Connection, mode: DedupMode, report: Report) -> int:
    lacking = [
        ~select(model.id).where(model.customer_id == Customer.id).exists()
        for kind, model in MODELS.items()
        if mode.blocks(kind)
    ]
    if not lacking:
        return 0
    count = select(func.count()).select_from(Customer).where(Customer.status.in_(_LIVE), or_(*lacking))
    ranges = _ranges(connection, Customer.id, _MISSING, report)
    return sum(connection.execute(count.where(*within)).scalar_one() for within in ranges)


@dataclass(frozen=True)
class Colliding:
    """A contact of a customer whose value another live customer holds."""

    kind: ContactKind
    profile_id: int
    canonical: str
    holder: Holder


def asked_at_reactivation(connection: Connection, policy: Policy, customer_id: int) -> dict[ContactKind, str]:
    """Return the kinds that a reactivation must be given, each with why; no collision, no question (P4)."""
    why: dict[ContactKind, str] = {}
    for kind, model in MODELS.items():
        has_any = select(model.id).where(model.customer_id == customer_id).limit(1)
        if policy.dedup_mode.blocks(kind) and connection.execute(has_any).first() is None:
            why[kind] = f"required: duplicate detection is {policy.dedup_mode.value.replace('-', ' ')}"
    for found in colliding_fields(connection, policy, customer_id):
        holder = f"{format_customer_number(found.holder.customer_id)} {found.holder.label}"
        why.setdefault(found.kind, f"held by {holder} by now")
    return why


def colliding_fields(connection: Connection, policy: Policy, customer_id: int) -> tuple[Colliding, ...]:
    """Return the contacts that a reactivation must replace, emails first, of each kind the primary first.

    What a form asks for is the kinds in it; nothing collides, nothing is asked.
    """
    found = []
    for kind, model in MODELS.items():
        if not policy.dedup_mode.blocks(kind):
            continue
        profiles = connection.execute(
            select(model.id, model.canonical)
            .where(model.customer_id == customer_id)
            .order_by(model.is_primary.desc(), model.id)
        ).all()
        for profile in profiles:
            others = holders(connection, kind, profile.canonical)
            holder = next((other for other in others if other.customer_id != customer_id), None)
            if holder is not None:
                found.append(Colliding(kind, profile.id, profile.canonical, holder))
    return tuple(found)
