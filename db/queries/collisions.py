"""Counts what a duplicate detection mode would collide with, before it is put in force (P4)."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.contacts import MODELS, holders
from db.models import Customer, CustomerStatus
from db.rules.dedup import ContactKind, DedupMode

_LIVE = (CustomerStatus.ACTIVE, CustomerStatus.INACTIVE)


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


def collision_groups(connection: Connection, mode: DedupMode) -> list[Group]:
    """Return all groups that a mode would not allow, by kind and value."""
    groups = []
    for kind, model in MODELS.items():
        if not mode.blocks(kind):
            continue
        shared = (
            select(model.canonical)
            .join(Customer, Customer.id == model.customer_id)
            .where(Customer.status.in_(_LIVE))
            .group_by(model.canonical)
            .having(func.count(model.customer_id.distinct()) > 1)
            .order_by(model.canonical)
        )
        for value in connection.execute(shared).scalars().all():
            held_by = tuple(holder.customer_id for holder in holders(connection, kind, value))
            if len(held_by) > 1:
                groups.append(Group(kind, value, held_by))
    return groups


def try_mode(connection: Connection, mode: DedupMode) -> Collisions:
    """Say what a mode would find if it were put in force now."""
    groups = collision_groups(connection, mode)
    members: dict[int, int] = defaultdict(int)
    for group in groups:
        for customer_id in group.customers:
            members[customer_id] += 1
    return Collisions(mode, len(members), len(groups), _missing(connection, mode))


def _missing(connection: Connection, mode: DedupMode) -> int:
    lacking = [
        ~select(model.id).where(model.customer_id == Customer.id).exists()
        for kind, model in MODELS.items()
        if mode.blocks(kind)
    ]
    if not lacking:
        return 0
    condition = lacking[0] if len(lacking) == 1 else lacking[0] | lacking[1]
    count = select(func.count()).select_from(Customer).where(Customer.status.in_(_LIVE), condition)
    return connection.execute(count).scalar_one()
