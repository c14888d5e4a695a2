"""Each way in which a database cannot be used has its own code and sentence, and exit status 3."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from db.engine import Database, connect
from tests.cli.conftest import Answer, Latchkey
from tests.dump import ordered_dump

FILE_FORMAT_WRITE_VERSION = 18
"""Offset in the header; a version that SQLite does not know makes the file read-only to it."""


def use(monkeypatch: pytest.MonkeyPatch, address: str | Path) -> None:
    url = f"sqlite:///{address}" if isinstance(address, Path) else address
    monkeypatch.setenv("LATCHKEY_DATABASE_URL", url)


def refused(latchkey: Latchkey, code: str, *words: str) -> None:
    """Assert the code as JSON, one sentence for people, exit status 3, and no traceback."""
    command = words or ("find", "anderson")
    as_json = latchkey(*command, "--json")
    assert (as_json.status, as_json.error["code"]) == (3, code)
    assert as_json.err == ""
    for_people = latchkey(*command)
    assert for_people.status == 3
    assert for_people.out == ""
    assert len(for_people.err.strip().splitlines()) == 1
    assert "Traceback" not in for_people.err
    assert "incident" not in for_people.err


def set_revision(base: Database, revision: str) -> None:
    path = str(base.url.database)
    base.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


def test_missing(latchkey: Latchkey, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, home / "nowhere.db")
    refused(latchkey, "database-missing")


def test_not_migrated(latchkey: Latchkey, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(f"sqlite:///{home / 'new' / 'new.db'}", create=True).close()
    use(monkeypatch, home / "new" / "new.db")
    refused(latchkey, "not-migrated")


def test_newer_than_the_program(latchkey: Latchkey, base: Database) -> None:
    set_revision(base, "9999")
    refused(latchkey, "newer-database")
    refused(latchkey, "newer-database", "db", "upgrade")


def test_older_than_the_program(latchkey: Latchkey, base: Database) -> None:
    set_revision(base, "0001")
    refused(latchkey, "older-database")


def test_not_a_database(latchkey: Latchkey, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "letter.db"
    file.write_text("Dear customer, " * 200)
    use(monkeypatch, file)
    refused(latchkey, "not-a-database")


def test_an_address_that_cannot_be_read(latchkey: Latchkey, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "mysql://root:canary@localhost/x")
    refused(latchkey, "database-url")
    assert "canary" not in latchkey("find", "x").err


@pytest.mark.parametrize(
    "address",
    ["postgresql://u:canary@[::1/x", "postgresql://u:p@host:canary/x", "postgresql://u:canary@host:99x/x"],
)
def test_R12_an_address_with_a_slip_in_it_shows_no_password(
    address: str, latchkey: Latchkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, address)
    refused(latchkey, "database-url")
    for command in (("find", "x"), ("paths",), ("doctor",)):
        answer = latchkey(*command)
        assert "canary" not in answer.out + answer.err


def test_a_server_that_does_not_answer(latchkey: Latchkey, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "postgresql://app:canary@127.0.0.1:1/latchkey")
    refused(latchkey, "database-unreachable")
    assert "canary" not in latchkey("find", "x").err


def test_locked(latchkey: Latchkey, base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.engine.BUSY_TIMEOUT_MS", 20)
    holder = sqlite3.connect(str(base.url.database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    refused(latchkey, "database-locked")
    holder.close()


def test_full(latchkey: Latchkey, base: Database) -> None:
    def no_more_pages(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes this as: not one more than now

    event.listen(Engine, "connect", no_more_pages)
    try:
        answers: list[Answer] = []
        while not answers or answers[-1].status == 0:
            name = f"Joan{len(answers)} " * 30
            words = (
                "do",
                "add-customer",
                "--given-name",
                name,
                "--family-name",
                name,
                "--reason",
                "enrolled",
            )
            answers.append(latchkey(*words, "--json"))
            before = ordered_dump(base)
            assert len(answers) < 200
        assert (answers[-1].status, answers[-1].error["code"]) == (3, "database-full")
        assert latchkey(*words).status == 3
        assert ordered_dump(base) == before
    finally:
        event.remove(Engine, "connect", no_more_pages)


def test_read_only(latchkey: Latchkey, base: Database) -> None:
    """File modes stop nobody who is root; a file format that SQLite may only read stops everybody."""
    base.close()
    with Path(str(base.url.database)).open("r+b") as file:
        file.seek(FILE_FORMAT_WRITE_VERSION)
        file.write(b"\x03")
    refused(latchkey, "database-read-only")
