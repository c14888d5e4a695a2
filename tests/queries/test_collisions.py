"""P4: what a duplicate detection mode collides with in the whole base, counted range by range."""

from itertools import product

import pytest

from db.engine import Database
from db.queries import collisions
from db.queries.collisions import Group, collision_groups, try_mode
from db.rules.dedup import DedupMode, holds
from tests.factories import add_customer
from tui.long_work import Cancelled, LongWork

STATUSES = ("active", "inactive", "suspended", "merged", "erased")
PASSES = ((), ("active",), ("suspended",), ("suspended", "active"))


@pytest.fixture
def crowd(database: Database) -> Database:
    """For every status and every state of passes two customers who share both contacts, and one alone."""
    alone = add_customer(database, emails=["alone@example.com"])
    for place, (status, states) in enumerate(product(STATUSES, PASSES)):
        for twin in range(2):
            passes = [(f"P-{place:02}{twin}{number}", state) for number, state in enumerate(states)]
            add_customer(
                database,
                status=status,
                merged_into_id=alone if status == "merged" else None,
                passes=passes,
                emails=[f"shared{place:02}@example.com"],
                phones=[f"775-555-01{place:02}"],
            )
    return database


@pytest.fixture(params=[3, 20_000], ids=["many ranges", "one range"])
def ranges(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(collisions, "RANGE", request.param)
    size: int = request.param
    return size


def colliding(database: Database, mode: str) -> list[Group]:
    with database.reading() as connection:
        return collision_groups(connection, DedupMode(mode))


def test_P4_exactly_those_collide_who_hold_the_value(crowd: Database, ranges: int) -> None:
    wanted = [
        f"shared{place:02}@example.com"
        for place, (status, states) in enumerate(product(STATUSES, PASSES))
        if holds(status, states)
    ]
    found = colliding(crowd, "by-email")
    assert [group.value for group in found] == wanted
    assert all(group.customers[0] + 1 == group.customers[1] for group in found)
    assert [group.kind for group in colliding(crowd, "by-phone")] == ["phone"] * len(wanted)


def test_P4_a_mode_counts_customers_once_and_those_who_lack_what_it_requires(
    crowd: Database, ranges: int
) -> None:
    with crowd.reading() as connection:
        off, both = (try_mode(connection, DedupMode(mode)) for mode in ("off", "by-both"))
    assert (off.customers, off.groups, off.missing) == (0, 0, 0)
    live = sum(holds(status, states) for status, states in product(STATUSES, PASSES))
    assert (both.customers, both.groups, both.missing) == (2 * live, 2 * live, 1)


def test_three_who_share_a_value_are_one_group_even_at_the_edge_of_a_range(
    database: Database, ranges: int
) -> None:
    for address in ("a@example.com", "b@example.com", "c@example.com", "c@example.com", "c@example.com"):
        add_customer(database, emails=[address])
    assert [group.customers for group in colliding(database, "by-email")] == [(3, 4, 5)]


def test_it_tells_how_far_it_is_and_stops_when_told_to(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collisions, "RANGE", 2)
    for number in range(7):
        add_customer(sqlite_database, emails=[f"c{number}@example.com"])
    told: list[tuple[str, int, int]] = []
    with sqlite_database.reading() as connection:
        try_mode(connection, DedupMode.BY_EMAIL, lambda *step: told.append(step))
    assert [done for step, done, _ in told if step == "comparing emails"] == [0, 2, 4, 6]
    assert {total for _, _, total in told} == {7}

    work = LongWork("")

    def once(step: str, done: int, total: int) -> None:
        work.report(step, done, total)
        work.cancel()

    with sqlite_database.reading() as connection, pytest.raises(Cancelled):
        try_mode(connection, DedupMode.BY_EMAIL, once)
    assert work.progress == ("comparing emails", 0, 7)
