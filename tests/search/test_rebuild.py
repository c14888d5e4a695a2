"""The index is rebuilt while everybody works on, and compared with the data."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle
from random import Random
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event, select, text

from db import guard, runner, schema
from db.bulk import load
from db.engine import Database
from db.errors import LatchkeyError, Unavailable
from db.models import AuditDetail, AuditEvent
from db.operations import REGISTRY
from db.operations.change_name import ChangeName
from db.queries.viewer import Viewer
from db.search import find, rebuild
from db.search.check import first_difference
from seeds.population import population
from seeds.rows import rows_of
from tests.dump import ordered_dump
from tests.factories import BORN, actor, add_customer
from tests.operations.acting import do

INDEX = ("search_term", "search_word", "search_key")


@pytest.fixture
def loaded(database: Database) -> Database:
    load(
        database,
        rows_of(population(count=120), now=BORN, password_hash="$argon2id$x"),
        worker="t",
        reason="t",
    )
    return database


def damage(database: Database, *statements: str) -> None:
    with database.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def index(database: Database) -> list[object]:
    dump = ordered_dump(database)
    return [dump[table] for table in INDEX]


def difference(database: Database, *, sample: int | None = None) -> str | None:
    with database.reading() as connection:
        return first_difference(connection, sample=sample)


def test_an_index_that_is_kept_with_the_data_shows_no_difference(loaded: Database) -> None:
    add_customer(loaded, emails=["joan@example.org"], address=("1 Main St", "Reno", "NV", "89501"))
    assert difference(loaded) is None
    assert difference(loaded, sample=500) is None


@pytest.mark.parametrize("sample", [None, 500])
def test_a_change_that_is_saved_while_the_two_are_compared_is_no_difference(
    loaded: Database, sample: int | None
) -> None:
    names = cycle(["Zora", "Quentin"])

    def rename(*_statement: Any) -> None:
        do(loaded, "change-name", actor(), customer=1042, given_name=next(names), family_name="Okonkwo")

    event.listen(loaded.reader, "before_cursor_execute", rename)
    found = difference(loaded, sample=sample)
    event.remove(loaded.reader, "before_cursor_execute", rename)
    assert found is None


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "DELETE FROM search_term WHERE kind = 1 AND customer_id = 1042",
            "C-1042 cannot be found by a word of the name.",
        ),
        (
            "INSERT INTO search_term (kind, term, customer_id) VALUES (3, 'x.example', 1042)",
            "C-1042 is found by the end of an email address that is no longer theirs.",
        ),
        (
            "INSERT INTO search_term (kind, term, customer_id) VALUES (4, 'x', 7)",
            "C-7 is found by a word of the city that is no longer theirs.",
        ),
        ("DELETE FROM search_word WHERE word = 'anderson'", "The vocabulary lacks 'anderson'"),
        ("DELETE FROM search_key WHERE word = 'anderson'", "'anderson' is not found when misspelt."),
    ],
)
def test_the_first_difference_is_named_and_a_rebuild_mends_it(
    loaded: Database, statement: str, sentence: str
) -> None:
    before = index(loaded)
    damage(loaded, statement)
    assert (difference(loaded) or "").startswith(sentence)
    rebuild.reindex(loaded, operator="ada", reason="mended")
    assert difference(loaded) is None
    assert index(loaded) == before


def test_an_index_is_built_from_nothing_and_told_in_one_event(loaded: Database) -> None:
    before = index(loaded)
    damage(loaded, *(f"DELETE FROM {table}" for table in INDEX))
    added, removed = rebuild.reindex(loaded, operator="ada", reason="mended")
    assert index(loaded) == before
    assert (added, removed) == (len(before[0]) + len(before[1]), 0)  # type: ignore[arg-type]  # lists of rows
    with loaded.reading() as connection:
        events = (
            connection.execute(select(AuditEvent.seq).where(AuditEvent.operation == "reindex"))
            .scalars()
            .all()
        )
        rows = connection.execute(
            select(AuditDetail.field, AuditDetail.after).where(AuditDetail.seq.in_(events))
        )
        told = {row.field: row.after for row in rows}
    assert len(events) == 1
    assert told == {"reason": "mended", "operator": "ada", "added": str(added), "removed": "0"}


def test_words_that_nobody_bears_any_more_go(loaded: Database) -> None:
    before = index(loaded)
    damage(
        loaded,
        "INSERT INTO search_word (word) VALUES ('zzyzx')",
        "INSERT INTO search_key (key, word) VALUES ('zzyzx', 'zzyzx'), ('left', 'over'), ('xx', 'anderson')",
    )
    rebuild.reindex(loaded, operator="ada", reason="mended")
    assert index(loaded) == before


class Killed(Exception):
    """What the test ends a rebuild with."""


def test_a_rebuild_that_was_killed_anywhere_goes_on_and_never_loses_anybody(
    loaded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, rows in (("CUSTOMERS", 30), ("TERMS", 200), ("WORDS", 60), ("KEYS", 800)):
        monkeypatch.setattr(rebuild, name, rows)
    before = index(loaded)
    damage(
        loaded, "DELETE FROM search_term WHERE customer_id < 1040", "DELETE FROM search_word WHERE word < 'b'"
    )
    steps: list[str] = []

    def kill(step: str, _done: int, _total: int) -> None:
        steps.append(step)
        if len(steps) % 3 == 0:
            raise Killed

    for _ in range(100):
        try:
            rebuild.reindex(loaded, operator="ada", reason="mended", progress=kill)
            break
        except Killed:
            assert "was stopped before its end" in (difference(loaded) or "")
            with loaded.reading() as connection:
                assert find(connection, "C-1042 anderson", viewer=Viewer("kim")).hits
    assert index(loaded) == before
    assert difference(loaded) is None
    assert len(steps) > 8
    with loaded.reading() as connection:
        operations = connection.execute(select(AuditEvent.operation)).scalars().all()
    assert operations.count("reindex") == 1


def test_a_change_between_two_batches_is_kept(loaded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "CUSTOMERS", 50)
    state = {"stopped": False}

    def stop(_step: str, _done: int, _total: int) -> None:
        if not state["stopped"]:
            state["stopped"] = True
            raise Killed

    with pytest.raises(Killed):
        rebuild.reindex(loaded, operator="ada", reason="mended", progress=stop)
    number = add_customer(loaded, given_name="Quentin", family_name="Quill")
    rebuild.reindex(loaded, operator="ada", reason="mended")
    with loaded.reading() as connection:
        page = find(connection, "quenitn quill", viewer=Viewer("kim"))
    assert [hit.customer_id for hit in page.hits] == [number]
    assert difference(loaded) is None


def finish(database: Database) -> None:
    """Rebuild; whoever has to wait for the others for too long goes on where it stopped."""
    for _ in range(20):
        with suppress(Unavailable):
            rebuild.reindex(database, operator="ada", reason="mended")
            return
    raise AssertionError("the others never let the rebuild pass")


def test_a_rebuild_while_others_edit_ends_as_if_nobody_had(
    loaded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, rows in (("CUSTOMERS", 8), ("TERMS", 60), ("WORDS", 30), ("KEYS", 300)):
        monkeypatch.setattr(rebuild, name, rows)
    damage(loaded, "DELETE FROM search_term WHERE customer_id < 1060", "DELETE FROM search_key")
    is_over = Event()

    def edit(seed: int) -> int:
        chance = Random(seed)
        done = 0
        while not is_over.is_set() or not done:
            name = "".join(chance.choices("abcdefghij", k=8)).capitalize()
            new = ChangeName(customer=chance.randint(1001, 1120), family_name=name)
            asked = runner.Request(actor=actor(), operation=REGISTRY["change-name"], params=new, reason="wed")
            with suppress(LatchkeyError):  # busy for too long, or a customer who may not be changed
                done += runner.run(loaded, asked).outcome == "applied"
        return done

    with ThreadPoolExecutor(2) as pool:
        edits = [pool.submit(edit, seed) for seed in (1, 2)]
        try:
            finish(loaded)
        finally:
            is_over.set()
        assert sum(one.result() for one in edits) > 1
    assert difference(loaded) is None


def test_an_upgraded_database_says_that_its_index_is_to_be_rebuilt(loaded: Database) -> None:
    before = index(loaded)
    schema.downgrade(loaded, "0003")
    schema.upgrade(loaded)
    assert "Run: latchkey db reindex" in (difference(loaded) or "")
    rebuild.reindex(loaded, operator="ada", reason="upgraded")
    assert difference(loaded) is None
    assert index(loaded) == before
