"""A session that was started to look: nothing changes, and what it saw is recorded all the same."""

from collections.abc import Iterator

import pytest

from db import runner
from db.engine import Database, connect
from db.errors import ReadOnly, Refused
from db.operations import REGISTRY
from db.operations.add_note import AddNote
from db.queries.audit import page
from db.rules.roles import Right
from tests.db.test_engine import assert_only_reads
from tests.factories import actor, add_customer, add_operators


@pytest.fixture
def looking(database: Database) -> Iterator[Database]:
    """The same database, opened to look."""
    add_operators(database)
    add_customer(database)
    base = connect(database.url, read_only=True)
    yield base
    base.close()


def note() -> runner.Request:
    params = AddNote(customer=1, text="called")
    return runner.Request(
        actor=actor("lead"), operation=REGISTRY["add-note"], params=params, reason="caller asked"
    )


@pytest.mark.parametrize("way", [runner.run, runner.preview])
def test_neither_a_change_nor_its_preview_is_tried(looking: Database, way) -> None:
    with pytest.raises(ReadOnly, match="--read-only"):
        way(looking, note())


def test_R2_what_was_seen_is_recorded_by_an_engine_that_nothing_else_uses(looking: Database) -> None:
    runner.observe(looking, actor("support"), "open-customer", customer_id=1)
    assert_only_reads(looking.writer)
    with looking.reading() as connection:
        assert page(connection).rows[0].operation == "open-customer"


def test_R2_a_refused_look_is_recorded(looking: Database) -> None:
    with pytest.raises(Refused):
        runner.observe(looking, actor("support"), "export-audit", right=Right.EXPORT)
    with looking.reading() as connection:
        newest = page(connection).rows[0]
    assert (newest.operation, newest.outcome, newest.operator_id) == ("export-audit", "refused", "kim")
