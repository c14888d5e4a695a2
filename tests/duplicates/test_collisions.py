"""A duplicate detection mode feeds the queue with whom it collides with (P4)."""

from sqlalchemy import select

from db.duplicates import collected
from db.duplicates.collected import pairs_of
from db.engine import Database
from db.models import AuditDetail, DuplicatePair, PairState
from db.queries.collisions import Group
from db.rules.roles import Role
from tests.duplicates.base import fill, judge, pairs, queued, scanned
from tests.factories import actor
from tests.operations.acting import do

EVERYTHING = -1_000.0
ADMIN = Role.ADMIN


def turned_on(database: Database, mode: str) -> tuple[str, ...]:
    """Change the mode, and return what is said to follow."""
    return do(database, "change-dedup-mode", actor(ADMIN), mode=mode).outcomes


def test_P4_turning_a_mode_on_queues_who_collides(database: Database) -> None:
    people = fill(database)
    assert turned_on(database, "by-email") == ("3 pairs that collide go into the queue of duplicates",)
    assert pairs(queued(database, collision="email", least=EVERYTHING)) == [
        (people.joan, people.again),
        (people.joan, people.daniel),
        (people.again, people.daniel),
    ]
    assert pairs(queued(database, collision="phone", least=EVERYTHING)) == [(people.joan, people.daniel)]


def test_P4_a_pair_is_queued_with_the_score_that_a_scan_gives_it(database: Database) -> None:
    people = fill(database)
    turned_on(database, "by-email")
    before = {(row.a.customer_id, row.b.customer_id): row.score.levels for row in queued(database)}
    scanned(database)
    after = {(row.a.customer_id, row.b.customer_id): row.score.levels for row in queued(database)}
    assert before[people.joan, people.again] == after[people.joan, people.again]


def test_the_event_tells_how_many_were_queued(database: Database) -> None:
    fill(database)
    applied = do(database, "change-dedup-mode", actor(ADMIN), mode="by-phone")
    with database.reading() as connection:
        chosen = select(AuditDetail.field, AuditDetail.after).where(AuditDetail.seq == applied.event)
        told = {(row.field, row.after) for row in connection.execute(chosen)}
    assert any("duplicate_pair" in field and after == "open" for field, after in told)


def test_what_was_judged_stays_judged_when_a_mode_is_turned_on(database: Database) -> None:
    people = fill(database)
    judge(database, people.joan, people.daniel, "dismiss")
    turned_on(database, "by-email")
    (row,) = queued(database, state=PairState.DISMISSED, least=EVERYTHING)
    assert pairs([row]) == [(people.joan, people.daniel)]


def test_a_scan_keeps_what_collides_and_removes_what_does_no_longer(database: Database) -> None:
    people = fill(database)
    turned_on(database, "by-email")
    scanned(database)
    assert (people.joan, people.daniel) in pairs(queued(database, collision="email", least=EVERYTHING))
    do(database, "change-email", actor(), customer=people.daniel, profile=3, email="dan@example.org")
    scanned(database)
    assert pairs(queued(database, collision="email", least=EVERYTHING)) == [(people.joan, people.again)]


def test_a_preview_queues_nothing(database: Database) -> None:
    from db import runner
    from db.operations import REGISTRY
    from db.params import build

    fill(database)
    found = REGISTRY["change-dedup-mode"]
    params = build(found.params, {"mode": "by-both"})
    request = runner.Request(actor=actor(ADMIN), operation=found, params=params, reason="asked")
    assert runner.preview(database, request).outcomes
    with database.reading() as connection:
        assert connection.execute(select(DuplicatePair.id)).all() == []


def test_of_a_large_group_each_is_paired_with_the_first_alone() -> None:
    ids = tuple(range(1, 21))
    assert pairs_of([Group("email", "x", ids)]) == [(1, other) for other in ids[1:]]
    assert len(pairs_of([Group("email", "x", ids[:4])])) == 6
    many = [Group("email", str(at), (2 * at + 1, 2 * at + 2)) for at in range(collected.MOST_STORED + 7)]
    assert len(pairs_of(many)) == collected.MOST_STORED
