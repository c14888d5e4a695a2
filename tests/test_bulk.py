"""Adding many rows at once: one counted and hashed event, and ids that go on after them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bench.population import blocks
from bench.rows import rows_of as large_rows_of
from db import guard, runner
from db.bulk import Row, load, load_all
from db.engine import Database
from db.models import (
    AuditDetail,
    AuditEvent,
    AuthenticationProfile,
    Base,
    Customer,
    EmailProfile,
    Pass,
    PhoneProfile,
    SearchTerm,
    SearchWord,
)
from db.operations import REGISTRY
from db.operations.add_customer import AddCustomer
from db.queries.viewer import Viewer
from db.rules.email import parse_email
from db.rules.identifiers import parse_pass_id, parse_username
from db.rules.phone import parse_phone
from db.search import find
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


def test_R1_a_stream_of_batches_is_one_event_for_each(database: Database) -> None:
    batches = (large_rows_of(block._replace(people=block.people[:30])) for block in blocks(40_030))
    assert load_all(database, batches, worker="import", reason="from the old system") == 90
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(AuditEvent)).scalar_one() == 3
        assert connection.execute(select(func.count()).select_from(Customer)).scalar_one() == 90


def test_the_vocabulary_learns_each_word_once(database: Database) -> None:
    first = {"id": 1, "given_name": "Joan", "family_name": "Anderson"}
    second = {"id": 2, "given_name": "Joan", "family_name": "Reno"}
    for row in (first, second):
        customer = {**row, "status": "active", "created_at": NOW}
        load(database, {Customer: [customer]}, worker="import", reason="from the old system")
    with database.reading() as connection:
        words = connection.execute(select(SearchWord.word).order_by(SearchWord.word)).scalars().all()
        assert words == ["anderson", "joan", "reno"]
        found = find(connection, "joan andreson", viewer=Viewer("rosa"))
    assert [hit.customer_id for hit in found.hits] == [1]


def test_R10_nobody_but_the_bulk_path_gets_a_cursor_past_the_checks(sqlite_database: Database) -> None:
    with (
        sqlite_database.writer.connect() as connection,
        guard.writing(connection, "runner"),
        pytest.raises(guard.WriteOutsideRunner),
        guard.driver_cursor(connection),
    ):
        pass


def test_a_failing_batch_leaves_nothing(database: Database, rows: Rows) -> None:
    broken: dict[type[Base], list[Row]] = {**rows, Pass: [*rows[Pass], {**rows[Pass][0], "id": 99_999}]}
    with pytest.raises(Exception, match=r"(?i)unique"):
        load(database, broken, worker="import", reason="from the old system")
    with database.reading() as connection:
        for model in (Customer, SearchTerm, SearchWord, AuditEvent):
            assert connection.execute(select(func.count()).select_from(model)).scalar_one() == 0


def test_the_measured_population_is_the_same_each_time() -> None:
    first, again = next(blocks(500)), next(blocks(500))
    assert first == again
    assert len(first.people) == 500
    assert len(first.truth) == 40


def test_the_measured_population_has_the_canonical_forms_of_the_rules() -> None:
    rows = large_rows_of(next(blocks(300)))
    for row in rows[EmailProfile]:
        assert parse_email(row["address"]).canonical == row["canonical"]
    for row in rows[PhoneProfile]:
        parsed = parse_phone(row["number"])
        assert (parsed.canonical, parsed.reversed_digits) == (row["canonical"], row["reversed"])
    for row in rows[AuthenticationProfile]:
        assert parse_username(row["username"]) == row["canonical"]
    for row in rows[Pass]:
        assert parse_pass_id(row["pass_id"]) == row["canonical"]
