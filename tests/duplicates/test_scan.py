"""The whole base is scanned: what is stored, what is kept, and what happens when a scan is stopped."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from db import guard
from db.actor import service
from db.audit.verify import verify
from db.bulk import load
from db.duplicates import scan as scanning
from db.duplicates.candidates import candidates
from db.engine import Database
from db.errors import Invalid, Refused, Unavailable
from db.guard import WriteOutsideRunner
from db.models import AuditDetail, AuditEvent, Customer, DuplicatePair, DuplicateScan, PairState
from db.queries.duplicate_scan import queue_view
from db.queries.viewer import Viewer
from db.rules.roles import Role
from seeds.population import population
from seeds.rows import rows_of
from tests.duplicates.base import fill, judge, pairs, queued, scanned
from tests.factories import BORN, actor, add_operators
from tests.operations.acting import do


def test_who_was_entered_twice_is_queued_and_who_only_lives_together_is_not(database: Database) -> None:
    people = fill(database)
    done = scanned(database)
    assert pairs(queued(database)) == [
        (people.joan, people.again),
        (people.joan, people.third),
        (people.again, people.third),
    ]
    assert (done.customers, done.likely, done.groups, done.is_resumed) == (5, 3, 1, False)


def test_the_queue_says_what_the_candidates_of_one_customer_say(database: Database) -> None:
    people = fill(database)
    scanned(database)
    stored = {row.b.customer_id: row for row in queued(database) if row.a.customer_id == people.joan}
    with database.reading() as connection:
        live = candidates(connection, people.joan, viewer=Viewer("kim"))
    assert {one.customer_id for one in live if one.is_likely} == set(stored)
    for one in live:
        if one.is_likely:
            assert one.score.levels == stored[one.customer_id].score.levels
            assert one.score.weight == stored[one.customer_id].score.weight


def test_one_event_tells_of_a_scan(database: Database) -> None:
    fill(database)
    scanned(database)
    with database.reading() as connection:
        chosen = select(AuditEvent.seq).where(AuditEvent.operation == "scan-duplicates")
        (seq,) = connection.execute(chosen).scalars()
        details = connection.execute(
            select(AuditDetail.field, AuditDetail.after).where(AuditDetail.seq == seq)
        )
        told = {row.field: row.after for row in details}
        assert verify(connection).problem is None
    assert (told["operator"], told["reason"], told["customers"], told["likely"]) == (
        "ada",
        "looked",
        "5",
        "3",
    )


def test_a_second_scan_changes_nothing_and_removes_what_is_no_longer_alike(database: Database) -> None:
    people = fill(database)
    scanned(database)
    before = queued(database)
    assert scanned(database).removed == 0
    assert queued(database) == before
    do(database, "change-name", actor(), customer=people.third, given_name="Zoltan", family_name="Nagy")
    do(database, "change-birth-date", actor(), customer=people.third, birth_date=date(1999, 1, 1))
    assert scanned(database).removed == 2
    assert pairs(queued(database)) == [(people.joan, people.again)]


class Stopped(Exception):
    """What a test stops a scan with."""


def test_a_scan_that_was_stopped_goes_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_of(population(count=400), now=BORN, password_hash="$argon2id$x")
    load(database, rows, worker="t", reason="t")
    whole = scanned(database)
    stored = queued(database, least=-100.0)
    assert whole.likely > 5
    monkeypatch.setattr(scanning, "BATCH", 40)
    told: list[int] = []

    def stop(step: str, done: int, _total: int) -> None:
        if step == "comparing":
            told.append(done)
            if len(told) % 3 == 0:
                raise Stopped

    for _ in range(100):
        try:
            resumed = scanned(database, report=stop)
            break
        except Stopped:
            with database.reading() as connection:
                state = connection.execute(select(DuplicateScan)).one()
            assert state.finished_at is None
            assert state.done == told[-1]
    assert resumed.is_resumed
    assert told == sorted(told)
    assert queued(database, least=-100.0) == stored
    assert (resumed.likely, resumed.groups, resumed.stored) == (whole.likely, whole.groups, whole.stored)
    with database.reading() as connection:
        events = connection.execute(select(AuditEvent.operation)).scalars().all()
    assert events.count("scan-duplicates") == 2


def test_of_two_scans_at_once_one_goes_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database)
    monkeypatch.setattr(scanning, "BATCH", 1)
    inner: list[Any] = []

    def overtake(step: str, done: int, _total: int) -> None:
        if step == "comparing" and done and not inner:
            inner.append(None)
            inner.append(scanned(database))

    with pytest.raises(Unavailable, match="Another scan is under way"):
        scanned(database, report=overtake)
    assert inner[1].likely == 3


def test_a_judgement_outlives_scans_until_one_side_really_changes(database: Database) -> None:
    people = fill(database)
    scanned(database)
    judge(database, people.joan, people.again, "dismiss")
    assert scanned(database).lapsed == 0
    assert (people.joan, people.again) not in pairs(queued(database))
    assert pairs(queued(database, state=PairState.DISMISSED)) == [(people.joan, people.again)]
    do(
        database, "change-name", actor(), customer=people.again, given_name="JOAN", family_name="Fetherstone"
    )  # the same but for case
    assert scanned(database).lapsed == 0
    do(database, "change-birth-date", actor(), customer=people.again, birth_date=date(1980, 5, 17))
    assert scanned(database).lapsed == 1
    (row,) = [row for row in queued(database) if pairs([row]) == [(people.joan, people.again)]]
    assert (row.state, row.reason, row.judged_by) == ("open", None, None)


def test_R10_a_scan_may_write_what_it_found_and_nothing_else(database: Database) -> None:
    fill(database)
    with (
        database.writer.connect() as connection,
        guard.writing(connection, "scan"),
        connection.begin(),
        pytest.raises(WriteOutsideRunner),
    ):
        connection.execute(Customer.__table__.delete())  # type: ignore[attr-defined]  # a Table
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Customer)).scalar_one() == 5
        assert connection.execute(select(func.count()).select_from(DuplicatePair)).scalar_one() == 0


def test_an_empty_base_is_scanned(database: Database) -> None:
    add_operators(database)
    assert scanned(database).customers == 0


def test_who_may_not_scan_is_refused_by_the_scan_itself(database: Database) -> None:
    fill(database)
    with pytest.raises(Refused, match="Your role may not judge and scan for duplicates"):
        scanning.scan(database, actor=actor(Role.SUPPORT), reason="looked")
    with database.reading() as connection:
        assert connection.execute(select(DuplicateScan)).all() == []
        chosen = select(AuditEvent.operation, AuditEvent.outcome, AuditEvent.operator_id)
        assert connection.execute(chosen).all() == [("scan-duplicates", "refused", "kim")]


def test_a_scan_needs_a_reason(database: Database) -> None:
    fill(database)
    with pytest.raises(Invalid, match="Give a reason"):
        scanning.scan(database, actor=actor(), reason=" ")


def test_the_products_own_scan_asks_nobody(database: Database) -> None:
    fill(database)
    assert scanning.scan(database, actor=service("nightly"), reason="every night").likely == 3


def test_how_far_a_stopped_scan_came_is_known(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database)
    monkeypatch.setattr(scanning, "BATCH", 1)

    def stop(step: str, done: int, _total: int) -> None:
        if step == "comparing" and done:
            raise Stopped

    with database.reading() as connection:
        assert queue_view(connection).scan is None
    with pytest.raises(Stopped):
        scanned(database, report=stop)
    with database.reading() as connection:
        stopped = queue_view(connection).scan
    assert stopped is not None
    assert stopped.is_stopped
    assert 0 < stopped.percent < 100
    scanned(database)
    with database.reading() as connection:
        view = queue_view(connection)
    assert view.scan is not None
    assert not view.scan.is_stopped
    assert view.counts == {"open": 3, "later": 0, "dismissed": 0}
