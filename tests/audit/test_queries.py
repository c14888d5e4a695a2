"""Reading the log: pages newest first, filters, and one event with all that it tells (R3)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from db.engine import Database
from db.errors import Unknown
from db.ledger import Change
from db.queries.audit import AuditPage, page, read_event
from db.queries.viewer import Viewer
from tests.audit.conftest import EMPTY, Forge, erase

ROSA = Viewer("rosa")


@pytest.fixture
def log(logged: Database) -> Iterator[Connection]:
    with logged.reading() as connection:
        yield connection


def seqs(found: AuditPage) -> list[int]:
    return [row.seq for row in found.rows]


def test_pages_follow_each_other_newest_first_and_say_whether_more_follow(log: Connection) -> None:
    first = page(log, limit=5)
    second = page(log, limit=5, before_seq=first.rows[-1].seq)
    assert (seqs(first), first.more) == ([8, 7, 6, 5, 4], True)
    assert (seqs(second), second.more) == ([3, 2, 1], False)


def test_a_page_holds_what_fits_all_filters(log: Connection) -> None:
    assert seqs(page(log, customer_id=2)) == [6, 2]
    assert seqs(page(log, operator_id="noor")) == [8]
    assert seqs(page(log, operation="add-customer")) == [4, 3, 2, 1]
    assert seqs(page(log, outcome="refused")) == [8]
    assert seqs(page(log, operation="change-email", customer_id=1)) == [5]
    assert seqs(page(log, operator_id="nobody")) == []


def test_a_page_begins_at_since_and_ends_before_until(log: Connection) -> None:
    first, second, third = (row.at for row in page(log, before_seq=4).rows[::-1])
    assert seqs(page(log, since=second, until=third)) == [2]
    assert first == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def test_an_event_tells_who_what_why_and_before_and_after(log: Connection) -> None:
    seen = read_event(log, 5, ROSA)
    assert (seen.row.operator_id, seen.row.role, seen.row.operation) == ("rosa", "lead", "change-email")
    assert (seen.reason, seen.customer_label, seen.session, seen.source) == (
        "asked",
        "Joan Lee",
        "test",
        "127.0.0.1",
    )
    assert Change("email_profile.address", "1", "c1@example.org", "new1@example.org") in seen.changes
    assert (seen.notes, seen.redacted_by) == ((), None)


def test_a_refusal_tells_why_in_notes(log: Connection) -> None:
    seen = read_event(log, 8, ROSA)
    notes = dict(seen.notes)
    assert notes["refusal"] == "permission"
    assert notes["sentence"]
    assert seen.changes == ()


def test_personal_values_are_masked_for_a_viewer_who_may_not_see_them(log: Connection) -> None:
    assert "c1@example.org" not in repr(read_event(log, 5, Viewer("rosa", is_masked=True)).changes)


def test_an_emptied_event_says_by_which_event(logged: Database, forge: Forge) -> None:
    erasure = erase(logged, 1)
    forge(EMPTY.format(seq=1, event=erasure))
    with logged.reading() as connection:
        seen = read_event(connection, 1, ROSA)
    assert (seen.redacted_by, seen.reason, seen.customer_label) == (erasure, None, None)


def test_an_event_that_is_not_there_is_unknown(log: Connection) -> None:
    with pytest.raises(Unknown):
        read_event(log, 99, ROSA)
