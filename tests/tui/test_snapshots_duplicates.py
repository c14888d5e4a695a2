"""What the screens of the duplicates queue look like, at both first-class sizes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from db.engine import Database
from db.models import DuplicateScan
from tests.conftest import Clock
from tests.duplicates.base import JOAN, fill, judge, scanned
from tests.factories import BORN, add_customer, building
from tests.tui.practice import SIZES, Bench
from tests.tui.waiting import wait_for
from tui import theme
from tui.screens.add_customer import AddCustomerScreen
from tui.screens.bulk import BulkScreen
from tui.screens.customer import CustomerScreen
from tui.screens.duplicates import DuplicatesScreen
from tui.widgets.candidate_section import CandidateSection
from tui.widgets.lookalikes import Lookalikes

NORA: dict[str, Any] = {
    **JOAN,
    "given_name": "Nora",
    "family_name": "Quayle",
    "birth_date": date(1991, 2, 3),
    "emails": ["nora@example.org"],
    "phones": ["+1 202 555 0177"],
    "address": ("7 Elm Road", "Sparks", "NV", "89431"),
}
FORM = {"given_name": "Joan", "family_name": "Featherstone", "phone": "+1 202 555 0142"}


def furnish(database: Database) -> None:
    """Joan three times, her husband, Nora twice exactly, and one pair that was dismissed."""
    people = fill(database)
    add_customer(database, **NORA, sign_ins=["nora.q"], passes=["P-7781"])
    add_customer(database, **NORA)
    scanned(database)
    judge(database, people.again, people.third, "dismiss")
    with building(database) as session:
        session.get_one(DuplicateScan, 1).finished_at = BORN


async def _queue(pilot: Pilot[Any], screen: DuplicatesScreen) -> None:
    await wait_for(pilot, lambda: screen.pair_view, "both sides")


async def _dismissed(pilot: Pilot[Any], screen: DuplicatesScreen) -> None:
    await _queue(pilot, screen)
    await pilot.press("f", "left")
    await wait_for(pilot, lambda: len(screen.items) == 1 and screen.pair_view, "the dismissed pair")


async def _settled(pilot: Pilot[Any], screen: Any) -> None:
    await wait_for(pilot, lambda: screen.is_settled, "the rows")


async def _alike(pilot: Pilot[Any], screen: AddCustomerScreen) -> None:
    await wait_for(pilot, lambda: screen.is_settled, "the form")
    await wait_for(pilot, lambda: screen.query_one(Lookalikes).found, "those who are alike")


async def _candidates(pilot: Pilot[Any], screen: CustomerScreen) -> None:
    await wait_for(pilot, lambda: screen.query(CandidateSection), "the sections")
    section = screen.query_one(CandidateSection)
    await wait_for(pilot, lambda: section.shown.rows, "the candidates")
    section.enter()


SCREENS: dict[str, tuple[Callable[[], Screen[Any]], Callable[..., Any]]] = {
    "queue": (DuplicatesScreen, _queue),
    "dismissed": (DuplicatesScreen, _dismissed),
    "bulk": (BulkScreen, _settled),
    "adding": (lambda: AddCustomerScreen("add-customer", None, FORM), _alike),
    "customer": (lambda: CustomerScreen(1), _candidates),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
def test_duplicates(
    name: str, size, sqlite_database: Database, clock: Clock, tmp_path: Path, snap_compare, monkeypatch
):
    furnish(sqlite_database)
    app = Bench(replace(sqlite_database, clock=clock), tmp_path, role="admin")
    make, arrive = SCREENS[name]

    async def shown(pilot: Any) -> None:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        screen = make()
        app.push_screen(screen)
        await wait_for(pilot, lambda: app.screen is screen, "the screen")
        await arrive(pilot, screen)

    assert snap_compare(app, run_before=shown, terminal_size=size)


def test_before_the_first_scan(sqlite_database: Database, tmp_path: Path, snap_compare):
    fill(sqlite_database)
    app = Bench(sqlite_database, tmp_path, role="admin")

    async def shown(pilot: Any) -> None:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        screen = DuplicatesScreen()
        app.push_screen(screen)
        await _settled(pilot, screen)

    assert snap_compare(app, run_before=shown, terminal_size=SIZES[0])


@pytest.mark.parametrize("name", [theme.LIGHT.name, theme.SIXTEEN.name])
def test_the_queue_in_other_colours(
    name: str, sqlite_database: Database, clock: Clock, tmp_path: Path, snap_compare
):
    furnish(sqlite_database)
    app = Bench(replace(sqlite_database, clock=clock), tmp_path, role="admin")

    async def shown(pilot: Any) -> None:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        app.theme = name
        screen = DuplicatesScreen()
        app.push_screen(screen)
        await _queue(pilot, screen)

    assert snap_compare(app, run_before=shown, terminal_size=SIZES[1])
