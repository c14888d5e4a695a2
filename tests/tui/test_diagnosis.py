"""Diagnose in the console: the ways there, verdict and evidence, who may do what (P1, P3)."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from db.rules.cases import Case
from tests.factories import add_customer
from tests.tui.conftest import Practice, search
from tests.tui.diagnosing import SHARED, ask, diagnosed, on_form, sentence, text
from tests.tui.practice import console_of
from tests.tui.waiting import wait_for
from tui.screens.asking import AskDiagnosisScreen
from tui.screens.customer import CustomerScreen
from tui.screens.home import HomeScreen
from tui.widgets.fixes import Fixes
from tui.widgets.section import Section

# ---- the ways there


async def test_d_on_a_result_diagnoses_that_customer(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await search(pilot, "daniel", hits=1)
        await pilot.press("down", "d")
        screen = await diagnosed(pilot)
        assert screen.command_line == f"latchkey diagnose --customer C-{practice.daniel}"


async def test_ctrl_d_diagnoses_exactly_what_is_typed(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await search(pilot, "joan.a", hits=1)
        await pilot.press("ctrl+d")
        screen = await diagnosed(pilot)
        assert screen.command_line == "latchkey diagnose joan.a"
        assert "taken for a username" in text(pilot)


@pytest.mark.parametrize("keys", [("ctrl+d",), ("tab", "d")])
async def test_from_an_empty_box_it_asks(practice: Practice, keys: tuple[str, ...]) -> None:
    async with practice.opened() as pilot:
        await pilot.press(*keys)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, AskDiagnosisScreen), "the question")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Input), "the field")
        await pilot.press(*"joan.a", "enter")
        assert (await diagnosed(pilot)).found is not None
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, AskDiagnosisScreen), "the question again")
        assert "joan.a" in text(pilot)
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HomeScreen), "home")


async def test_d_in_the_box_is_a_letter(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await pilot.press("d")
        assert isinstance(pilot.app.screen, HomeScreen)
        assert pilot.app.screen.box.value == "d"


async def test_d_on_a_customer_and_back(practice: Practice) -> None:
    async with practice.opened() as pilot:
        console_of(pilot).open_customer(practice.daniel)
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section))
        await pilot.press("d")
        await diagnosed(pilot)
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section), "the customer")


async def fill_in(pilot: Pilot[int], **given: str) -> None:
    """Type into the form of a claim."""
    console_of(pilot).ask_diagnosis()
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Input), "the field")
    await pilot.press("enter")
    for name in ("given_name", "family_name", "birth_date", "postcode", "email", "phone"):
        await pilot.press(*given.get(name, ""), "enter")


async def test_P1_case_4_a_claim_is_a_form(practice: Practice) -> None:
    add_customer(practice.database, given_name="Walter", family_name="Okonkwo")
    async with practice.opened() as pilot:
        await fill_in(pilot, given_name="walter", family_name="okonkwo", birth_date="1980-05-17")
        screen = await diagnosed(pilot)
        assert screen.found is not None
        assert screen.found.case is Case.CLAIM_WITHOUT_CONTACT
        assert "Create a sign-in" in text(pilot)


async def test_a_claim_without_enough_says_what_is_needed(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await fill_in(pilot, given_name="walter")
        assert "birth date or postcode" in sentence(pilot)


async def test_a_birth_date_that_is_none_is_told_at_its_field(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await fill_in(pilot, given_name="w", family_name="o", birth_date="17.5.1980")
        assert "year-month-day, for example" in text(pilot)


# ---- what is said


async def test_P1_case_1_names_the_case_the_accounts_the_best_one_and_the_fixes(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await ask(pilot, SHARED)
        shown = text(pilot)
        assert "✗ shared-email" in shown
        assert f"★ C-{practice.joan}" in shown
        assert f"C-{practice.daniel}" in shown
        assert "never signed in" in shown
        assert "a code can arrive" in shown
        assert "They are one person" in shown
        assert isinstance(pilot.app.focused, Fixes)


async def test_several_causes_are_all_shown_the_blocking_one_first(practice: Practice) -> None:
    add_customer(
        practice.database,
        status="suspended",
        emails=[("v@example.org", "bouncing")],
        sign_ins=[("vic", "locked")],
    )
    async with practice.opened() as pilot:
        await ask(pilot, "vic")
        shown = text(pilot)
        places = [shown.index(part) for part in ("✗ suspended", "also locked", "also code-not-arriving")]
        assert places == sorted(places)


@pytest.mark.parametrize("key", ["enter", "1"])
async def test_P1_case_10_a_likely_typo_is_diagnosed_in_its_place(practice: Practice, key: str) -> None:
    add_customer(practice.database, given_name="Ida", emails=["ida@gmail.com"], sign_ins=["ida"])
    async with practice.opened() as pilot:
        first = await ask(pilot, "ida@gmial.com")
        assert "✗ no-match" in text(pilot)
        assert "Nearest on file" in text(pilot)
        await pilot.press(key)
        await wait_for(pilot, lambda: pilot.app.screen is not first, "the other diagnosis")
        await diagnosed(pilot)
        assert "✓ can-sign-in" in text(pilot)


async def test_P1_case_7_opens_the_survivor(practice: Practice) -> None:
    add_customer(practice.database, status="merged", merged_into_id=practice.joan, sign_ins=["old.joan"])
    async with practice.opened() as pilot:
        await ask(pilot, "old.joan")
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen), "the survivor")
        assert getattr(pilot.app.screen, "customer_id", 0) == practice.joan


async def test_y_copies_the_verdict(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await ask(pilot, SHARED)
        await pilot.press("y")
        assert pilot.app.clipboard.startswith(f"{SHARED} · shared-email: ")


async def test_o_opens_the_account_of_the_selected_fix(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await ask(pilot, SHARED)
        await pilot.press("down", "o")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen), "the customer")
        assert getattr(pilot.app.screen, "customer_id", 0) == practice.daniel


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_fix_of_a_shared_email_is_in_sight(practice: Practice, size: tuple[int, int]) -> None:
    async with practice.opened(size=size) as pilot:
        screen = await ask(pilot, SHARED)
        assert screen.found is not None
        for number, fix in enumerate(screen.found.fixes, 1):
            assert f" {number}  {fix.label[:24]}" in text(pilot)


# ---- who may


async def test_support_reads_who_may_and_stays(practice: Practice) -> None:
    async with practice.opened("support") as pilot:
        screen = await ask(pilot, SHARED)
        assert "a team lead or an admin" in text(pilot)
        await pilot.press("2")
        assert "Ask a team lead or an admin." in sentence(pilot)
        assert pilot.app.screen is screen
        assert isinstance(pilot.app.focused, Fixes)


async def test_R30_support_may_correct_what_the_typo_table_allows(practice: Practice) -> None:
    add_customer(
        practice.database, given_name="Ida", emails=[("ida@gmial.com", "unverified")], sign_ins=["ida"]
    )
    async with practice.opened("support") as pilot:
        await ask(pilot, "ida")
        await pilot.press("enter")
        await on_form(pilot, until="ida@gmail.com")


# ---- what is recorded


async def test_R2_reading_a_diagnosis_of_a_customer_is_opening_them(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await ask(pilot, "joan.a")
        await wait_for(pilot, lambda: practice.events("open-customer"), "the event")
        await pilot.press("f5")
        await console_of(pilot).bridge.quiet()
        await pilot.pause()
        assert practice.events("open-customer") == [(practice.joan, "rosa")]


async def test_R2_a_diagnosis_that_finds_nobody_opens_nobody(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await ask(pilot, "nobody-of-that-name")
        assert practice.events("open-customer") == []
