"""What a change costs: statements, since each is a way to the server and back."""

from typing import Any

import pytest

from db import runner
from db.engine import Database
from db.operations import REGISTRY
from db.operations.change_email import ChangeEmail
from db.operations.change_name import ChangeName
from tests.contract.harness import Statements, listening
from tests.factories import actor, add_customer, add_operators


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def statements_of(base: Database, name: str, params: Any) -> list[str]:
    """Run an operation and return what left for the database, less what only one database says."""
    request = runner.Request(
        actor=actor("admin"), operation=REGISTRY[name], params=params, reason="as the caller asked"
    )
    with listening(base, Statements()) as statements:
        runner.run(base, request)
    return [text for text in statements.seen if not text.startswith(("BEGIN", "SELECT pg_advisory"))]


def test_R49_what_is_read_afresh_in_each_change_comes_in_one_statement(base: Database) -> None:
    joan = add_customer(base)
    seen = statements_of(base, "change-name", ChangeName(customer=joan, given_name="Ann", family_name="Lee"))
    told = [text for text in seen if "setting" in text or "operator o" in text or "request_id" in text]
    assert len([text for text in told if text.startswith("SELECT")]) == 1


def test_a_change_of_a_customer_updates_their_row_once(base: Database) -> None:
    joan = add_customer(base)
    seen = statements_of(base, "change-name", ChangeName(customer=joan, given_name="Ann", family_name="Lee"))
    assert len([text for text in seen if text.startswith("UPDATE customer")]) == 1


def test_the_index_needs_no_email_that_the_change_has_read(base: Database) -> None:
    joan = add_customer(base, emails=["joan.anderson@example.org", "joan@example.com"])
    seen = statements_of(base, "change-email", ChangeEmail(customer=joan, email="joan.lee@example.org"))
    assert len([text for text in seen if "FROM email_profile" in text]) == 1


def test_a_replaced_email_takes_so_many_statements_and_no_more(base: Database) -> None:
    joan = add_customer(base, emails=["joan.anderson@example.org"])
    seen = statements_of(base, "change-email", ChangeEmail(customer=joan, email="joan.lee@example.com"))
    reads = [text for text in seen if text.startswith("SELECT")]
    messages = [text for text in seen if text.startswith("INSERT INTO message")]
    assert (len(reads), len(messages)) == (9, 3 if base.is_sqlite else 1)
    assert len(seen) - len(messages) == 18


def test_where_nothing_is_open_one_statement_says_so(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    seen = statements_of(base, "change-email", ChangeEmail(customer=joan, email="joan.lee@example.org"))
    assert len([text for text in seen if "FROM link" in text or "FROM one_time_code" in text]) == 1
