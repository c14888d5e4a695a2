"""What an operator reads when the database fails: code and sentence, no address, no password (A40)."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, make_url, text

from db import runner, schema
from db.applied import Applied
from db.engine import Database, connect, parse_url
from db.errors import Unavailable
from db.failures import translated
from db.operations import REGISTRY
from db.operations.add_customer import AddCustomer
from tests.dump import ordered_dump
from tests.factories import actor, add_operators

PASSWORD = "correct-horse"


@contextmanager
def unavailable(code: str, *says: str, hidden: tuple[str, ...] = ()) -> Iterator[None]:
    """Expect a failure with a code, whose sentence says some words and shows nothing private."""
    with pytest.raises(Unavailable) as caught:
        yield
    error = caught.value
    assert error.code == code
    assert error.exit_status == 3
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    for words in says:
        assert words in error.sentence
    sentence = error.sentence.replace("sqlite:///FILE", "").replace("postgresql://USER@HOST/NAME", "")
    for secret in (*hidden, PASSWORD, "/", "sqlite3.", "psycopg", "Traceback"):
        assert secret not in sentence


def enrol(base: Database) -> Applied:
    params = AddCustomer(given_name="Joan" * 60, family_name="Anderson", street="x" * 200)
    return runner.run(
        base,
        runner.Request(actor=actor(), operation=REGISTRY["add-customer"], params=params, reason="asked"),
    )


def as_owner(connection: Connection, statement: str) -> None:
    """Run a statement that the program itself never sends."""
    connection.connection.cursor().execute(statement)


def file_of(base: Database) -> Path:
    return Path(str(base.url.database))


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "",
        "mysql://eve:correct-horse@db.example/x",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://eve:correct-horse@[::1/db.example",
        "postgresql://eve:correct-horse@db.example:x/y",
    ],
)
def test_an_address_that_cannot_be_used_says_how_one_looks(address: str) -> None:
    with unavailable("database-url", "sqlite:///FILE", "postgresql://USER@HOST/NAME", hidden=("db.example",)):
        parse_url(address)


def test_a_missing_file_says_how_to_create_it(tmp_path: Path) -> None:
    with unavailable("database-missing", "latchkey db upgrade"):
        schema.open_database(f"sqlite:///{tmp_path}/none.db")
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_cannot_be_created_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with unavailable("database-missing", "cannot be created"):
        connect(f"sqlite:///{tmp_path}/file/x.db", create=True)


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear customer, " * 1000)
    with unavailable("not-a-database", "not a Latchkey database"):
        schema.open_database(f"sqlite:///{path}")


def test_a_damaged_file_says_to_restore_a_backup(sqlite_database: Database) -> None:
    sqlite_database.close()
    path = file_of(sqlite_database)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with unavailable("database-damaged", "backup"):
        ordered_dump(sqlite_database)


def test_A40_a_locked_database_says_to_try_again_and_saves_nothing(sqlite_database: Database) -> None:
    add_operators(sqlite_database)

    @event.listens_for(sqlite_database.writer, "connect")
    def impatient(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 20")

    sqlite_database.writer.dispose()
    before = ordered_dump(sqlite_database)
    other = sqlite3.connect(file_of(sqlite_database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with unavailable("database-locked", "Nothing was saved", "try again"):
        enrol(sqlite_database)
    other.execute("ROLLBACK")
    other.close()
    assert ordered_dump(sqlite_database) == before
    assert enrol(sqlite_database).outcome == "applied"


def test_A40_a_full_disk_saves_nothing(sqlite_database: Database) -> None:
    add_operators(sqlite_database)
    with sqlite_database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    @event.listens_for(sqlite_database.writer, "connect")
    def crowded(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    sqlite_database.writer.dispose()
    with unavailable("database-full", "disk is full", "nothing was saved"):
        for _ in range(200):
            before = ordered_dump(sqlite_database)
            enrol(sqlite_database)
    assert ordered_dump(sqlite_database) == before


def test_A40_a_disk_without_room_for_what_lies_beside_the_database_is_full(sqlite_database: Database) -> None:
    sqlite_database.close()
    allowed, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, most))  # the shared memory begins with 32 KiB
    try:
        with unavailable("database-full", "disk is full"):
            schema.open_database(sqlite_database.url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (allowed, most))


def test_A40_a_read_only_file_says_whom_to_ask(sqlite_database: Database) -> None:
    add_operators(sqlite_database)

    @event.listens_for(sqlite_database.writer, "do_connect")
    def read_only(_dialect: object, _record: object, _given: list[str], options: Any) -> object:
        return sqlite3.connect(f"file:{file_of(sqlite_database)}?mode=ro", uri=True, **options)

    sqlite_database.writer.dispose()
    with unavailable("database-read-only", "only be read", "owns the file"):
        enrol(sqlite_database)


def test_an_unknown_database_says_so(postgres_database: Database) -> None:
    url = postgres_database.url.set(database="latchkey_none")
    with unavailable("database-missing", "no database of that name", hidden=("latchkey_none",)):
        schema.open_database(url)


def test_a_server_that_does_not_answer_says_so() -> None:
    url = make_url(f"postgresql://eve:{PASSWORD}@127.0.0.1:1/latchkey")
    with unavailable("database-unreachable", "cannot be reached", hidden=("127.0.0.1", "eve")):
        schema.open_database(url)


def test_a_server_whose_name_is_unknown_says_so() -> None:
    url = make_url(f"postgresql://eve:{PASSWORD}@nowhere.invalid/latchkey")
    with unavailable("database-unreachable", "cannot be reached", hidden=("nowhere", "eve")):
        schema.open_database(url)


def test_an_unknown_user_is_a_refused_login(postgres_database: Database) -> None:
    url = postgres_database.url.set(username="eve", password=PASSWORD)
    with unavailable("database-login", "refused the login", hidden=("eve",)):
        schema.open_database(url)


def test_A39_a_statement_that_takes_too_long_is_cut_off(postgres_database: Database) -> None:
    with unavailable("timeout", "too long"), postgres_database.reading() as connection:
        as_owner(connection, "SET statement_timeout = 20")
        connection.execute(text("SELECT pg_sleep(5)"))


def test_A39_a_connection_that_the_server_ended_says_unreachable(postgres_database: Database) -> None:
    with unavailable("database-unreachable"), postgres_database.reading() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_user_without_rights_is_told_to_run_doctor(postgres_database: Database) -> None:
    with unavailable("database-permission", "latchkey doctor"), postgres_database.reading() as connection:
        as_owner(connection, "SET ROLE pg_monitor")
        connection.execute(text("SELECT * FROM customer"))


def test_a_mistake_in_the_program_is_not_called_a_database_failure(database: Database) -> None:
    with pytest.raises(Exception, match="nothing_like_it"):  # noqa: SIM117  # the translation is what is tested
        with translated(database.url), database.reader.connect() as connection:
            connection.execute(text("SELECT nothing_like_it FROM customer"))
