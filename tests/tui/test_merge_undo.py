"""A merge is taken back from either side; what was changed since is asked one by one (R35)."""

from textual.pilot import Pilot

from db.models import Customer
from tests.merging.people import do, merge, row_of
from tests.tui.conftest import Practice
from tests.tui.diagnosing import on_form, opened
from tests.tui.merging import heard, landed, merged_into, text, told, twin
from tests.tui.waiting import wait_for
from tui.screens.menu import MenuScreen
from tui.widgets.dialog import Dialog


async def test_u_on_the_merged_customer_takes_the_merge_back(practice: Practice) -> None:
    other = twin(practice)
    merge(practice.database, practice.joan, other)
    async with practice.opened() as pilot:
        await opened(pilot, other)
        await pilot.press("u")
        await on_form(pilot, until="Reason")
        await saved(pilot)
        await landed(pilot, other)
        await wait_for(pilot, lambda: "saved" in told(pilot), "what was done")
    assert merged_into(practice, other) is None


async def test_u_on_the_survivor_takes_the_latest_merge_back(practice: Practice) -> None:
    other = twin(practice)
    merge(practice.database, practice.joan, other)
    async with practice.opened() as pilot:
        await opened(pilot, practice.joan)
        await pilot.press("u")
        await on_form(pilot, until="Reason")
        await saved(pilot)
        await landed(pilot, practice.joan)
    assert merged_into(practice, other) is None


async def test_what_was_changed_since_is_asked_and_kept_or_restored(practice: Practice) -> None:
    other = twin(practice)
    base = practice.database
    merge(base, practice.joan, other, given_name_from=other)
    do(base, "change-name", customer=practice.joan, given_name="Johanna")
    async with practice.opened() as pilot:
        await opened(pilot, other)
        await pilot.press("u")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen), "the question")
        shown = " ".join(text(pilot).split())
        assert "1 of 1 · given name: Joan before the merge, Johanna now (by rosa)" in shown
        await heard(pilot)
        await pilot.press("down", "enter")
        await on_form(pilot, until="Reason")
        await saved(pilot)
        await landed(pilot, other)
    assert row_of(base, Customer, practice.joan).given_name == "Joan"


async def test_who_may_not_take_it_back_hears_who_may(practice: Practice) -> None:
    other = twin(practice)
    merge(practice.database, practice.joan, other)
    async with practice.opened("support") as pilot:
        await opened(pilot, other)
        shown = " ".join(text(pilot).split())
        assert "u takes the merge back" not in shown
        await pilot.press("u")
        assert "your role may not do this alone. Ask" in told(pilot)
    assert merged_into(practice, other) == practice.joan


async def saved(pilot: Pilot[int]) -> None:
    """Give the reason, and confirm."""
    await pilot.press(*"mistake", "ctrl+s")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog), "the confirmation")
    await heard(pilot)
    await pilot.press("tab", "enter")


async def test_the_preview_of_an_undo_names_customers_by_their_numbers(practice: Practice) -> None:
    other = twin(practice)
    merge(practice.database, practice.joan, other)
    async with practice.opened() as pilot:
        await opened(pilot, other)
        await pilot.press("u")
        await on_form(pilot, until="Reason")
        shown = " ".join(text(pilot).split())
        assert f"whose email profile C-{practice.joan} → C-{other}" in shown
