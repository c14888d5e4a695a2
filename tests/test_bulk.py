"""Adding many rows at once: one counted and hashed event, and ids that go on after them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from db import runner
from db.bulk import load
from db.engine import Database
from db.models import AuditDetail, AuditEvent, SearchTerm
from db.operations import REGISTRY
from db.operations.add_customer import AddCustomer
from seeds.population import population
from seeds.rows import Rows, rows_of
from tests.factories import actor

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def rows() -> Rows:
    return rows_of(population(count=80), now=NOW, password_hash="$argon2id$nobody")


@pytest.fixture
def loaded(database: Database, rows: Rows) -> Database:
    load(database, rows, worker="sandbox", reason="practice")
    return database


def test_R1_a_batch_is_one_event_that_counts_each_table(loaded: Database) -> None:
    with loaded.reading() as connection:
        events = connection.execute(select(AuditEvent.operation, AuditEvent.operator_id)).all()
        details = dict(connection.execute(select(AuditDetail.field, AuditDetail.after)).all())
    assert [tuple(event) for event in events] == [("load-rows", "sandbox")]
    assert str(details["customer.rows"]).startswith("80 rows, sha256 ")


def test_loaded_customers_are_in_the_search_index(loaded: Database) -> None:
    with loaded.reading() as connection:
        found = connection.execute(
            select(SearchTerm.customer_id).where(SearchTerm.term == "anderson")
        ).scalars()
        assert {1042, 1043} <= set(found)


def test_new_customers_get_numbers_after_the_loaded_ones(loaded: Database, rows: Rows) -> None:
    params = AddCustomer(given_name="Nina", family_name="Novak")
    request = runner.Request(
        actor=actor("lead"), operation=REGISTRY["add-customer"], params=params, reason="enrols"
    )
    assert runner.run(loaded, request).customer_id == 1081


def test_the_same_rows_have_the_same_hash_on_both_databases(
    sqlite_database: Database, postgres_database: Database, rows: Rows
) -> None:
    answers = []
    for database in (sqlite_database, postgres_database):
        load(database, rows, worker="sandbox", reason="practice")
        with database.reading() as connection:
            answers.append(connection.execute(select(AuditDetail.after).order_by(AuditDetail.position)).all())
    assert answers[0] == answers[1]
