"""A typing error that the table knows: its correction is filled in, said in evidence, and done first (P3)."""

from tests.factories import add_customer
from tests.tui.conftest import Practice
from tests.tui.diagnosing import ask, diagnosed, flowing, on_form, opened, sentence, text
from tests.tui.practice import console_of
from tests.tui.waiting import wait_for
from tui.screens.diagnosis import DiagnosisScreen
from tui.screens.home import HomeScreen
from tui.screens.menu import MenuScreen

TYPO = [("ida@gmial.com", "unverified")]


async def test_R30_a_form_on_a_mistyped_email_opens_with_its_correction(practice: Practice) -> None:
    ida = add_customer(practice.database, emails=TYPO, sign_ins=["ida"])
    async with practice.opened("support") as pilot:
        await opened(pilot, ida)
        await pilot.press("e")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen), "the menu")
        await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", False), "its ears")
        await pilot.press("enter")
        await on_form(pilot, until="ida@gmail.com")
        assert "does not allow" not in flowing(pilot)


async def test_P3_a_link_to_a_mistyped_email_opens_with_the_corrected_one(practice: Practice) -> None:
    ida = add_customer(practice.database, emails=TYPO, sign_ins=["ida"])
    async with practice.opened("support") as pilot:
        await opened(pilot, ida)
        await pilot.press("r")
        await on_form(pilot, until="ida@gmail.com")


async def test_P3_a_diagnosis_says_of_a_typo_that_it_is_one(practice: Practice) -> None:
    add_customer(practice.database, emails=TYPO, sign_ins=["ida"])
    async with practice.opened("support") as pilot:
        await ask(pilot, "ida")
        assert "✗ probably a typing error for ida@gmail.com" in flowing(pilot)
        assert "also code-not-arriving" in text(pilot)


async def test_P1_a_fix_that_needs_another_one_says_which_by_its_label(practice: Practice) -> None:
    add_customer(practice.database, given_name="Harold", phones=["775-555-0141"], sign_ins=["harold"])
    async with practice.opened() as pilot:
        screen = await ask(pilot, "harold")
        assert "after 1" in text(pilot)
        await pilot.press("2")
        assert "1 comes first: Add an email to" in sentence(pilot)
        assert pilot.app.screen is screen


async def test_P1_case_10_where_nothing_matches_the_last_line_goes_to_the_search(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await ask(pilot, "nobody-at-all")
        assert "Search by name, address or contract" in text(pilot)
        await pilot.press("end", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HomeScreen), "the search")


async def test_P1_case_10_an_address_one_letter_away_is_diagnosed_in_its_place(practice: Practice) -> None:
    add_customer(practice.database, emails=["walter@example.com"], sign_ins=["walter"])
    async with practice.opened() as pilot:
        first = await ask(pilot, "walter@exmaple.com")
        await pilot.press("1")
        await wait_for(pilot, lambda: pilot.app.screen is not first, "the other diagnosis")
        assert isinstance(await diagnosed(pilot), DiagnosisScreen)
        await wait_for(pilot, lambda: "✓ can-sign-in" in text(pilot), "the verdict")
        assert console_of(pilot) is pilot.app
