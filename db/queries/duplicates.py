"""Reads the queue of pairs that may be one person, with what decides; and the group that a customer is in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select
from sqlalchemy.orm import aliased

from db.duplicates.base import Scoring, scoring
from db.duplicates.collisions import BOTH, EMAIL, PHONE
from db.duplicates.levels import Field, decode
from db.duplicates.people import LIVE
from db.duplicates.score import FIELDS, Part, Score, score
from db.models import Address, Customer, DuplicatePair, EmailProfile, PairState, PhoneProfile
from db.queries.viewer import Personal, Viewer, hide, personal
from db.rules.email import mask_email
from db.rules.names import display_name
from db.rules.phone import mask_phone

LARGEST_PAGE = 200
MOST_MEMBERS = 50
"""Customers of a group that are followed; more than that is no person entered again."""

Collision = Literal["email", "phone"]


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


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which pairs are asked for; without `least` those from the threshold in force on."""

    state: PairState = PairState.OPEN
    least: float | None = None
    most: float | None = None
    collision: Collision | None = None


@dataclass(frozen=True)
class Group:
    """Customers who are connected by pairs, the lowest number first, and these pairs."""

    members: tuple[Side, ...]
    pairs: tuple[PairRow, ...]


_COLLIDING = {"email": (EMAIL, BOTH), "phone": (PHONE, BOTH)}
_A, _B = aliased(Customer), aliased(Customer)


def _pairs() -> Select[Any]:
    """Return the pairs of which both sides are still customers: a merged one is in no list."""
    return (
        select(DuplicatePair)
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
        _pairs()
        .where(*_conditions(wanted, in_force.threshold))
        .order_by(DuplicatePair.weight.desc(), DuplicatePair.id.desc())
        .limit(min(limit, LARGEST_PAGE) + 1)
    )
    if after is not None:
        chosen = chosen.where(_follows(after))
    found = connection.execute(chosen).all()
    rows = found[: min(limit, LARGEST_PAGE)]
    return Queue(_rows(connection, rows, in_force, viewer), len(found) > len(rows), in_force.threshold)


def group(connection: Connection, customer_id: int, *, viewer: Viewer) -> Group:
    """Return who is connected with a customer by pairs that count as one person and were not dismissed."""
    in_force = scoring(connection)
    seen, frontier, found = {customer_id}, {customer_id}, {}
    while frontier and len(seen) < MOST_MEMBERS:
        touching = _pairs().where(
            or_(DuplicatePair.a_id.in_(frontier), DuplicatePair.b_id.in_(frontier)),
            DuplicatePair.state != PairState.DISMISSED,
            DuplicatePair.weight >= in_force.threshold,
        )
        rows = connection.execute(touching.limit(LARGEST_PAGE)).all()
        found.update({row.id: row for row in rows})
        frontier = {number for row in rows for number in (row.a_id, row.b_id)} - seen
        seen |= frontier
    pairs = _rows(connection, sorted(found.values(), key=lambda row: -row.weight), in_force, viewer)
    sides = _sides(connection, seen)
    return Group(tuple(sides[number] for number in sorted(sides)), pairs)


def _conditions(wanted: Wanted, threshold: float) -> list[ColumnElement[bool]]:
    least = threshold if wanted.least is None else wanted.least
    found = [DuplicatePair.state == wanted.state, DuplicatePair.weight >= least]
    if wanted.most is not None:
        found.append(DuplicatePair.weight <= wanted.most)
    if wanted.collision is not None:
        found.append(DuplicatePair.collision.in_(_COLLIDING[wanted.collision]))
    return found


def _follows(after: PairRow) -> ColumnElement[bool]:
    weight = after.score.weight
    return or_(
        DuplicatePair.weight < weight, and_(DuplicatePair.weight == weight, DuplicatePair.id < after.id)
    )


def _rows(
    connection: Connection, rows: Sequence[Any], in_force: Scoring, viewer: Viewer
) -> tuple[PairRow, ...]:
    numbers = {number for row in rows for number in (row.a_id, row.b_id)}
    sides = _sides(connection, numbers)
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


def _sides(connection: Connection, numbers: Iterable[int]) -> dict[int, Side]:
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
