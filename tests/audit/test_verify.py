"""What verification says about an honest log, and about each way of tampering with one (R4–R7, A5, A7)."""

import msgspec
import pytest
from sqlalchemy import text

from db.audit import stored
from db.audit.event import Body, digest
from db.audit.verify import Verdict, verify
from db.engine import Database
from tests.audit.conftest import Forge, checked, found


def test_an_honest_log_verifies_and_tells_its_progress(
    logged: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "BATCH", 3)
    steps: list[tuple[int, int]] = []
    with logged.reading() as connection:
        verdict = verify(connection, lambda done, total: steps.append((done, total)))
    assert verdict == Verdict(8, None, ())
    assert steps == [(3, 8), (6, 8), (8, 8)]


def test_an_empty_log_verifies(database: Database) -> None:
    assert checked(database) == Verdict(0, None, ())


def test_R4_the_sequence_is_gapless_and_refusals_are_in_it(logged: Database) -> None:
    with logged.reading() as connection:
        rows = connection.execute(text("SELECT seq, outcome FROM audit_event ORDER BY seq")).all()
        head = connection.execute(text("SELECT seq FROM audit_head")).scalar_one()
    assert [row.seq for row in rows] == list(range(1, 9))
    assert rows[-1].outcome == "refused"
    assert head == 8


def test_R5_the_hash_is_over_the_stored_bytes_that_name_the_previous_hash(logged: Database) -> None:
    with logged.reading() as connection:
        rows = connection.execute(text("SELECT body, hash FROM audit_event ORDER BY seq")).all()
    previous = "0" * 64
    for row in rows:
        assert digest(row.body) == row.hash
        assert msgspec.json.decode(row.body, type=Body).prev == previous
        previous = row.hash


def test_R6_clear_values_are_only_in_the_details(logged: Database) -> None:
    with logged.reading() as connection:
        bodies = repr(connection.execute(text("SELECT body, target, operation FROM audit_event")).all())
        details = repr(connection.execute(text("SELECT * FROM audit_detail")).all())
    for value in ("'Joan'", "Zo\u00eb Lee", "c1@example.org", "new2@example.org", "'asked'"):
        assert value in details
        assert value.strip("'") not in bodies


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_event SET body = replace(body, 'rosa', 'noor') WHERE seq = 3",
        "UPDATE audit_event SET body = 'x' WHERE seq = 3",
        "UPDATE audit_event SET hash = substr(hash, 2) || 'f' WHERE seq = 3",
        "UPDATE audit_event SET operator_id = 'noor' WHERE seq = 3",
        "UPDATE audit_event SET customer_id = NULL WHERE seq = 3",
        "UPDATE audit_event SET at = '2026-01-01 00:00:00.000000' WHERE seq = 3",
        "UPDATE audit_event SET request_id = 'other' WHERE seq = 3",
        "UPDATE audit_detail SET after = 'other' WHERE seq = 3 AND field = 'reason'",
        "UPDATE audit_detail SET after_salt = 'no number' WHERE seq = 3 AND field = 'reason'",
        "UPDATE audit_detail SET before = 'invented' WHERE seq = 3 AND field = 'reason'",
        "UPDATE audit_detail SET field = 'other' WHERE seq = 3 AND field = 'reason'",
        "UPDATE audit_detail SET after = NULL, after_salt = NULL WHERE seq = 3 AND field = 'reason'",
        "UPDATE audit_detail SET redacted_by = 6 WHERE seq = 3 AND field = 'reason'",
        "INSERT INTO audit_detail (seq, position, field, after) VALUES (3, 99, 'reason', 'x')",
    ],
)
def test_A5_a_row_that_its_owner_edits_is_named(logged: Database, forge: Forge, change: str) -> None:
    forge(change)
    assert found(logged) == (3, "changed")
    assert checked(logged).events == 2


def test_A5_an_edited_body_with_its_hash_made_anew_is_named(logged: Database, forge: Forge) -> None:
    with logged.reading() as connection:
        body = connection.execute(text("SELECT body FROM audit_event WHERE seq = 3")).scalar_one()
    forged = body.replace('"lead"', '"admin"')
    forge(
        "UPDATE audit_event SET body = :body, hash = :hash, role = 'admin' WHERE seq = 3",
        body=forged,
        hash=digest(forged),
    )
    assert found(logged) == (3, "changed")


def test_a_missing_event_is_named(logged: Database, forge: Forge) -> None:
    forge("DELETE FROM audit_event WHERE seq = 3")
    assert found(logged) == (3, "missing")


def test_an_event_that_lost_its_values_is_named(logged: Database, forge: Forge) -> None:
    forge("DELETE FROM audit_detail WHERE seq = 3 AND position = 0")
    assert found(logged) == (3, "missing")


def test_events_in_another_order_are_named(logged: Database, forge: Forge) -> None:
    forge(
        "UPDATE audit_event SET seq = -4 WHERE seq = 4",
        "UPDATE audit_event SET seq = 4 WHERE seq = 3",
        "UPDATE audit_event SET seq = 3 WHERE seq = -4",
    )
    assert found(logged) == (3, "reordered")


@pytest.mark.parametrize(
    ("change", "seq"),
    [
        ("DELETE FROM audit_event WHERE seq > 6", 7),  # A7: the tail is cut, the head was forgotten
        ("DELETE FROM audit_event", 1),
        ("UPDATE audit_head SET hash = substr(hash, 2) || 'f'", 8),
        ("UPDATE audit_head SET seq = 6, hash = (SELECT hash FROM audit_event WHERE seq = 6)", 7),
        ("DELETE FROM audit_head", 0),
    ],
)
def test_a_head_that_is_not_the_last_event_is_named(
    logged: Database, forge: Forge, change: str, seq: int
) -> None:
    forge(change)
    assert found(logged) == (seq, "head")
