"""Whatever its owner puts into the log is named, and never stops verification itself (R7, A5)."""

import pytest

from db.audit import event
from db.audit.event import digest
from db.engine import Database
from db.operations.change_email import ChangeEmail
from tests.audit.conftest import EMPTY, Forge, checked, do, found

WRONG_TYPES = [
    "UPDATE audit_event SET at = 17 WHERE seq = 3",
    "UPDATE audit_event SET at = 1.5 WHERE seq = 3",
    "UPDATE audit_event SET at = x'00ff' WHERE seq = 3",
    "UPDATE audit_event SET at = substr(at, 1, 10) || 'X' || substr(at, 12) WHERE seq = 3",
    "UPDATE audit_event SET at = at || 'Z' WHERE seq = 3",
    "UPDATE audit_event SET body = x'ff' WHERE seq = 3",
    "UPDATE audit_event SET body = CAST(x'ff' AS TEXT) WHERE seq = 3",
    "UPDATE audit_event SET body = CAST(body AS BLOB) WHERE seq = 3",
    "UPDATE audit_event SET hash = CAST(hash AS BLOB) WHERE seq = 3",
    "UPDATE audit_event SET customer_id = 'abc' WHERE seq = 3",
    "UPDATE audit_event SET operator_id = CAST(x'c3' AS TEXT) WHERE seq = 3",
    "UPDATE audit_detail SET field = x'00' WHERE seq = 3 AND position = 2",
    "UPDATE audit_detail SET before = x'00' WHERE seq = 3 AND position = 0",
    "UPDATE audit_detail SET after = x'00' WHERE seq = 3 AND position = 2",
    "UPDATE audit_detail SET after = CAST(x'ff' AS TEXT) WHERE seq = 3 AND position = 2",
    "UPDATE audit_detail SET after_salt = x'00' WHERE seq = 3 AND position = 2",
    "UPDATE audit_detail SET after_salt = upper(after_salt) WHERE seq = 3",
    "UPDATE audit_detail SET redacted_by = 'abc' WHERE seq = 3 AND position = 2",
    EMPTY.format(seq=3, event="'abc'"),
    EMPTY.format(seq=3, event="x'00ff'"),
    EMPTY.format(seq=3, event="1e300"),
    "UPDATE audit_detail SET position = 'abc' WHERE seq = 3 AND position = 0",
    "INSERT INTO audit_detail (seq, position, field) VALUES (3.5, 0, 'reason')",
]


# PostgreSQL keeps values to the types of their columns.
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@ON_SQLITE
@pytest.mark.parametrize("change", WRONG_TYPES)
def test_A5_a_value_of_another_type_is_named(logged: Database, forge: Forge, change: str) -> None:
    forge(change)
    assert found(logged) == (3, "changed")


@ON_SQLITE
def test_A5_the_first_of_two_bad_events_is_named_where_the_second_cannot_be_read(
    logged: Database, forge: Forge
) -> None:
    forge(
        "UPDATE audit_event SET role = 'admin' WHERE seq = 2",
        "UPDATE audit_event SET body = CAST(x'ff' AS TEXT) WHERE seq = 6",
    )
    assert found(logged) == (2, "changed")
    assert checked(logged).events == 1


@ON_SQLITE
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_head SET seq = 'abc'",
        "UPDATE audit_head SET seq = 8.5",
        "UPDATE audit_head SET hash = x'ff'",
        "UPDATE audit_head SET hash = CAST(x'ff' AS TEXT)",
    ],
)
def test_A5_a_head_of_another_type_is_named(logged: Database, forge: Forge, change: str) -> None:
    forge(change)
    assert found(logged) == (0, "head")


def test_A5_a_head_below_an_emptied_log_is_named(logged: Database, forge: Forge) -> None:
    forge(
        "DELETE FROM audit_event",
        "DELETE FROM audit_detail",
        "UPDATE audit_head SET seq = -5, hash = :genesis",
        genesis="0" * 64,
    )
    assert found(logged) == (0, "head")


