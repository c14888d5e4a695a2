"""Databases for the tests: a migrated SQLite file and a migrated PostgreSQL database, fresh for each test."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db import schema
from db.engine import Database, connect
from tests.postgres import drop_database, fresh_database, running_server

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = connect(f"sqlite:///{path}", create=True)
    schema.upgrade(database)
    database.close()  # the last to leave moves everything from the WAL into the file
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server."""
    with running_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database to clone."""
    url = fresh_database(postgres_server)
    database = connect(url)
    schema.upgrade(database)
    database.close()
    yield url
    drop_database(url)


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database."""
    path = tmp_path / "latchkey.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o600)
    database = connect(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh PostgreSQL database."""
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    url = fresh_database(server, template=template.rsplit("/", 1)[1].split("?")[0])
    database = connect(url)
    yield database
    database.close()
    drop_database(url)


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on SQLite and on PostgreSQL."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    found: Database = request.getfixturevalue(name)
    return found


class Clock:
    """A clock that tests move by hand; hand it to `dataclasses.replace(database, clock=clock)`."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self, _connection: object) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 2026-03-02 14:00 UTC until it is moved."""
    return Clock()
