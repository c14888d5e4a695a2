"""Keys that arrive together do what the same keys do one by one, and reach what they were meant for."""

from asyncio import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.tui.breath import at_once, edited, some
from tests.tui.conftest import Practice
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.messages import CustomerRequested
from tui.screens.customer import CustomerScreen
from tui.screens.menu import MenuScreen, PaletteScreen
from tui.screens.operation import OperationScreen
from tui.widgets.dialog import Dialog
from tui.widgets.field import Field
from tui.widgets.results import Results
from tui.widgets.search_box import SearchBox
from tui.widgets.section import Section

SEEDS = range(6)


def text_of(pilot: Pilot[Any], name: str) -> str:
    """What a field of the form on the screen holds."""
    return next(field.text for field in pilot.app.screen.query(Field) if field.info.name == name)


async def all_acted(pilot: Pilot[Any]) -> None:
    """Wait until every key that was pressed has acted, or was dropped."""
    app, taken = pilot.app, Event()
    assert isinstance(app, Console)
    app.call_later(taken.set)  # behind the keys
    await taken.wait()
    await wait_for(pilot, lambda: not app.key_order.is_busy, "the keys")


async def form(pilot: Pilot[Any], operation: str, **values: object) -> None:
    """Open a form and wait for its cursor."""
    app: Any = pilot.app
    app.start(operation, values=values)
    await wait_for(
        pilot, lambda: isinstance(app.screen, OperationScreen) and app.focused is not None, "the form"
    )


async def customer(pilot: Pilot[Any], number: int) -> None:
    pilot.app.post_message(CustomerRequested(number))
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section), "the customer")
    await pilot.pause()


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_burst_in_the_search_box_is_what_the_same_keys_are_one_by_one(practice: Practice, seed: int):
    keys = some(seed, count=60)
    async with practice.opened() as pilot:
        box = pilot.app.screen.query_one(SearchBox)
        at_once(pilot.app, *keys, "!")
        await wait_for(pilot, lambda: "!" in box.value)
        assert box.value == edited("", [*keys, "!"])


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_burst_in_a_field_is_what_the_same_keys_are_one_by_one(practice: Practice, seed: int):
    keys = ["end", *some(seed, count=60)]
    async with practice.opened() as pilot:
        await form(pilot, "add-customer")
        at_once(pilot.app, *keys, "!")
        await wait_for(pilot, lambda: "!" in text_of(pilot, "given_name"))
        assert text_of(pilot, "given_name") == edited("", [*keys, "!"])


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_burst_in_a_note_is_what_the_same_keys_are_one_by_one(practice: Practice, seed: int):
    keys = some(seed, count=60, with_lines=True)
    async with practice.opened() as pilot:
        await customer(pilot, practice.joan)
        await pilot.press("n")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, TextArea), "the note")
        at_once(pilot.app, *keys, "!")
        await wait_for(pilot, lambda: "!" in text_of(pilot, "text"))
        assert text_of(pilot, "text") == edited("", [*keys, "!"])


async def test_tab_among_letters_fills_two_fields(practice: Practice):
    async with practice.opened() as pilot:
        await form(pilot, "add-customer")
        at_once(pilot.app, "abc", "tab", "def", "enter", "ghi", "shift+tab", "end", "!")
        await wait_for(pilot, lambda: "!" in text_of(pilot, "family_name") + text_of(pilot, "given_name"))
        assert (text_of(pilot, "given_name"), text_of(pilot, "family_name")) == ("abc", "def!")


async def test_what_is_saved_is_what_was_typed_before_the_key_that_saves(practice: Practice):
    async with practice.opened() as pilot:
        await customer(pilot, practice.joan)
        at_once(pilot.app, "n", "abc", "tab", "why", "ctrl+s")
        await wait_for(pilot, lambda: practice.events("add-note"), "the note")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen))
        with practice.database.reading() as connection:
            notes = connection.exec_driver_sql("SELECT text FROM note").scalars().all()
        assert notes == ["abc"]


async def test_what_is_typed_while_a_form_opens_stands_in_the_form(practice: Practice):
    async with practice.opened() as pilot:
        await customer(pilot, practice.joan)
        at_once(pilot.app, "n", "Called")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, TextArea), "the note")
        await wait_for(pilot, lambda: text_of(pilot, "text") == "Called", "all of the word")


async def test_what_is_typed_while_a_customer_opens_is_about_that_customer(practice: Practice):
    async with practice.opened() as pilot:
        at_once(pilot.app, "joan")
        await wait_for(pilot, lambda: pilot.app.screen.query_one(Results).hits)
        at_once(pilot.app, "enter", "n", "Called")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen), "the note")
        await wait_for(pilot, lambda: pilot.app.screen.query(Field) and text_of(pilot, "text") == "Called")


async def test_what_is_typed_for_a_form_that_is_refused_does_nothing(practice: Practice):
    async with practice.opened("auditor") as pilot:
        await customer(pilot, practice.joan)
        at_once(pilot.app, "n", "eh")
        await all_acted(pilot)
        assert isinstance(pilot.app.screen, CustomerScreen)
        assert "your role may not do this" in pilot.app.screen.status.sentence


async def test_R43_no_key_that_waits_reaches_a_question(practice: Practice):
    async with practice.opened() as pilot:
        await form(pilot, "add-customer")
        at_once(pilot.app, "abc", "escape", "tab", "enter", "xyz")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog), "the question")
        await all_acted(pilot)
        assert isinstance(pilot.app.screen, Dialog)
        pilot.app.pop_screen()
        await pilot.pause()
        assert text_of(pilot, "given_name") == "abc"


async def test_R43_no_key_that_waits_chooses_from_a_menu(practice: Practice):
    async with practice.opened() as pilot:
        await customer(pilot, practice.joan)
        at_once(pilot.app, "a", "down", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen), "the menu")
        await all_acted(pilot)
        assert isinstance(pilot.app.screen, MenuScreen)


async def test_the_name_of_a_command_may_be_typed_in_one_breath_with_the_key_that_asks(practice: Practice):
    async with practice.opened() as pilot:
        at_once(pilot.app, "ctrl+p", "theme")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen), "the palette")
        box = pilot.app.screen.query_one(Input)
        await wait_for(pilot, lambda: box.value == "theme", "the name")


async def test_escape_leaves_a_form_that_has_not_opened_yet(practice: Practice):
    async with practice.opened() as pilot:
        await customer(pilot, practice.joan)
        at_once(pilot.app, "n", "escape", "down")
        await all_acted(pilot)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen), "the customer")