@pytest.mark.parametrize("moment", ["infinity", "-infinity", "12000-01-01", "0044-03-15 BC"])
def test_A5_a_time_that_the_driver_cannot_give_is_named(logged: Database, forge: Forge, moment: str) -> None:
    forge("UPDATE audit_event SET at = :moment WHERE seq = 3", moment=moment)
    assert found(logged) == (3, "changed")


def test_A5_a_body_too_deep_to_read_is_named(logged: Database, forge: Forge) -> None:
    depth = 200_000
    body = '{"unknown":' + "[" * depth + "]" * depth + "}"
    forge("UPDATE audit_event SET body = :body, hash = :hash WHERE seq = 3", body=body, hash=digest(body))
    assert found(logged) == (3, "changed")


@pytest.mark.parametrize("table", ["audit_event", "audit_detail", "audit_head"])
def test_A5_a_dropped_table_is_named(logged: Database, forge: Forge, table: str) -> None:
    forge(f"DROP TABLE {table}")
    problem = checked(logged).problem
    assert problem is not None
    assert (problem.seq, problem.kind) == (0, "changed")
    assert "table" in problem.sentence


@pytest.mark.parametrize("column", ["audit_event.target", "audit_detail.after_salt", "audit_head.hash"])
def test_A5_a_dropped_column_is_named(logged: Database, forge: Forge, column: str) -> None:
    table, name = column.split(".")
    forge(f"ALTER TABLE {table} DROP COLUMN {name}")
    assert found(logged) == (0, "changed")


@pytest.mark.parametrize("seq", [0, -1, -7])
def test_R4_an_event_planted_before_the_first_is_named(logged: Database, forge: Forge, seq: int) -> None:
    forge(
        "INSERT INTO audit_event (seq, at, operator_id, role, operation, outcome, body, hash)"
        f" SELECT {seq}, at, operator_id, role, operation, outcome, body, hash FROM audit_event WHERE seq = 3"
    )
    assert found(logged) == (seq, "changed")


@pytest.mark.parametrize("seq", [0, -1, -7])
def test_R4_a_value_planted_before_the_first_event_is_named(logged: Database, forge: Forge, seq: int) -> None:
    forge(f"INSERT INTO audit_detail (seq, position, field, after) VALUES ({seq}, 0, 'reason', 'x')")
    assert found(logged) == (seq, "changed")


@pytest.mark.parametrize("seq", ["9", "99"])
def test_R4_a_value_planted_beyond_the_last_event_is_named(logged: Database, forge: Forge, seq: str) -> None:
    forge(f"INSERT INTO audit_detail (seq, position, field, after) VALUES ({seq}, 0, 'reason', 'x')")
    assert found(logged) == (9, "missing")


@ON_SQLITE
@pytest.mark.parametrize("seq", ["'abc'", "x'00ff'", "CAST(x'ff' AS TEXT)", "9e999"])
def test_R4_a_value_planted_at_what_is_no_number_is_named(logged: Database, forge: Forge, seq: str) -> None:
    forge(f"INSERT INTO audit_detail (seq, position, field, after) VALUES ({seq}, 0, 'reason', 'x')")
    assert found(logged) == (9, "missing")


@pytest.mark.parametrize(("salt", "value"), [("41" * 15, "Amoved"), ("41" * 16 + "6d", "oved")])
def test_R6_characters_do_not_move_between_a_salt_and_its_value(
    logged: Database, forge: Forge, monkeypatch: pytest.MonkeyPatch, salt: str, value: str
) -> None:
    """The commitment is over salt and value together: only the length of the salt tells them apart."""
    if not logged.is_sqlite:
        salt = salt[:32]  # its column takes no longer one, so there only the value has moved
    monkeypatch.setattr(event, "new_salt", lambda: "41" * 16)
    do(logged, "change-email", ChangeEmail(customer=1, email="later@example.org"), reason="moved")
    assert checked(logged).problem is None
    forge(
        "UPDATE audit_detail SET after = :value, after_salt = :salt WHERE seq = 9 AND field = 'reason'",
        value=value,
        salt=salt,
    )
    assert found(logged) == (9, "changed")
