"""A small base with people entered twice, a household and a namesake, and what is asked of it."""

from datetime import date
from typing import Any, NamedTuple

from db.applied import Applied
from db.duplicates.scan import Scanned, scan
from db.engine import Database
from db.queries import duplicates
from db.queries.duplicate_filter import Wanted
from db.queries.duplicates import PairRow
from db.queries.viewer import Viewer
from db.rules.roles import Role
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do

HOME = ("12 Oak Street", "Reno", "NV", "89501")
JOAN: dict[str, Any] = {
    "given_name": "Joan",
    "family_name": "Featherstone",
    "birth_date": date(1980, 5, 17),
    "emails": ["joan.f@example.org"],
    "phones": ["+1 202 555 0142"],
    "address": HOME,
}


class People(NamedTuple):
    """Joan three times, and Daniel, her husband."""

    joan: int
    again: int
    third: int
    daniel: int


def fill(database: Database) -> People:
    """Add operators, Joan as three customers, and others who are not her."""
    add_operators(database)
    joan = add_customer(database, **JOAN)
    again = add_customer(database, **{**JOAN, "family_name": "Fetherstone", "phones": [], "birth_date": None})
    third = add_customer(database, **{**JOAN, "given_name": "Joanie", "emails": []})
    daniel = add_customer(database, **{**JOAN, "given_name": "Daniel", "birth_date": date(1978, 2, 3)})
    add_customer(database, given_name="Peter", family_name="Quill", birth_date=date(1971, 1, 2))
    return People(joan, again, third, daniel)


def scanned(database: Database, **given: Any) -> Scanned:
    """Scan the base."""
    return scan(database, actor=actor(Role.ADMIN), reason="looked", **given)


def queued(database: Database, *, is_masked: bool = False, **wanted: Any) -> list[PairRow]:
    """Return the queue."""
    with database.reading() as connection:
        viewer = Viewer("kim", is_masked=is_masked)
        return list(duplicates.queue(connection, Wanted(**wanted), viewer=viewer).rows)


def pairs(rows: list[PairRow]) -> list[tuple[int, int]]:
    """Return the numbers of some pairs, in order."""
    return sorted((row.a.customer_id, row.b.customer_id) for row in rows)


def judge(database: Database, one: int, other: int, judgement: str, role: Role = Role.LEAD) -> Applied:
    """Judge a pair."""
    return do(database, "judge-duplicate", actor(role), customer=one, other=other, judgement=judgement)
