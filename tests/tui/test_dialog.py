"""Questions before what cannot be taken back lightly."""

from textual.app import App
from textual.pilot import Pilot

from tests.tui.waiting import wait_for
from tui.widgets.dialog import Dialog


async def asked(pilot: Pilot[None], dialog: Dialog) -> list[bool | None]:
    answers: list[bool | None] = []
    pilot.app.push_screen(dialog, answers.append)
    await wait_for(pilot, lambda: pilot.app.screen is dialog and dialog.focused is not None)
    return answers


async def awake(pilot: Pilot[None], dialog: Dialog) -> None:
    await wait_for(pilot, lambda: not dialog.is_deaf, "the end of the deaf span")


async def test_the_focus_is_on_the_harmless_answer() -> None:
    async with App[None]().run_test() as pilot:
        dialog = Dialog("Suspend?", yes="Suspend")
        answers = await asked(pilot, dialog)
        await awake(pilot, dialog)
        await pilot.press("enter")
        await wait_for(pilot, lambda: answers == [False])


async def test_R43_keys_typed_for_the_screen_below_do_nothing() -> None:
    async with App[None]().run_test() as pilot:
        dialog = Dialog("Suspend?", yes="Suspend")
        answers = await asked(pilot, dialog)
        dialog._deaf.begin()
        await pilot.press("tab", "enter", "escape")
        assert answers == []
        assert pilot.app.screen is dialog


async def test_the_acting_answer_can_be_reached_and_chosen() -> None:
    async with App[None]().run_test() as pilot:
        dialog = Dialog("Suspend?", yes="Suspend")
        answers = await asked(pilot, dialog)
        await awake(pilot, dialog)
        await pilot.press("right", "enter")
        await wait_for(pilot, lambda: answers == [True])


async def test_an_irreversible_act_needs_the_name_typed() -> None:
    async with App[None]().run_test() as pilot:
        dialog = Dialog("Erase?", yes="Erase", must_type="Joan [/x]")
        answers = await asked(pilot, dialog)
        await awake(pilot, dialog)
        assert dialog._yes.disabled
        await pilot.press("tab", *"Joan [/x]")
        await wait_for(pilot, lambda: not dialog._yes.disabled)
        await pilot.press("enter", "enter")
        await wait_for(pilot, lambda: answers == [True])


async def test_a_wrong_name_opens_nothing() -> None:
    async with App[None]().run_test() as pilot:
        dialog = Dialog("Erase?", yes="Erase", must_type="Joan")
        answers = await asked(pilot, dialog)
        await awake(pilot, dialog)
        await pilot.press("tab", *"John", "enter")
        assert dialog._yes.disabled
        assert answers == []
