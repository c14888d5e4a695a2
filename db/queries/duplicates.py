"""Reads the queue of pairs that may be one person, with what decides; and the group that a customer is in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select
from sqlalchemy.orm import aliased

from db.duplicates.base import Scoring, scoring
from db.duplicates.exact import is_exact
from db.duplicates.levels import Field, decode
from db.duplicates.people import LIVE
from db.duplicates.score import FIELDS, Part, Score, score
from db.models import Address, Customer, DuplicatePair, EmailProfile, PairState, PhoneProfile
from db.queries.duplicate_filter import Wanted, conditions, follows
from db.queries.viewer import Personal, Viewer, hide, personal
from db.rules.email import mask_email
from db.rules.names import display_name
from db.rules.phone import mask_phone

LARGEST_PAGE = 200
MOST_MEMBERS = 50
"""Customers of a group that are followed; more than that is no person entered again."""

LOOKED_AT = 2_000
"""Pairs that are read at a time where only those count that agree in everything."""


@dataclass(frozen=True)
class Side:
    """One customer of a pair, as lists show them."""

    customer_id: int
    name: str
    city: str
    state: str
    status: str


@dataclass(frozen=True)
class Difference:
    """The part that speaks most against a pair, with both values where it is one that can be shown."""

    label: str
    what: str
    bits: float
    values: tuple[Personal, Personal] | None


@dataclass(frozen=True)
class PairRow:
    """A pair of the queue; `a` has the lower number, `is_likely` says that the score reaches the threshold.

    `collision` is what a duplicate detection mode would refuse: email, phone, both or none.
    """

    id: int
    a: Side
    b: Side
    score: Score
    is_likely: bool
    deciding: Difference | None
    collision: str
    state: str
    reason: str | None
    judged_by: str | None
    judged_at: datetime | None
    version: int


@dataclass(frozen=True)
class Queue:
    """A page of pairs, best first; `more` says that others follow: ask with the last row in `after`."""

    rows: tuple[PairRow, ...]
    more: bool
    threshold: float


@dataclass(frozen=True)
class Group:
    """Customers who are connected by pairs, the lowest number first, and these pairs."""

    members: tuple[Side, ...]
    pairs: tuple[PairRow, ...]


_A, _B = aliased(Customer), aliased(Customer)
_PAIR: Any = DuplicatePair.__table__


def live_pairs(*columns: Any) -> Select[Any]:
    """Return the pairs of which both sides are still customers: a merged one is in no list."""
    return (
        select(*columns)
        .select_from(DuplicatePair)
        .join(_A, _A.id == DuplicatePair.a_id)
        .join(_B, _B.id == DuplicatePair.b_id)
        .where(_A.status.in_(LIVE), _B.status.in_(LIVE))
    )


def queue(
    connection: Connection,
    wanted: Wanted,
    *,
    viewer: Viewer,
    after: PairRow | None = None,
    limit: int = LARGEST_PAGE,
) -> Queue:
    """Return a page of pairs by weight, the highest first."""
    in_force = scoring(connection)
    chosen = (
        live_pairs(*_PAIR.c)
        .where(*conditions(wanted, in_force.threshold))
        .order_by(DuplicatePair.weight.desc(), DuplicatePair.id.desc())
    )
    if after is not None:
        chosen = chosen.where(follows(after.score.weight, after.id))
    most = min(limit, LARGEST_PAGE)
    found = _exact(connection, chosen, most + 1) if wanted.is_exact else _first(connection, chosen, most + 1)
    return Queue(_rows(connection, found[:most], in_force, viewer), len(found) > most, in_force.threshold)


def _first(connection: Connection, chosen: Select[Any], limit: int) -> Sequence[Any]:
    return connection.execute(chosen.limit(limit)).all()


def _exact(connection: Connection, chosen: Select[Any], limit: int) -> Sequence[Any]:
    """Return the first pairs that agree in everything; what a level is only the program knows."""
    found: list[Any] = []
    rows = _first(connection, chosen, LOOKED_AT)
    while rows:
        found += [row for row in rows if is_exact(decode(row.levels))]
        if len(found) >= limit or len(rows) < LOOKED_AT:
            break
        rows = _first(connection, chosen.where(follows(rows[-1].weight, rows[-1].id)), LOOKED_AT)
    return found[:limit]


def group(connection: Connection, customer_id: int, *, viewer: Viewer) -> Group:
    """Return who is connected with a customer by pairs that count as one person and were not dismissed."""
    in_force = scoring(connection)
    seen, frontier, found = {customer_id}, {customer_id}, {}
    while frontier and len(seen) < MOST_MEMBERS:
        touching = live_pairs(*_PAIR.c).where(
            or_(DuplicatePair.a_id.in_(frontier), DuplicatePair.b_id.in_(frontier)),
            DuplicatePair.state != PairState.DISMISSED,
            DuplicatePair.weight >= in_force.threshold,
        )
        rows = connection.execute(touching.limit(LARGEST_PAGE)).all()
        found.update({row.id: row for row in rows})
        frontier = {number for row in rows for number in (row.a_id, row.b_id)} - seen
        seen |= frontier
    pairs = _rows(connection, sorted(found.values(), key=lambda row: -row.weight), in_force, viewer)
    sides = sides_of(connection, seen)
    return Group(tuple(sides[number] for number in sorted(sides)), pairs)


def _rows(
    connection: Connection, rows: Sequence[Any], in_force: Scoring, viewer: Viewer
) -> tuple[PairRow, ...]:
    numbers = {number for row in rows for number in (row.a_id, row.b_id)}
    sides = sides_of(connection, numbers)
    values = _values(connection, numbers, viewer)
    found = []
    for row in rows:
        rating = score(decode(row.levels), in_force.weights, in_force.rules)
        found.append(
            PairRow(
                id=row.id,
                a=sides[row.a_id],
                b=sides[row.b_id],
                score=Score(row.weight, rating.levels, rating.parts),
                is_likely=row.weight >= in_force.threshold,
                deciding=_deciding(rating.deciding, row, values),
                collision=row.collision,
                state=row.state.value,
                reason=row.reason,
                judged_by=row.judged_by,
                judged_at=row.judged_at,
                version=row.version,
            )
        )
    return tuple(found)


Values = dict[Field, dict[int, Personal]]


def _deciding(part: Part | None, row: Any, values: Values) -> Difference | None:
    if part is None:
        return None
    of_field = values.get(FIELDS[part.label], {})
    pair = of_field.get(row.a_id), of_field.get(row.b_id)
    both = (pair[0], pair[1]) if pair[0] is not None and pair[1] is not None else None
    return Difference(part.label, part.what, part.bits, both)


def sides_of(connection: Connection, numbers: Iterable[int]) -> dict[int, Side]:
    """Return customers as lists show them, by number."""
    places: dict[int, tuple[str, str]] = {}
    wanted = list(numbers)
    homes = select(Address.customer_id, Address.city, Address.state).where(Address.customer_id.in_(wanted))
    for number, city, state in connection.execute(homes.order_by(Address.is_primary, Address.id.desc())):
        places[number] = (city, state)  # the last one is the primary, the oldest of these
    people = select(Customer.id, Customer.given_name, Customer.family_name, Customer.status)
    return {
        row.id: Side(
            row.id,
            display_name(row.given_name, row.family_name),
            *places.get(row.id, ("", "")),
            status=row.status.value,
        )
        for row in connection.execute(people.where(Customer.id.in_(wanted)))
    }


def _values(connection: Connection, numbers: Iterable[int], viewer: Viewer) -> Values:
    """Return what differs, as it may be seen: names always, the rest shown or masked (R25)."""
    wanted = list(numbers)
    found: Values = {field: {} for field in Field}
    people = select(Customer).where(Customer.id.in_(wanted))
    for row in connection.execute(people):
        found[Field.GIVEN][row.id] = Personal(row.given_name)
        found[Field.FAMILY][row.id] = Personal(row.family_name)
        if row.birth_date is not None:
            found[Field.BIRTH][row.id] = personal(viewer, row.birth_date.isoformat())
    profiles: tuple[tuple[Field, Any, Any, Callable[[str], str]], ...] = (
        (Field.EMAIL, EmailProfile, EmailProfile.address, mask_email),
        (Field.PHONE, PhoneProfile, PhoneProfile.number, mask_phone),
        (Field.ADDRESS, Address, Address.street, hide),
    )
    for field, model, column, mask in profiles:
        chosen = select(model.customer_id, column).where(model.customer_id.in_(wanted))
        for number, value in connection.execute(chosen.order_by(model.is_primary, model.id.desc())):
            found[field][number] = personal(viewer, value, mask)
    return found
