"""Finds what a duplicate detection mode collides with: in the whole base, or for one customer (P4)."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.contacts import MODELS, holders
from db.errors import Holder
from db.models import Customer, CustomerStatus
from db.rules.dedup import ContactKind, DedupMode
from db.rules.identifiers import format_customer_number
from db.rules.policy import Policy

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
    return count_groups(connection, mode, collision_groups(connection, mode))


def count_groups(connection: Connection, mode: DedupMode, groups: list[Group]) -> Collisions:
    """Count what `collision_groups` found for a mode."""
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
