"""Groups that agree in everything are judged in bulk: each on its own, and looked at again before."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from db.duplicates.exact import is_exact
from db.engine import Database
from db.errors import Refused
from db.judging import Bulk, GroupJudged, Judging, judge_groups
from db.models import AuditEvent, Customer, CustomerStatus, PairState
from db.queries.exact_groups import exact_groups
from db.rules.roles import Role
from tests.duplicates.base import JOAN, fill, pairs, queued, scanned
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do

NORA: dict[str, Any] = {**JOAN, "given_name": "Nora", "family_name": "Quayle", "emails": ["nora@example.org"]}
NORA["phones"] = ["+1 202 555 0177"]


@pytest.fixture
def twice(database: Database) -> Database:
    """Joan three times and Nora twice, exactly; and somebody who differs in the birth date."""
    add_operators(database)
    for given in (JOAN, JOAN, JOAN, NORA, NORA, {**NORA, "birth_date": date(1999, 9, 9)}):
        add_customer(database, **given)
    scanned(database)
    return database


def groups(database: Database) -> list[tuple[int, ...]]:
    with database.reading() as connection:
        return sorted(group.ids for group in exact_groups(connection))


def judged(database: Database, how: Bulk, role: Role = Role.LEAD, **given: Any) -> list[GroupJudged]:
    wanted = Judging(how=how, actor=actor(role), reason="typed twice", **given)
    return list(judge_groups(database, groups(database), wanted))


def test_a_group_is_exact_where_each_two_agree_in_everything(twice: Database) -> None:
    assert groups(twice) == [(1, 2, 3), (4, 5)]
    assert all(is_exact(row.score.levels) for row in queued(twice, is_exact=True))
    assert pairs(queued(twice, is_exact=True)) == [(1, 2), (1, 3), (2, 3), (4, 5)]


def test_of_many_groups_the_surest_are_given(twice: Database) -> None:
    with twice.reading() as connection:
        every, first = exact_groups(connection), exact_groups(connection, limit=1)
    assert len(every) == 2
    assert first == every[:1]


def test_who_is_only_alike_is_in_no_exact_group(database: Database) -> None:
    fill(database)
    scanned(database)
    assert groups(database) == []


def test_each_group_is_merged_by_an_operation_of_its_own(twice: Database) -> None:
    done = judged(twice, Bulk.MERGE)
    assert [(each.customers, each.survivor, each.is_done) for each in done] == [
        ((1, 2, 3), 1, True),
        ((4, 5), 4, True),
    ]
    assert len({event for each in done for event in each.events}) == 2
    assert groups(twice) == []
    with twice.reading() as connection:
        merged = select(Customer.id).where(Customer.status == CustomerStatus.MERGED).order_by(Customer.id)
        assert list(connection.execute(merged).scalars()) == [2, 3, 5]


def test_a_preview_of_all_changes_nothing(twice: Database) -> None:
    done = judged(twice, Bulk.MERGE, dry_run=True)
    assert [each.events for each in done] == [(), ()]
    assert all(each.is_done for each in done)
    assert groups(twice) == [(1, 2, 3), (4, 5)]


def test_what_cannot_be_merged_stays_in_the_queue_with_its_reason_and_the_next_one_follows(
    twice: Database,
) -> None:
    do(twice, "suspend-customer", actor(), customer=2)
    do(twice, "change-name", actor(), customer=5, given_name="Norah", family_name="Quayle")
    found = groups(twice)
    wanted = Judging(how=Bulk.MERGE, actor=actor(), reason="typed twice")
    first, second = judge_groups(twice, found, wanted)
    assert first.is_done
    assert any("suspended" in warning for warning in first.warnings)
    assert second.problem == "C-4 and C-5 differ by now. Look at them one by one."
    assert pairs(queued(twice, is_exact=True)) == [(4, 5)]


def test_a_group_is_dismissed_pair_by_pair(twice: Database) -> None:
    done = judged(twice, Bulk.DISMISS)
    assert [len(each.events) for each in done] == [3, 1]
    assert groups(twice) == []
    assert len(queued(twice, state=PairState.DISMISSED)) == 4


def test_who_may_not_merge_is_refused_before_the_first_group(twice: Database) -> None:
    with pytest.raises(Refused, match="Your role may not merge"):
        judged(twice, Bulk.MERGE, Role.SUPPORT)
    with twice.reading() as connection:
        refused = select(AuditEvent.operation).where(AuditEvent.outcome == "refused")
        assert connection.execute(refused).scalars().all() == ["merge-customers"]


def test_who_stops_asking_stops_the_work(twice: Database) -> None:
    wanted = Judging(how=Bulk.MERGE, actor=actor(), reason="typed twice")
    work = judge_groups(twice, groups(twice), wanted)
    next(work)
    assert groups(twice) == [(4, 5)]
