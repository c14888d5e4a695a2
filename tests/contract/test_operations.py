"""What every operation keeps, whatever it does: roles, preview, atomicity, one event, repeats, versions.

Each promise has a test of its own on SQLite; on PostgreSQL one test for each operation goes through
the promises that the database has a part in.
"""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from db import runner
from db.applied import Applied
from db.audit.verify import verify
from db.engine import Database
from db.errors import Invalid, Refused, Stale
from db.models import Base, Customer, Operator, Setting
from db.operations import REGISTRY
from db.rules.roles import SERVICE, Role
from db.transaction import Transaction
from tests.contract.examples import EXAMPLES, NAMES
from tests.contract.harness import (
    Injected,
    Planted,
    Statements,
    actor_of,
    data_of,
    failing_commit,
    listening,
    plant,
)
from tests.factories import building

ROLES = (*(role.value for role in Role), SERVICE)


def test_every_operation_has_an_example() -> None:
    assert set(EXAMPLES) == set(REGISTRY)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def planted(sqlite_database: Database, name: str) -> Planted:
    return plant(sqlite_database, name)


def test_each_role_is_allowed_or_refused_as_the_role_table_says(planted: Planted) -> None:
    for role in ROLES:
        if planted.may(role):
            assert planted.preview(actor=actor_of(role)).outcome == "dry-run"
            continue
        before = planted.dump()
        with pytest.raises(Refused) as caught:
            planted.run(actor=actor_of(role))
        assert caught.value.code == "permission"
        known = role == SERVICE or planted.example.has_operators
        assert_one_refusal(planted, before, role if known else "none")


def test_R49_a_disabled_operator_is_refused_and_the_refusal_is_an_event(planted: Planted) -> None:
    if planted.actor.is_service:
        return
    with building(planted.base) as session:
        operator = session.get_one(Operator, planted.actor.operator_id)
        operator.is_active = False
    before = planted.dump()
    with pytest.raises(Refused, match="not an active operator"):
        planted.run()
    assert_one_refusal(planted, before, "none")


def assert_one_refusal(planted: Planted, before: dict[str, Any], role: str) -> None:
    after = planted.dump()
    assert data_of(after) == data_of(before)
    new = after["audit_event"][len(before["audit_event"]) :]
    assert len(new) == 1
    told = dict(zip(("seq", "at", "operator", "role", "operation", "outcome"), new[0], strict=False))
    assert (told["role"], told["operation"], told["outcome"]) == (role, planted.operation.name, "refused")


def test_a_preview_says_what_would_happen_and_leaves_the_database_identical(planted: Planted) -> None:
    before = planted.dump()
    seen = planted.preview()
    assert seen.outcome == "dry-run"
    assert seen.event is None
    assert planted.dump() == before
    done = planted.run()
    assert [_shape(change) for change in seen.changes] == [_shape(change) for change in done.changes]


def _shape(change: Any) -> tuple[str, bool, bool]:
    return change.field, change.before is None, change.after is None


def test_A2_a_failure_at_any_statement_leaves_the_database_identical(planted: Planted) -> None:
    on_sqlite = planted.base.is_sqlite
    before = planted.dump()
    with listening(planted.base, Statements(writes_only=not on_sqlite)) as all_of_them:
        planted.preview()
    writes = " ".join(all_of_them.seen)
    assert "INSERT INTO audit_event" in writes
    assert "UPDATE audit_head" in writes
    for place in range(len(all_of_them.seen)):
        statements = Statements(fail_at=place, writes_only=not on_sqlite)
        with listening(planted.base, statements), pytest.raises(Injected):
            planted.run()
    assert planted.dump() == before
    with failing_commit(planted.base), pytest.raises(Injected):
        planted.run()
    assert planted.dump() == before
    assert planted.preview().outcome == "dry-run"  # and the connection is as good as new


def test_R1_exactly_one_event_tells_before_and_after(planted: Planted) -> None:
    before = planted.dump()
    applied = planted.run()
    after = planted.dump()
    assert applied.outcome == "applied"
    assert len(after["audit_event"]) == len(before["audit_event"]) + 1
    assert after["audit_event"][-1][0] == applied.event
    assert data_of(after) != data_of(before)
    details = {row[2]: (row[3], row[5]) for row in after["audit_detail"] if row[0] == applied.event}
    assert str(details["reason"][1]).startswith("as the caller asked")
    told = {change.key: (change.before, change.after) for change in applied.changes}
    assert told
    assert told == {key: values for key, values in details.items() if "#" in key}
    with planted.base.reading() as connection:
        assert verify(connection).problem is None


def test_the_same_request_twice_changes_nothing_and_answers_the_same(planted: Planted) -> None:
    request = planted.request()
    first = runner.run(planted.base, request)
    before = planted.dump()
    second = runner.run(planted.base, request)
    assert planted.dump() == before
    assert second.repeated
    assert _answer(second) == _answer(first)


def _answer(applied: Applied) -> tuple[Any, ...]:
    return (
        applied.operation,
        applied.outcome,
        applied.event,
        applied.customer_id,
        applied.changes,
        applied.version,
    )


def test_R55_a_stale_version_is_refused_and_shows_what_changed(planted: Planted) -> None:
    touched = touch(planted)
    if touched is None:
        assert planted.preview(version=1).outcome == "dry-run"  # something new has no version to compare
        return
    version = touched.version
    assert version is not None
    before = planted.dump()
    with pytest.raises(Stale) as caught:
        planted.run(version=version - 1)
    assert caught.value.version == version
    assert {change.key for change in caught.value.changes} == {change.key for change in touched.changes}
    assert planted.dump() == before


def touch(planted: Planted) -> Applied | None:
    """Change the subject as another operator would have meanwhile; None where there is none."""
    subjects: list[object] = []

    def apply(transaction: Transaction, params: Any) -> None:
        subject = planted.operation.subject(transaction, params)
        subjects.append(subject)
        match subject:
            case Customer():
                subject.given_name += " Ann"
            case Operator():
                subject.display_name += " Ann"
            case Setting():
                subject.value += " "

    operation = replace(planted.operation, name="touch", apply=apply)
    try:
        return planted.run(operation=operation)
    except Invalid:
        assert subjects == [None]
        return None


@pytest.mark.parametrize("name", NAMES)
def test_the_contract_holds_on_postgresql(postgres_database: Database, name: str) -> None:
    planted = plant(postgres_database, name)
    test_each_role_is_allowed_or_refused_as_the_role_table_says(planted)
    test_A2_a_failure_at_any_statement_leaves_the_database_identical(planted)
    test_R55_a_stale_version_is_refused_and_shows_what_changed(planted)
    assert planted.preview().changes
    test_the_same_request_twice_changes_nothing_and_answers_the_same(planted)
    with planted.base.reading() as connection:
        assert verify(connection).problem is None


def test_R12_no_secret_reaches_the_log_or_the_answer(planted: Planted) -> None:
    secrets = secrets_in(planted)
    applied = planted.run()
    secrets |= secrets_in(planted)
    dump = planted.dump()
    told = repr([applied, *(dump[table] for table in ("audit_event", "audit_detail"))])
    assert not [secret for secret in secrets if secret in told]


def secrets_in(planted: Planted) -> set[str]:
    """Return every value of every column that is marked secret."""
    columns = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("secret")
    ]
    with planted.base.reading() as connection:
        found = {value for column in columns for value in connection.execute(select(column)).scalars()}
    return found - {None}
