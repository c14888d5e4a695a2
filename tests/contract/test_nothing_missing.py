"""What an operation writes is what its event tells: the tables before and after, compared with it (R1)."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import Column, Table

from db.engine import Database
from db.ledger import HIDDEN, as_text
from db.models import Base, Setting
from db.rules.policy import Policy
from db.settings import KEYS
from tests.contract.examples import NAMES
from tests.contract.harness import Dump, Planted, plant

Values = dict[str, Any]
Told = dict[str, tuple[str | None, str | None]]
IN_WORDS = frozenset({"phase_grant.representative_id", "duplicate_pair.judged_by"})
"""What an event names beside what it has to: of rows that only say who belongs to what, and who judged."""
VERSIONED = ("customer", "operator", "setting")


@pytest.fixture(params=NAMES)
def planted(request: pytest.FixtureRequest, sqlite_database: Database) -> Planted:
    return plant(sqlite_database, str(request.param))


def by_key(dump: Dump, table: Table) -> dict[str, Values]:
    names = [column.key for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in dump[table.name]]
    return {"/".join(str(row[key.key]) for key in table.primary_key): row for row in rows}


def with_shipped(rows: dict[str, Values]) -> dict[str, Values]:
    """A setting that was never edited has no row, and its shipped value all the same."""
    shipped = {key: msgspec.json.encode(getattr(Policy(), key)).decode() for key in KEYS}
    return {key: {"key": key, "value": value, "version": 0} for key, value in shipped.items()} | rows


def told_of(
    column: Column[Any], before: Values | None, after: Values | None
) -> tuple[str | None, str | None] | None:
    """What an event has to tell of one field; None where it needs none.

    Of a row that comes or goes its key is in the name of the field, and who it belongs to is the event's own.
    """
    is_whole = before is None or after is None
    if column.info.get("derived") or (is_whole and (column.primary_key or column.foreign_keys)):
        return None
    old, new = (None if row is None else row[column.key] for row in (before, after))
    if old == new:
        return None
    if not column.info.get("secret"):
        return as_text(old), as_text(new)
    return (HIDDEN if after is None or not is_whole else None), (HIDDEN if after is not None else None)


def difference(before: Dump, after: Dump) -> Told:
    """Every field that an event between the two has to tell."""
    found: Told = {}
    for table in Base.metadata.sorted_tables:
        if table.info.get("derived") or table.info.get("audit"):
            continue
        old, new = by_key(before, table), by_key(after, table)
        if table.name == Setting.__tablename__:
            old, new = with_shipped(old), with_shipped(new)
        for key in old.keys() | new.keys():
            for column in table.columns:
                told = told_of(column, old.get(key), new.get(key))
                if told is not None:
                    found[f"{table.name}.{column.key}#{key}"] = told
    return found


def test_R1_the_event_tells_every_field_that_was_written_and_no_other(planted: Planted) -> None:
    before = planted.dump()
    applied = planted.run()
    plain = (change for change in applied.changes if change.field not in IN_WORDS)
    told = {change.key: (change.before, change.after) for change in plain}
    assert told == difference(before, planted.dump())


def test_R55_a_change_is_one_step_of_the_version(planted: Planted) -> None:
    before = planted.dump()
    planted.run()
    after = planted.dump()
    for name in VERSIONED:
        old, new = (by_key(dump, Base.metadata.tables[name]) for dump in (before, after))
        steps = {new[key]["version"] - old[key]["version"] for key in old.keys() & new.keys()}
        assert steps <= {0, 1}
