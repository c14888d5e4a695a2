"""The PostgreSQL of the tests is a real one, empty, ordered by code point, and gone afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.postgres import ENVIRONMENT_VARIABLE, drop_database, fresh_database, running_server


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture
def database(server: str) -> Iterator[str]:
    url = fresh_database(server)
    yield url
    drop_database(url)


def ask(url: str, question: str) -> str:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return str(connection.scalar(text(question)))


def test_a_real_server_answers_and_reports_its_version(database: str) -> None:
    assert ask(database, "SELECT version()").startswith("PostgreSQL ")
    assert int(ask(database, "SHOW server_version_num")) >= 140000


def test_a_fresh_database_is_empty_utf8_and_ordered_by_code_point(database: str) -> None:
    assert ask(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0"
    assert ask(database, "SHOW server_encoding") == "UTF8"
    assert (
        ask(database, "SELECT string_agg(c, '' ORDER BY c) FROM unnest(ARRAY['b','a','B','é']) c") == "Babé"
    )


def test_a_database_can_be_copied_with_its_tables(server: str, database: str) -> None:
    with create_engine(database, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE TABLE customer (id int); INSERT INTO customer VALUES (7)"))
    copy = fresh_database(server, template=str(make_url(database).database))
    assert ask(copy, "SELECT id FROM customer") == "7"
    drop_database(copy)


def test_a_dropped_database_is_gone_even_while_somebody_is_connected(server: str) -> None:
    url = fresh_database(server)
    with create_engine(url).connect() as still_connected:
        still_connected.execute(text("SELECT 1"))
        drop_database(url)
        still_connected.invalidate()
    with pytest.raises(OperationalError, match="does not exist"):
        ask(url, "SELECT 1")


def test_a_server_started_here_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    with running_server() as url:
        folder = Path(str(make_url(url).query["host"]))
        assert ask(url, "SELECT 1") == "1"
    assert not folder.exists()


def test_a_server_that_is_named_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "postgresql://tester:secret@db.example/postgres")
    with running_server() as url:
        assert url == "postgresql+psycopg://tester:secret@db.example/postgres"
