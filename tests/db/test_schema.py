"""The migrations: up and down on data, exactly the models, and databases of another version (R56)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, inspect, text

from db import guard, runner, schema
from db.audit.verify import verify
from db.engine import Database, connect
from db.errors import Unavailable
from db.models import Base
from db.operations import REGISTRY
from db.operations.add_customer import AddCustomer
from tests.dump import ordered_dump
from tests.factories import actor, add_customer, add_operators
from tests.postgres import drop_database, fresh_database

MIGRATIONS = Path(schema.__file__).parent.parent / "migrations"


@pytest.fixture
def from_models(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Database]:
    """A database of the same kind whose tables the models made."""
    if database.is_sqlite:
        made = connect(f"sqlite:///{tmp_path}/models.db", create=True)
    else:
        made = connect(fresh_database(request.getfixturevalue("postgres_server")))
    with made.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        Base.metadata.create_all(connection)
    yield made
    made.close()
    if not made.is_sqlite:
        drop_database(made.url.render_as_string(hide_password=False))


def everything(inspector: Inspector, table: str) -> dict[str, Any]:
    """Return all that a database knows of a table."""
    return {
        "columns": {
            column["name"]: (
                repr(column["type"]),
                column["nullable"],
                # a counter is the database's own business where the key is handed out
                None if str(column.get("default")).startswith("nextval") else column.get("default"),
            )
            for column in inspector.get_columns(table)
        },
        "primary key": inspector.get_pk_constraint(table),
        "foreign keys": sorted(inspector.get_foreign_keys(table), key=repr),
        "unique": sorted(inspector.get_unique_constraints(table), key=repr),
        "indexes": sorted((shaped(index) for index in inspector.get_indexes(table)), key=repr),
        "checks": sorted(
            (found["name"], re.sub(r"\s+", " ", found["sqltext"]))
            for found in inspector.get_check_constraints(table)
        ),
    }


def shaped(index: Any) -> tuple[Any, ...]:
    """Return an index with what decides which rows are in it."""
    where = {key: str(value) for key, value in index.get("dialect_options", {}).items() if "where" in key}
    return index["name"], index["column_names"], bool(index["unique"]), sorted(where.items())


def test_the_migrated_schema_is_exactly_that_of_the_models(database: Database, from_models: Database) -> None:
    with database.reading() as migrated, from_models.reading() as modelled:
        first, second = inspect(migrated), inspect(modelled)
        assert set(first.get_table_names()) - {"alembic_version"} == set(second.get_table_names())
        for table in second.get_table_names():
            assert everything(first, table) == everything(second, table)


def test_alembic_finds_no_difference_between_the_models_and_the_migrated_schema(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_known_revisions_are_those_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    assert schema.known_revisions() == tuple(reversed([script.revision for script in found]))


def test_R56_down_and_up_again_on_data(database: Database) -> None:
    fill(database)
    with database.reading() as connection:
        assert verify(connection).events == 1
    customers = rows(database, "customer")
    schema.downgrade(database, "0001")
    assert rows(database, "customer") == customers
    with database.reading() as connection:
        assert "audit_event" not in inspect(connection).get_table_names()
    schema.upgrade(database)
    schema.check(database)
    assert rows(database, "customer") == customers
    with database.reading() as connection:
        assert verify(connection).problem is None
    add_operators(database)
    enrol(database)


def test_R56_down_to_nothing_and_up_again(database: Database) -> None:
    fill(database)
    schema.downgrade(database, "base")
    with database.reading() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        assert leftovers(connection) == []
    schema.upgrade(database)
    schema.check(database)
    assert len(ordered_dump(database)["audit_head"]) == 1


def leftovers(connection: Connection) -> list[str]:
    """Return the functions and triggers that outlived their tables."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    else:
        query = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    return list(connection.execute(text(query)).scalars())


def fill(database: Database) -> None:
    add_operators(database)
    add_customer(database, emails=["joan@example.org"], sign_ins=["joan"], passes=["P-1001"])
    enrol(database)


def enrol(database: Database) -> None:
    request = runner.Request(
        actor=actor(),
        operation=REGISTRY["add-customer"],
        params=AddCustomer(given_name="Daniel", family_name="Okafor"),
        reason="asked",
    )
    assert runner.run(database, request).event == 1


def rows(database: Database, table: str) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY id"))]


@pytest.mark.parametrize(
    ("revision", "code", "remedy"),
    [("0002", "older-database", "latchkey db upgrade"), ("9999", "newer-database", "Update this program")],
)
def test_a_database_of_another_version_is_refused_with_what_to_do(
    database: Database, revision: str, code: str, remedy: str
) -> None:
    with database.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    with pytest.raises(Unavailable) as caught:
        schema.open_database(database.url)
    assert (caught.value.code, caught.value.exit_status) == (code, 3)
    assert remedy in caught.value.sentence


def test_a_database_that_was_never_migrated_is_refused_with_what_to_do(database: Database) -> None:
    schema.downgrade(database, "base")
    with database.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(Unavailable) as caught:
        schema.open_database(database.url)
    assert caught.value.code == "not-migrated"
    assert "latchkey db upgrade" in caught.value.sentence
    with pytest.raises(Unavailable) as caught:
        ordered_dump(database)
    assert caught.value.code == "not-migrated"


def test_a_database_of_this_version_opens(database: Database) -> None:
    schema.open_database(database.url).close()
