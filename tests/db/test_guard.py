"""A change that does not pass the one door raises, whatever it is written with (R10)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from db import guard
from db.engine import Database
from db.guard import WRITERS, WriteOutsideRunner, writing
from db.ledger import LedgerSession
from db.models import AuditHead, Customer, CustomerStatus, RateHit
from db.prepared import Prepared
from tests.dump import ordered_dump
from tests.factories import BORN, add_customer

Write = Callable[[Connection], object]
NEW = {
    "given_name": "Eve",
    "family_name": "Lee",
    "status": CustomerStatus.ACTIVE,
    "takeover_flag": False,
    "created_at": BORN,
    "version": 1,
}
CHOSEN = select(Customer.id).where(Customer.id == 1).cte("chosen")


def orm_flush(connection: Connection) -> None:
    with Session(connection) as session:
        session.get_one(Customer, 1).given_name = "Eve"
        session.flush()


def bulk_update(connection: Connection) -> None:
    with Session(connection) as session:
        session.execute(update(Customer).values(given_name="Eve"))


def bulk_insert(connection: Connection) -> None:
    with Session(connection) as session:
        session.execute(insert(Customer), [NEW, NEW])


def bulk_update_in_the_ledger_session(connection: Connection) -> None:
    with LedgerSession(connection) as session:
        session.execute(update(Customer).values(given_name="Eve"))


def legacy_query_delete(connection: Connection) -> None:
    with LedgerSession(connection) as session:
        session.query(Customer).delete()


def bulk_save(connection: Connection) -> None:
    with LedgerSession(connection) as session:
        session.bulk_insert_mappings(Customer.__mapper__, [NEW])


SHAPED: dict[str, Write] = {
    "orm flush in a plain session": orm_flush,
    "bulk update": bulk_update,
    "bulk insert": bulk_insert,
    "bulk update in the ledger's session": bulk_update_in_the_ledger_session,
    "query.delete": legacy_query_delete,
    "bulk mappings": bulk_save,
    "core insert": lambda connection: connection.execute(insert(Customer).values(NEW)),
    "core update": lambda connection: connection.execute(update(Customer).values(given_name="Eve")),
    "core delete": lambda connection: connection.execute(delete(Customer)),
    "prepared update": lambda connection: Prepared(update(Customer).values(given_name="Eve")).run(connection),
    "prepared text": lambda connection: Prepared(text("DELETE FROM customer")).run(connection),
    "prepared insert of several": lambda connection: Prepared(insert(Customer), keys=NEW).run_many(
        connection, [NEW, NEW]
    ),
    "core update with a CTE": lambda connection: connection.execute(
        update(Customer).where(Customer.id.in_(select(CHOSEN.c.id))).values(given_name="Eve")
    ),
    "core insert from select": lambda connection: connection.execute(
        insert(Customer).from_select(
            ["given_name", "family_name", "status", "takeover_flag", "created_at", "version"],
            select(
                Customer.given_name,
                Customer.family_name,
                Customer.status,
                Customer.takeover_flag,
                Customer.created_at,
                Customer.version,
            ),
        )
    ),
}
RAW = [
    "UPDATE customer SET given_name = 'Eve'",
    "DELETE FROM customer",
    "INSERT INTO rate_hit (id, bucket, at) VALUES (1, 'x', '2026-01-01 00:00:00')",
    "  update customer set given_name = 'Eve'",
    "/* a note */ UPDATE customer SET given_name = 'Eve'",
    "-- a note\nUPDATE customer SET given_name = 'Eve'",
    "WITH one AS (SELECT 1 AS id) UPDATE customer SET given_name = 'Eve' WHERE id IN (SELECT id FROM one)",
    "WITH chosen AS (SELECT 1 AS id) DELETE FROM customer WHERE id IN (SELECT id FROM chosen)",
    "EXPLAIN ANALYZE UPDATE customer SET given_name = 'Eve'",
    "SELECT 1; UPDATE customer SET given_name = 'Eve'",
    "DROP TABLE note",
    "ALTER TABLE note ADD COLUMN extra text",
    "CREATE TABLE extra (id int)",
    "CREATE TABLE extra AS SELECT * FROM customer",
    "SELECT * INTO extra FROM customer",
    "PRAGMA user_version = 7",
    "PRAGMA writable_schema = ON",
    "VACUUM",
    "ATTACH DATABASE '' AS other",
]
ONLY_POSTGRESQL = [
    "WITH gone AS (DELETE FROM customer RETURNING id) SELECT id FROM gone",
    "TRUNCATE customer CASCADE",
    "COPY customer FROM STDIN",
    "DO $$ BEGIN UPDATE customer SET given_name = 'Eve'; END $$",
    "MERGE INTO customer USING (SELECT 1 AS id) s ON customer.id = s.id WHEN MATCHED THEN DELETE",
]
WRITES: dict[str, Write] = {
    **SHAPED,
    **{statement: lambda c, s=statement: c.execute(text(s)) for statement in RAW},  # type: ignore[misc]  # s is bound
    "driver statement": lambda c: c.exec_driver_sql("UPDATE customer SET given_name = 'Eve'"),
}


@pytest.fixture
def base(database: Database) -> Database:
    add_customer(database)
    return database


@contextmanager
def refused(base: Database) -> Iterator[None]:
    before = ordered_dump(base)
    with pytest.raises(WriteOutsideRunner):
        yield
    assert ordered_dump(base) == before


@contextmanager
def undeclared(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


@contextmanager
def inside_the_runner(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, writing(connection, "runner"), connection.begin():
        yield connection


def writes_for(base: Database) -> Iterator[Write]:
    yield from WRITES.values()
    if not base.is_sqlite:
        for statement in ONLY_POSTGRESQL:
            yield lambda connection, s=statement: connection.execute(text(s))  # type: ignore[misc]  # s is bound


def test_R10_nothing_is_written_on_the_reading_engine(base: Database) -> None:
    for write in writes_for(base):
        with refused(base), undeclared(base.reader) as connection:
            write(connection)


def test_R10_nothing_is_written_where_no_writer_was_declared(base: Database) -> None:
    for write in writes_for(base):
        with refused(base), undeclared(base.writer) as connection:
            write(connection)


def test_R10_inside_the_runner_an_audited_table_changes_only_through_its_session(base: Database) -> None:
    for write in writes_for(base):
        with refused(base), inside_the_runner(base.writer) as connection:
            write(connection)


def test_R10_after_a_failed_flush_the_gate_is_shut_again(base: Database) -> None:
    with refused(base), inside_the_runner(base.writer) as connection:
        with LedgerSession(connection) as session, connection.begin_nested():
            session.add(Customer(given_name="Eve", family_name="Lee", created_at=BORN))
            with pytest.raises(Exception, match=r"(?i)null"):
                session.flush()  # the status is missing
        connection.execute(update(Customer).values(given_name="Eve"))


def test_R10_the_door_is_shut_again_when_the_writer_leaves(base: Database) -> None:
    with base.writer.connect() as connection:
        with writing(connection, "runner"):
            pass
        with refused(base):
            connection.execute(update(AuditHead).values(seq=1))


def test_the_runner_writes_through_its_session_and_the_derived_and_audit_tables(base: Database) -> None:
    with inside_the_runner(base.writer) as connection, LedgerSession(connection) as session:
        session.get_one(Customer, 1).given_name = "Eve"
        session.flush()
        connection.execute(insert(RateHit).values(bucket="x", at=BORN))
        assert [(c.field, c.before, c.after) for c in session.ledger.changes()] == [
            ("customer.given_name", "Joan", "Eve")
        ]


def test_what_only_reads_is_let_through(base: Database) -> None:
    with undeclared(base.writer) as connection:
        connection.execute(text("SELECT 'update', 1 -- delete"))
        connection.execute(text("WITH one AS (SELECT 1 AS id) SELECT id FROM one"))
        connection.execute(select(Customer).with_for_update())


def test_R10_the_list_of_writers(base: Database) -> None:
    assert sorted(WRITERS) == ["bulk", "migration", "reindex", "runner", "scan", "witness"]
    with (
        base.writer.connect() as connection,
        pytest.raises(WriteOutsideRunner, match="'tui'"),
        guard.writing(connection, "tui"),
    ):
        raise AssertionError("never entered")


def test_R2_a_witness_writes_the_audit_log_and_nothing_else(base: Database) -> None:
    with (
        base.recorder.connect() as connection,
        writing(connection, "witness"),
        pytest.raises(WriteOutsideRunner, match="rate_hit"),
    ):
        connection.execute(insert(RateHit).values(bucket="x", at=BORN))
