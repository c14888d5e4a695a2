"""Finds the groups of the queue that can be judged in bulk: all who are in one agree in everything."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection

from db.duplicates.base import scoring
from db.duplicates.exact import is_exact
from db.duplicates.groups import groups_of
from db.duplicates.levels import decode
from db.models import DuplicatePair, PairState
from db.queries.duplicate_filter import follows
from db.queries.duplicates import LOOKED_AT, Side, live_pairs, sides_of

LARGEST = 8
"""Customers that one merge takes."""
AT_ONCE = 500
"""Groups whose customers are read at a time."""


@dataclass(frozen=True)
class ExactGroup:
    """Customers who all agree in everything, the lowest number first; `weight` is their lowest score."""

    members: tuple[Side, ...]
    weight: float

    @property
    def ids(self) -> tuple[int, ...]:
        """Their numbers."""
        return tuple(side.customer_id for side in self.members)


def exact_groups(connection: Connection, *, limit: int | None = None) -> tuple[ExactGroup, ...]:
    """Return such groups of open pairs, the surest first, all of them or at most `limit`.

    A group of which only some pairs agree in everything is left out: a person looks at it.
    """
    threshold = scoring(connection).threshold
    ordered = (
        live_pairs(DuplicatePair.id, DuplicatePair.a_id, DuplicatePair.b_id)
        .add_columns(DuplicatePair.weight, DuplicatePair.levels)
        .where(DuplicatePair.state == PairState.OPEN, DuplicatePair.weight >= threshold)
        .order_by(DuplicatePair.weight.desc(), DuplicatePair.id.desc())
        .limit(LOOKED_AT)
    )
    weights: dict[tuple[int, int], float] = {}
    rows = connection.execute(ordered).all()
    while rows:
        weights.update({(row.a_id, row.b_id): row.weight for row in rows if is_exact(decode(row.levels))})
        if len(rows) < LOOKED_AT:
            break
        rows = connection.execute(ordered.where(follows(rows[-1].weight, rows[-1].id))).all()
    return _groups(connection, weights, limit)


def _groups(
    connection: Connection, weights: dict[tuple[int, int], float], limit: int | None
) -> tuple[ExactGroup, ...]:
    whole = [ids for ids in groups_of(weights) if len(ids) <= LARGEST]
    group_of = {number: at for at, ids in enumerate(whole) for number in ids}
    pairs = Counter(group_of[one] for one, _ in weights if one in group_of)
    least: dict[int, float] = {}
    for (one, _), weight in weights.items():
        if one in group_of:
            least[group_of[one]] = min(weight, least.get(group_of[one], weight))
    found = [(least[at], ids) for at, ids in enumerate(whole) if pairs[at] == len(ids) * (len(ids) - 1) // 2]
    chosen = sorted(found, key=lambda each: (-each[0], each[1]))[:limit]
    sides: dict[int, Side] = {}
    for start in range(0, len(chosen), AT_ONCE):
        some = chosen[start : start + AT_ONCE]
        sides |= sides_of(connection, [number for _, ids in some for number in ids])
    return tuple(ExactGroup(tuple(sides[number] for number in ids), weight) for weight, ids in chosen)
