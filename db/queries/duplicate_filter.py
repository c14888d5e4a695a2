"""Which pairs of the queue are asked for, as conditions of a statement."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select

from db.duplicates.collisions import BOTH, EMAIL, PHONE
from db.models import DuplicatePair, PairState, SearchTerm
from db.rules.identifiers import parse_customer_number
from db.rules.names import tokens
from db.search.kinds import TermKind

MOST_WORDS = 4
LAST_LETTER = "\U0010ffff"

Collision = Literal["email", "phone"]
_COLLIDING = {"email": (EMAIL, BOTH), "phone": (PHONE, BOTH)}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which pairs are asked for; without `least` those from the threshold in force on.

    `text` is a customer number, or words that names or cities of the pair begin with. `is_exact`: only those
    that can be judged in bulk.
    """

    state: PairState = PairState.OPEN
    least: float | None = None
    most: float | None = None
    collision: Collision | None = None
    text: str = ""
    is_exact: bool = False


def conditions(wanted: Wanted, threshold: float) -> list[ColumnElement[bool]]:
    """Return what the statement asks of a pair; `is_exact` only the program can tell."""
    least = threshold if wanted.least is None else wanted.least
    found = [DuplicatePair.state == wanted.state, DuplicatePair.weight >= least]
    if wanted.most is not None:
        found.append(DuplicatePair.weight <= wanted.most)
    if wanted.collision is not None:
        found.append(DuplicatePair.collision.in_(_COLLIDING[wanted.collision]))
    return [*found, *_named(wanted.text)]


def _named(text: str) -> list[ColumnElement[bool]]:
    """Pairs of a customer number, or of which each word begins a name or a city of one of the two."""
    number = parse_customer_number(text) if text.strip() else None
    if number is not None:
        return [or_(DuplicatePair.a_id == number, DuplicatePair.b_id == number)]
    found: list[ColumnElement[bool]] = []
    for word in tokens(text)[:MOST_WORDS]:
        fitting = select(SearchTerm.customer_id).where(
            SearchTerm.kind.in_((TermKind.NAME, TermKind.CITY)),
            SearchTerm.term >= word,
            SearchTerm.term < word + LAST_LETTER,
        )
        found.append(or_(DuplicatePair.a_id.in_(fitting), DuplicatePair.b_id.in_(fitting)))
    return found


def follows(weight: float, number: int) -> ColumnElement[bool]:
    """Return what comes behind a pair in the order of the queue."""
    return or_(DuplicatePair.weight < weight, and_(DuplicatePair.weight == weight, DuplicatePair.id < number))
