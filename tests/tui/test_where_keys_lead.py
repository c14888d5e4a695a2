"""Where a key leads: the cursor to what waits for the operator, calls and walks to whom is shown."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.tui.calls import OWN, call, do, menu, taken_up
from tests.tui.conftest import Practice, search
from tests.tui.diagnosing import SHARED, ask
from tests.tui.practice import screen_text
from tests.tui.test_interactions import customer, form
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.screens.audit import AuditScreen
from tui.screens.mailbox import MailboxScreen
from tui.screens.menu import PaletteScreen
from tui.screens.portal import PortalScreen
from tui.screens.walk import WalkScreen
from tui.widgets.ask_file import AskFile
from tui.widgets.field import Field


def cursor(pilot: Pilot[Any]) -> str:
    """The name of the field that has the cursor."""
    fields = pilot.app.screen.query(Field)
    return next((field.info.name for field in fields if field.control.has_focus), "")


def console(pilot: Pilot[Any]) -> Console:
    assert isinstance(pilot.app, Console)
    return pilot.app


async def filled(pilot: Pilot[Any], practice: Practice, operation: str, values: dict[str, object]) -> None:
    """Open a form about the customer with two emails, filled."""
    view = await console(pilot).bridge.customer(practice.daniel)
    console(pilot).start(operation, view, values)
    await form(pilot)
    await wait_for(pilot, lambda: cursor(pilot), "the cursor")


async def test_the_cursor_starts_in_the_first_field_that_is_required_and_empty(practice: Practice):
    async with practice.opened("admin") as pilot:
        console(pilot).start("change-dedup-mode")
        await form(pilot)
        await wait_for(pilot, lambda: cursor(pilot), "the cursor")
        assert cursor(pilot) == "mode"


async def test_in_a_form_that_is_filled_in_the_reason_waits(practice: Practice):
    async with practice.opened() as pilot:
        await filled(pilot, practice, "add-email", {"email": "dan@example.com"})
        assert cursor(pilot) == "reason"


async def test_a_value_that_is_still_as_on_file_waits_to_be_changed(practice: Practice):
    async with practice.opened() as pilot:
        view = await console(pilot).bridge.customer(practice.daniel)
        email = next(found for found in view.emails if str(found.address) == "dan@example.org")
        await filled(pilot, practice, "change-email", {"profile": email.id, "email": str(email.address)})
        assert cursor(pilot) == "email"


async def test_i_among_the_results_is_about_the_selected_customer(practice: Practice):
    async with practice.opened("support") as pilot:
        await search(pilot, "danderson", hits=1)
        await pilot.press("down", "i")
        found = await form(pilot)
        assert found._values["customer"] == practice.daniel


async def test_p_among_the_results_walks_with_the_selected_customer(practice: Practice):
    number = call(practice)
    async with practice.opened("support") as pilot:
        await taken_up(pilot, number)
        await search(pilot, "danderson", hits=1)
        await pilot.press("down", "p")
        await menu(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, WalkScreen), "the walk")
        screen = pilot.app.screen
        assert isinstance(screen, WalkScreen)
        await wait_for(pilot, lambda: screen.walk is not None, "the steps")
        assert screen.customer_id == practice.daniel


async def test_a_call_about_nobody_is_about_the_customer_of_the_walk_that_begins_in_it(practice: Practice):
    do(practice, "save-playbook", "admin", source=OWN)
    number = call(practice)
    do(practice, "start-walk", playbook="a-short-one", interaction=number, customer=practice.daniel)
    async with practice.opened("support") as pilot:
        rows = await console(pilot).procedures.own_open()
        assert [row.customer_id for row in rows] == [practice.daniel]


async def test_b_on_a_diagnosis_opens_the_mailbox(practice: Practice):
    async with practice.opened() as pilot:
        await ask(pilot, SHARED)
        await pilot.press("b")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MailboxScreen), "the mailbox")


async def test_c_on_a_diagnosis_begins_with_the_identifier_that_is_diagnosed(practice: Practice):
    async with practice.opened() as pilot:
        await ask(pilot, SHARED)
        await pilot.press("c")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, PortalScreen), "the customer's side")
        await wait_for(pilot, lambda: [box.value for box in pilot.app.screen.query(Input)] == [SHARED])


async def in_the_palette(pilot: Pilot[Any], text: str) -> PaletteScreen:
    await pilot.press("ctrl+p")
    await menu(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, PaletteScreen)
    await pilot.press(*text)
    await pilot.pause()
    return screen


async def test_the_palette_describes_the_row_that_is_selected(practice: Practice):
    async with practice.opened() as pilot:
        screen = await in_the_palette(pilot, "again")
        about = str(screen.query_one("#about", Static).render())
        assert "add-customer" not in about


async def test_the_palette_finds_a_screen_by_what_can_be_tried_there(practice: Practice):
    async with practice.opened() as pilot:
        await in_the_palette(pilot, "try")
        shown = screen_text(console(pilot))
        assert "Settings" in shown
        assert "Typo table" in shown


@pytest.mark.parametrize("role", ["support", "admin"])
async def test_R44_who_may_not_export_hears_it_before_a_name_is_typed(practice: Practice, role: str):
    async with practice.opened(role) as pilot:
        console(pilot).open_history()
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, AuditScreen), "the audit log")
        await wait_for(pilot, lambda: pilot.app.focused is not None, "the events")
        await pilot.press("w")
        screen = pilot.app.screen
        assert isinstance(screen, AuditScreen)
        await wait_for(pilot, lambda: "Ask" in screen.status.sentence, "who may")
        assert not isinstance(pilot.app.screen, AskFile)


async def test_an_auditor_sees_no_key_that_changes_a_customer(practice: Practice):
    async with practice.opened("auditor", size=(120, 40)) as pilot:
        await customer(pilot, practice.joan)
        await pilot.pause()
        last = screen_text(console(pilot)).splitlines()
        assert not any(f" {word} " in f"{line} " for line in last for word in ("e edit", "a add", "n note"))
