"""Scores many pairs at once, and keeps those that a duplicate detection mode collides with in the queue."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, select

from db import setwise
from db.duplicates.base import Counted, all_names_counted, scoring
from db.duplicates.collisions import collision
from db.duplicates.comparing import compare
from db.duplicates.folding import phone_key
from db.duplicates.levels import encode
from db.duplicates.people import read_people
from db.ledger import LedgerSession
from db.models import DuplicatePair, PairState
from db.queries.collisions import Group
from db.rules.wording import counted

MOST_STORED = 5_000
"""Pairs that a change of the mode puts into the queue: some 2 s; a scan finds who of the others is alike."""

LARGEST_WHOLE = 8
"""Of a larger group each customer is paired with the first one alone."""

AT_ONCE = 1_000
"""Customers that are read at a time."""

Pair = tuple[int, int]


def pairs_of(groups: Sequence[Group]) -> list[Pair]:
    """Return the pairs that groups make, each once, the lower number first, at most `MOST_STORED`."""
    found: dict[Pair, None] = {}
    for group in groups:
        ids = sorted(group.customers)
        chosen = combinations(ids, 2) if len(ids) <= LARGEST_WHOLE else ((ids[0], other) for other in ids[1:])
        found.update(dict.fromkeys(chosen))
        if len(found) >= MOST_STORED:
            break
    return list(found)[:MOST_STORED]


def store_collisions(session: LedgerSession, groups: Sequence[Group]) -> int:
    """Put pairs that collide into the queue, and return how many are new; judgements stay as they are.

    The event tells how many: they follow from the mode.
    """
    connection = session.live_connection
    pairs = pairs_of(groups)
    known = _known(connection, pairs)
    rows = list(_rows(connection, [pair for pair in pairs if pair not in known], groups))
    if rows:
        setwise.add(session, DuplicatePair, rows, told=("state", counted(len(rows), "pair"), "open"))
    return len(rows)


def _known(connection: Connection, pairs: Sequence[Pair]) -> set[Pair]:
    ids = sorted({one for one, _ in pairs})
    found: set[Pair] = set()
    for start in range(0, len(ids), AT_ONCE):
        chosen = select(DuplicatePair.a_id, DuplicatePair.b_id).where(
            DuplicatePair.a_id.in_(ids[start : start + AT_ONCE])
        )
        found.update((one, other) for one, other in connection.execute(chosen))
    return found


def _rows(connection: Connection, pairs: Sequence[Pair], groups: Sequence[Group]) -> Iterator[dict[str, Any]]:
    ids = sorted({number for pair in pairs for number in pair})
    people = {
        number: person
        for start in range(0, len(ids), AT_ONCE)
        for number, person in read_people(connection, ids[start : start + AT_ONCE]).items()
    }
    in_force = scoring(connection)
    names = {name for person in people.values() for name in (person.given, person.family)}
    rarity = Counted(
        in_force.facts.customers,
        all_names_counted(connection, in_force.facts, names),
        {group.value: len(group.customers) for group in groups if group.kind == "email"},
        {phone_key(group.value): len(group.customers) for group in groups if group.kind == "phone"},
    )
    for one, other in pairs:
        codes = compare(people[one], people[other], rarity)
        yield {
            "a_id": one,
            "b_id": other,
            "weight": in_force.weight(codes),
            "levels": encode(codes),
            "collision": collision(codes),
            "state": PairState.OPEN,
            "scan": 0,
            "version": 1,
        }
