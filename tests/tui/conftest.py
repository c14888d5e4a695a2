"""A console on a seeded SQLite file, driven by textual's pilot."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from textual.pilot import Pilot

from db.engine import Database
from db.models import AuditEvent
from tests.factories import actor, add_customer, add_operators
from tests.tui.waiting import still, wait_for
from tui.app import Console
from tui.bridge import Bridge
from tui.widgets.results import Results

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
SIZE = (80, 24)


class Practice:
    """A database with a household that shares an address, and the consoles that were opened on it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.joan = add_customer(
            database,
            emails=["janderson@example.com"],
            phones=["775-555-0142"],
            sign_ins=["joan.a"],
            passes=["P-7781"],
            address=("2210 Sierra Vista Ln", "Reno", "NV", "89509"),
        )
        self.daniel = add_customer(
            database,
            given_name="Daniel",
            status="inactive",
            emails=[("janderson@example.com", "unverified"), "dan@example.org"],
            sign_ins=[("danderson", "placeholder")],
            address=("2210 Sierra Vista Ln", "Reno", "NV", "89509"),
        )
        self.hostile = add_customer(
            database,
            given_name="[@click=app.quit]x[/x]",
            family_name="Zz\x1b]52;c;aGk=\x07\u202eevil",
            emails=["zz@example.net"],
        )

    def bridge(self, role: str = "lead") -> Bridge:
        """The way to the database for the practice operator of a role."""
        return Bridge(lambda: self.database, actor(role), mailbox=self.folder / "mailbox")

    def console(self, role: str = "lead") -> Console:
        """A console that was not started yet, with its clock at a fixed time."""
        incidents = self.folder / "incidents"
        return Console(self.bridge(role), environment="SANDBOX", incident_folder=incidents, now=lambda: NOW)

    @asynccontextmanager
    async def opened(self, role: str = "lead", *, size: tuple[int, int] = SIZE) -> AsyncIterator[Pilot[int]]:
        """A console that knows its operator."""
        console = self.console(role)
        async with console.run_test(size=size, notifications=True) as pilot:
            await wait_for(pilot, lambda: bool(console.operator and console.operations))
            yield pilot
        console.bridge.close()

    def events(self, operation: str) -> list[tuple[int | None, str]]:
        """The audit events of an operation: of which customer, by whom."""
        wanted = select(AuditEvent.customer_id, AuditEvent.operator_id).where(
            AuditEvent.operation == operation
        )
        with self.database.reading() as connection:
            return [(row.customer_id, row.operator_id) for row in connection.execute(wanted)]


@pytest.fixture
def practice(sqlite_database: Database, tmp_path: Path) -> Practice:
    """A practice database."""
    add_operators(sqlite_database)
    return Practice(sqlite_database, tmp_path)


async def search(pilot: Pilot[int], text: str, *, hits: int) -> Results:
    """Type into the search box and wait for that many hits."""
    results = pilot.app.screen.query_one(Results)
    await pilot.press(*("space" if letter == " " else letter for letter in text))
    await wait_for(pilot, lambda: len(results.hits) == hits)
    return results


@pytest.fixture(autouse=True)
def what_is_told_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, a test sees what the status line has said."""
    monkeypatch.setattr("tui.widgets.status.reading_seconds", lambda _sentence: 3600.0)


@pytest.fixture
def snap_compare(snap_compare: Any) -> Callable[..., bool]:
    """As the plugin's, but of a screen that has come to rest."""

    def compare(app: Any, *, run_before: Callable[..., Any] | None = None, **options: Any) -> bool:
        async def before(pilot: Pilot[Any]) -> None:
            if run_before is not None:
                found = run_before(pilot)
                if found is not None:
                    await found
            await still(pilot)

        return bool(snap_compare(app, run_before=before, **options))

    return compare
