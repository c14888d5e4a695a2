"""How a connection is set up, and that the reading one cannot write (R53, R54)."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from db import guard
from db.engine import BUSY_TIMEOUT_MS, Database, connect, server_time

PRAGMAS = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "busy_timeout": BUSY_TIMEOUT_MS,
    "trusted_schema": 0,
    "synchronous": 2,
}


def test_R54_every_sqlite_connection_has_its_pragmas(sqlite_database: Database) -> None:
    for engine, read_only in ((sqlite_database.writer, 0), (sqlite_database.reader, 1)):
        with engine.connect() as connection:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS}
            assert found == PRAGMAS
            assert connection.exec_driver_sql("PRAGMA query_only").scalar_one() == read_only


def test_R54_a_new_file_is_its_owners_only(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path}/new/latchkey.db", create=True).close()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "latchkey.db").stat().st_mode) == 0o600


def test_R53_every_postgresql_connection_has_its_limits(postgres_database: Database) -> None:
    for engine, read_only in ((postgres_database.writer, "off"), (postgres_database.reader, "on")):
        with engine.connect() as connection:
            limits = {
                name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
                for name in (
                    "statement_timeout",
                    "lock_timeout",
                    "idle_in_transaction_session_timeout",
                    "timezone",
                    "default_transaction_read_only",
                )
            }
        assert list(limits.values()) == ["10s", "5s", "30s", "UTC", read_only]


def assert_only_reads(engine: Engine) -> None:
    with (
        engine.connect() as connection,
        guard.writing(connection, "migration"),
        pytest.raises(DBAPIError, match=r"(?i)read-?only"),
    ):
        connection.execute(text("DELETE FROM audit_head"))


def test_the_reading_engine_cannot_write_even_past_the_guard(database: Database) -> None:
    assert_only_reads(database.reader)


def test_a_read_only_database_has_no_writing_engine(database: Database) -> None:
    base = connect(database.url, read_only=True)
    assert_only_reads(base.writer)
    base.close()


def test_the_time_is_the_servers_in_utc_with_milliseconds(database: Database) -> None:
    with database.reading() as connection:
        first, second = server_time(connection), server_time(connection)
    assert first <= second
    assert first.utcoffset() is not None
    assert str(first.utcoffset()) == "0:00:00"
    assert first.microsecond % 1000 == 0


def test_a_connection_that_the_server_has_ended_is_replaced(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.engine.FRESH_SECONDS", 0)
    with postgres_database.reading() as connection:
        number = connection.scalar(text("SELECT pg_backend_pid()"))
    with postgres_database.writer.connect() as other:
        other.execute(text(f"SELECT pg_terminate_backend({number}, 5000)"))
    with postgres_database.reading() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != number
