"""The queue of pairs: judged, filtered, explained, and joined into groups."""

import pytest

from db.duplicates.candidates import candidates
from db.engine import Database
from db.errors import Invalid, Refused
from db.models import Operator, PairState
from db.queries import duplicates
from db.queries.duplicate_filter import Wanted
from db.queries.viewer import Viewer
from db.rules.roles import Role
from tests.duplicates.base import People, fill, judge, pairs, queued, scanned
from tests.factories import actor, building
from tests.operations.acting import do, fields_of

Filled = tuple[Database, People]


@pytest.fixture
def filled(database: Database) -> Filled:
    people = fill(database)
    scanned(database)
    return database, people


def test_a_dismissed_pair_leaves_the_queue_and_the_candidates_and_undo_brings_it_back(filled: Filled) -> None:
    base, people = filled
    applied = judge(base, people.again, people.joan, "dismiss")
    assert ("duplicate_pair.state", "open", "dismissed") in fields_of(applied)
    assert ("duplicate_pair.reason", None, "asked") in fields_of(applied)
    assert (people.joan, people.again) not in pairs(queued(base))
    (row,) = queued(base, state=PairState.DISMISSED)
    assert (row.reason, row.judged_by) == ("asked", "rosa")
    assert people.again not in asked_of(base, people.joan)
    judge(base, people.joan, people.again, "reopen")
    assert (people.joan, people.again) in pairs(queued(base))
    assert people.again in asked_of(base, people.joan)


def asked_of(base: Database, customer: int) -> set[int]:
    with base.reading() as connection:
        return {one.customer_id for one in candidates(connection, customer, viewer=Viewer("kim"))}


def test_a_dismissed_pair_is_a_candidate_again_as_soon_as_a_contact_changes(filled: Filled) -> None:
    base, people = filled
    judge(base, people.joan, people.again, "dismiss")
    do(base, "add-phone", actor(), customer=people.again, phone="+1 202 555 0142")
    assert people.again in asked_of(base, people.joan)


def test_a_pair_is_put_off(filled: Filled) -> None:
    base, people = filled
    judge(base, people.joan, people.third, "later")
    assert pairs(queued(base, state=PairState.LATER)) == [(people.joan, people.third)]
    with base.reading() as connection:
        live = candidates(connection, people.joan, viewer=Viewer("kim"))
    assert [one.judged for one in live if one.customer_id == people.third] == ["later"]


def test_a_pair_that_no_scan_found_can_be_dismissed_too(database: Database) -> None:
    people = fill(database)
    judge(database, people.joan, people.daniel, "dismiss")
    (row,) = queued(database, state=PairState.DISMISSED, least=-100.0)
    assert pairs([row]) == [(people.joan, people.daniel)]
    assert row.score.line.endswith("household −10.0")


def test_who_may_judge_and_whom(filled: Filled) -> None:
    base, people = filled
    with pytest.raises(Refused, match="Your role may not judge"):
        judge(base, people.joan, people.again, "dismiss", Role.SUPPORT)
    with pytest.raises(Invalid, match="one customer"):
        judge(base, people.joan, people.joan, "dismiss")
    with pytest.raises(Invalid, match="open already"):
        judge(base, people.joan, people.again, "reopen")
    with building(base) as session:
        session.get_one(Operator, "rosa").customer_id = people.again
    with pytest.raises(Refused, match="your own customer record"):
        judge(base, people.joan, people.again, "dismiss")


def test_the_queue_is_filtered_by_score_and_by_what_a_mode_would_refuse(filled: Filled) -> None:
    base, people = filled
    rows = queued(base)
    assert [row.score.weight for row in rows] == sorted((row.score.weight for row in rows), reverse=True)
    assert queued(base, least=rows[0].score.weight) == rows[:1]
    assert queued(base, most=rows[1].score.weight) == rows[1:]
    assert pairs(queued(base, collision="email")) == [(people.joan, people.again)]
    assert pairs(queued(base, collision="phone")) == [(people.joan, people.third)]


def test_the_queue_is_filtered_by_number_name_and_city(filled: Filled) -> None:
    base, people = filled
    assert pairs(queued(base, text=f"c-{people.again}")) == [
        (people.joan, people.again),
        (people.again, people.third),
    ]
    assert pairs(queued(base, text="joanie")) == [(people.joan, people.third), (people.again, people.third)]
    assert pairs(queued(base, text="fether reno")) == pairs(queued(base, text=f"C-{people.again}"))
    assert queued(base, text="sparks") == []
    assert len(queued(base, text="%")) == len(queued(base))


def test_the_queue_comes_in_pages(filled: Filled) -> None:
    base, _ = filled
    found: list[duplicates.PairRow] = []
    everything, after = queued(base), None
    with base.reading() as connection:
        while True:
            page = duplicates.queue(connection, Wanted(), viewer=Viewer("kim"), after=after, limit=1)
            found += page.rows
            if not page.more:
                break
            after = page.rows[-1]
    assert found == everything


def test_the_row_says_what_decides_and_masks_it_where_it_must(filled: Filled) -> None:
    base, people = filled
    (clear,) = [row for row in queued(base) if pairs([row]) == [(people.again, people.third)]]
    assert clear.deciding is None
    assert clear.score.line.startswith("given +")
    (daniel,) = [row for row in hidden(base, people) if row.deciding]
    assert daniel.deciding is not None
    assert daniel.deciding.label == "given"
    assert daniel.deciding.values is not None
    assert [value.text for value in daniel.deciding.values] == ["Joan", "Daniel"]


def hidden(base: Database, people: People) -> list[duplicates.PairRow]:
    judge(base, people.joan, people.daniel, "later")
    return queued(base, is_masked=True, state=PairState.LATER, least=-100.0)


def test_who_was_merged_is_in_no_list(filled: Filled) -> None:
    base, people = filled
    do(base, "merge-customers", actor(), customer=people.joan, absorbed=f"C-{people.again}")
    assert pairs(queued(base)) == [(people.joan, people.third)]


def test_a_group_is_who_is_connected(filled: Filled) -> None:
    base, people = filled
    with base.reading() as connection:
        found = duplicates.group(connection, people.third, viewer=Viewer("kim"))
        alone = duplicates.group(connection, people.daniel, viewer=Viewer("kim"))
    assert [side.customer_id for side in found.members] == [people.joan, people.again, people.third]
    assert len(found.pairs) == 3
    assert [side.customer_id for side in alone.members] == [people.daniel]
    assert alone.pairs == ()
