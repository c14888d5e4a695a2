"""The audit log on the screen."""

from pathlib import Path

import pytest
from textual.widgets import DataTable

from db.engine import Database, connect
from db.queries.audit import page
from tests.factories import add_customer, add_operators
from tests.tui.practice import customer_view, screen_text, showing
from tests.tui.test_operation import DANIEL, bench, do
from tests.tui.waiting import wait_for
from tui.screens.audit import AuditScreen
from tui.screens.event import EventScreen


@pytest.fixture
def practice(sqlite_database: Database) -> Database:
    """Two customers, and one change on each of them."""
    add_operators(sqlite_database)
    for given_name in ("Joan", "Daniel"):
        number = add_customer(sqlite_database, given_name=given_name)
        values = {"customer": number, "given_name": f"{given_name} [/x]", "family_name": "Anderson"}
        do(sqlite_database, "change-name", role="lead", **values)
    return sqlite_database


def operations_in(screen: AuditScreen) -> list[str]:
    table = screen.query_one(DataTable)
    return [str(table.get_row_at(row)[2]) for row in range(table.row_count)]


async def test_a_customers_history_shows_only_theirs_with_before_and_after(practice, tmp_path: Path) -> None:
    screen = AuditScreen(await customer_view(practice, DANIEL))
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the events")
        assert operations_in(screen) == ["change-name"]
        shown = screen_text(bench(pilot))
        assert "Daniel  →  Daniel [/x]" in shown
        assert "rosa · lead" in shown


async def test_an_event_names_its_reason_and_its_place_in_the_chain(practice, tmp_path: Path) -> None:
    screen = AuditScreen(await customer_view(practice, DANIEL))
    async with showing(practice, tmp_path, screen, size=(120, 40)) as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the events")
        labels = {line.label: line.after for line in screen.lines}
        assert labels["reason"] == "test"
        assert labels["chain hash"]


async def test_filters_narrow_the_list_and_say_when_nothing_fits(practice, tmp_path: Path) -> None:
    screen = AuditScreen()
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled and len(operations_in(screen)) >= 3, "all events")
        await pilot.press("f", "tab", *"nobody")
        await wait_for(pilot, lambda: screen.is_settled and not operations_in(screen), "the filter")
        assert "No event fits these filters" in screen_text(bench(pilot))


async def test_the_selected_event_is_the_one_shown(practice, tmp_path: Path) -> None:
    screen = AuditScreen()
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the events")
        first = screen.lines[0].after
        await pilot.press("down")
        await wait_for(pilot, lambda: screen.is_settled and screen.lines[0].after != first, "the next event")


async def test_esc_leads_out_of_a_filter_first_and_then_out_of_the_screen(practice, tmp_path: Path) -> None:
    screen = AuditScreen()
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the events")
        await pilot.press("f", "escape")
        assert isinstance(pilot.app.focused, DataTable)
        await pilot.press("escape")
        await wait_for(pilot, lambda: pilot.app.screen is not screen)


async def test_enter_gives_the_event_the_whole_screen(practice, tmp_path: Path) -> None:
    screen = AuditScreen(await customer_view(practice, DANIEL))
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled, "the events")
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, EventScreen) and pilot.app.screen.lines)
        assert "Daniel  →  Daniel [/x]" in screen_text(bench(pilot))


def readings(database: Database) -> list[tuple[int | None, str]]:
    with database.reading() as connection:
        rows = page(connection, operation="read-audit").rows
    return [(row.customer_id, row.operator_id) for row in rows]


async def test_R2_opening_the_log_is_one_event_however_much_is_read(practice, tmp_path: Path) -> None:
    screen = AuditScreen()
    async with showing(practice, tmp_path, screen, role="auditor") as pilot:
        await wait_for(pilot, lambda: readings(practice), "the event")
        await pilot.press("f5", "down", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, EventScreen) and pilot.app.screen.lines)
    assert readings(practice) == [(None, "noor")]


async def test_R2_a_customers_part_of_the_log_names_the_customer(practice, tmp_path: Path) -> None:
    screen = AuditScreen(await customer_view(practice, DANIEL))
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: readings(practice) == [(DANIEL, "rosa")], "the event")


async def test_R2_it_is_recorded_in_a_session_that_can_only_read(practice, tmp_path: Path) -> None:
    looking = connect(practice.url, read_only=True)
    screen = AuditScreen()
    async with showing(looking, tmp_path, screen, role="auditor") as pilot:
        await wait_for(pilot, lambda: readings(practice) == [(None, "noor")], "the event")
        assert screen.query_one(DataTable).row_count
    looking.close()


async def test_R2_where_it_cannot_be_recorded_nothing_is_shown(practice, tmp_path: Path) -> None:
    screen = AuditScreen()
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: readings(practice), "the event")
        await screen.withdraw()
        await pilot.pause()
        shown = screen_text(bench(pilot))
        assert "could not be written" in shown
        assert "change-name" not in shown


async def test_R2_an_event_opened_by_itself_is_a_reading_too(practice, tmp_path: Path) -> None:
    screen = EventScreen(1)
    async with showing(practice, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: len(readings(practice)) == 1, "the event")
