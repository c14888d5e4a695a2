"""What no database could be asked for is refused with a sentence, on SQLite and PostgreSQL alike."""

from pathlib import Path

import pytest

from db.engine import Database
from db.params import MAX_NUMBER
from db.rules.roles import Role
from tests.cli.conftest import Latchkey, bind
from tests.factories import add_operators

TOO_LARGE = (MAX_NUMBER + 1, 9_999_999_999, 10**30)
CHANGE = ("do", "change-email", "--customer", "1", "--email", "new@example.org", "--reason", "asked")


@pytest.fixture
def asked(database: Database, home: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database of each kind, configured."""
    monkeypatch.setenv("LATCHKEY_DATABASE_URL", database.url.render_as_string(hide_password=False))
    add_operators(database)
    bind(database, Role.ADMIN)
    return database


@pytest.mark.parametrize("number", TOO_LARGE)
@pytest.mark.parametrize(
    "words",
    [
        (*CHANGE, "--version"),
        (*CHANGE, "--interaction"),
        ("audit", "list", "--before"),
        ("interaction", "close"),
    ],
)
def test_a_number_that_no_database_counts_up_to_is_a_usage_error(
    words: tuple[str, ...], number: int, latchkey: Latchkey
) -> None:
    answer = latchkey(*words, number)
    assert answer.status == 2
    assert "not in the range" in answer.err


def test_the_largest_number_is_only_unknown(latchkey: Latchkey, asked: Database) -> None:
    assert latchkey("show", MAX_NUMBER, "--json").error["code"] == "unknown"
    assert latchkey("audit", "list", "--before", MAX_NUMBER, "--json").status == 0
    assert latchkey("interaction", "close", MAX_NUMBER).status == 1


@pytest.mark.parametrize("number", TOO_LARGE)
@pytest.mark.parametrize("written", ["C-{}", "{}"])
def test_a_customer_number_that_cannot_be_is_invalid(
    written: str, number: int, latchkey: Latchkey, asked: Database
) -> None:
    name = written.format(number)
    for words in (("show", name), ("audit", "list", "--customer", name)):
        error = latchkey(*words, "--json").error
        assert (error["code"], error["field"]) == ("invalid", "customer")
    assert latchkey("find", name, "--json").json["rows"] == []


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "10000-01-01"])
@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_moment_that_has_no_name_in_utc_is_no_date(option: str, moment: str, latchkey: Latchkey) -> None:
    error = latchkey("audit", "list", option, moment, "--json").error
    assert (error["code"], error["field"]) == ("invalid", option[2:])


def test_the_first_and_the_last_moment_can_be_asked_for(latchkey: Latchkey, asked: Database) -> None:
    words = ("audit", "list", "--since", "0001-01-01", "--until", "9999-12-31T23:59:59.999999", "--json")
    assert latchkey(*words).status == 0


@pytest.mark.parametrize("typed", ["\udcff", "a\x00b"])
def test_bytes_that_are_no_text_are_refused_where_a_name_is_looked_for(
    typed: str, latchkey: Latchkey, asked: Database
) -> None:
    for option in ("--operator", "--operation"):
        error = latchkey("audit", "list", option, typed, "--json").error
        assert (error["code"], error["field"]) == ("invalid", option[2:])
    assert latchkey("outbox", "retry", typed, "--reason", "asked").status == 1
    assert latchkey("find", typed).status in (0, 1)
    assert "incident" not in latchkey("find", typed).err
