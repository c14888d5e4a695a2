"""Diagnose in the console: verdict, evidence, fixes, and the verdict again after each fix (P1, P3)."""

import pytest
from sqlalchemy import select
from textual.pilot import Pilot
from textual.widgets import Input

from db.actor import service
from db.engine import Database
from db.models import Message
from db.rules.cases import Case
from tests.factories import actor, add_customer
from tests.operations.acting import do
from tests.signin.post import Post
from tests.tui.conftest import Practice, search
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.screens.asking import AskDiagnosisScreen
from tui.screens.customer import CustomerScreen
from tui.screens.diagnosis import DiagnosisScreen
from tui.screens.home import HomeScreen
from tui.screens.operation import OperationScreen
from tui.widgets.fixes import Fixes
from tui.widgets.section import Section
from tui.widgets.status import StatusLine

SHARED = "janderson@example.com"


def text(pilot: Pilot[int]) -> str:
    return screen_text(console_of(pilot))


def flowing(pilot: Pilot[int]) -> str:
    """What is on the screen, wherever its lines break."""
    return " ".join(text(pilot).split())


def sentence(pilot: Pilot[int]) -> str:
    return pilot.app.screen.query_one(StatusLine).sentence


async def diagnosed(pilot: Pilot[int]) -> DiagnosisScreen:
    """Wait until a diagnosis is on the screen."""

    def is_there() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, DiagnosisScreen) and screen.found is not None

    await wait_for(pilot, is_there, "a diagnosis")
    screen = pilot.app.screen
    assert isinstance(screen, DiagnosisScreen)
    return screen


async def ask(pilot: Pilot[int], identifier: str) -> DiagnosisScreen:
    console_of(pilot).diagnose(identifier=identifier)
    return await diagnosed(pilot)


async def on_form(pilot: Pilot[int], *, until: str) -> None:
    """Wait until a form is open and its preview says something."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen), "the form")
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the preview")
    await wait_for(pilot, lambda: until in text(pilot), until)


async def saved(pilot: Pilot[int], screen: DiagnosisScreen, case: Case) -> None:
    """Save the form, and wait until the case is judged anew."""
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: pilot.app.screen is screen, "the way back")
    await wait_for(pilot, lambda: screen.found is not None and screen.found.case is case, case)


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


# ---- a fix, and the verdict again


async def test_P1_case_1_the_username_fix_turns_the_verdict(practice: Practice) -> None:
    async with practice.opened() as pilot:
        screen = await ask(pilot, SHARED)
        await pilot.press("4")
        await on_form(pilot, until="Reason")
        await pilot.press(*"asked")
        await saved(pilot, screen, Case.CAN_SIGN_IN)
        await wait_for(pilot, lambda: "Was shared-email, now can-sign-in." in sentence(pilot), "the turn")
        assert "✓ can-sign-in  was shared-email" in text(pilot)
        assert isinstance(pilot.app.focused, Fixes)
        await pilot.press("u")
        await on_form(pilot, until="Reason")


async def test_P1_case_2_adding_an_email_comes_filled_and_the_rest_is_offered(practice: Practice) -> None:
    add_customer(practice.database, given_name="Harold", phones=["775-555-0141"], sign_ins=["harold"])
    async with practice.opened() as pilot:
        screen = await ask(pilot, "harold")
        assert "✗ username-without-email" in text(pilot)
        await pilot.press("enter")
        await on_form(pilot, until="Email")
        await pilot.press(*"harold@example.org", "enter", *"asked")
        await saved(pilot, screen, Case.CAN_SIGN_IN)
        await wait_for(pilot, lambda: "Was username-without-email" in sentence(pilot), "the turn")


async def test_P1_case_8_unlocking_keeps_the_place_in_the_list(practice: Practice) -> None:
    add_customer(practice.database, emails=["g@example.org"], sign_ins=[("gordon", "locked")])
    async with practice.opened() as pilot:
        screen = await ask(pilot, "gordon")
        await pilot.press("enter")
        await on_form(pilot, until="Reason")
        await pilot.press(*"asked")
        await saved(pilot, screen, Case.CODE_NOT_ARRIVING)
        await wait_for(pilot, lambda: "now code-not-arriving" in sentence(pilot), "the turn")
        assert isinstance(pilot.app.focused, Fixes)
        assert pilot.app.focused.highlighted == 0


async def test_a_link_that_was_sent_is_waited_for_and_a_bounce_turns_the_verdict_in_place(
    practice: Practice,
) -> None:
    base = practice.database
    ida = add_customer(
        base, emails=["ida@example.org"], phones=["775-555-0141"], sign_ins=[("ida", "placeholder")]
    )
    do(base, "send-sign-in-link", actor("support"), customer=ida)
    async with practice.opened() as pilot:
        await ask(pilot, "ida")
        assert "is on its way" in text(pilot)
        Post(base).deliver()
        await wait_for(pilot, lambda: "We wait for the customer" in flowing(pilot), "the delivery")
        bounce(base)
        await wait_for(pilot, lambda: "came back" in flowing(pilot), "the bounce")
        assert "Correct the address ida@example.org" in text(pilot)


def bounce(base: Database) -> None:
    with base.reading() as connection:
        key = connection.scalars(select(Message.idempotency_key)).one()
    do(base, "record-bounce", service("post"), key=key, action="failed", words="550 no such user")


async def test_u_is_pointed_to_where_the_role_may_do_the_opposite(practice: Practice) -> None:
    add_customer(practice.database, emails=["well@example.org"], sign_ins=["well"])
    async with practice.opened() as pilot:
        await made_the_username(pilot)
        assert "u undoes it" in sentence(pilot)


async def test_u_is_not_pointed_to_where_another_role_has_to_do_the_opposite(practice: Practice) -> None:
    async with practice.opened("support") as pilot:
        await made_the_username(pilot)
        assert "saved" in sentence(pilot)
        assert "u undoes it" not in sentence(pilot)


async def made_the_username(pilot: Pilot[int]) -> None:
    screen = await ask(pilot, SHARED)
    await pilot.press("4")
    await on_form(pilot, until="Reason")
    await pilot.press(*"asked")
    await saved(pilot, screen, Case.CAN_SIGN_IN)
    await wait_for(pilot, lambda: "saved" in sentence(pilot), "what was done")


async def test_an_interaction_that_is_started_here_is_about_the_customer_who_is_diagnosed(
    practice: Practice,
) -> None:
    async with practice.opened("support") as pilot:
        await opened(pilot, practice.joan)
        await pilot.press("d")
        await diagnosed(pilot)
        await pilot.press("escape")
        await ask(pilot, "joan.a")
        await pilot.press("i")
        await on_form(pilot, until="Channel")
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: console_of(pilot).interaction is not None, "the interaction")
        found = console_of(pilot).interaction
        assert found is not None
        assert found.customer_id == practice.joan


async def test_a_place_that_lies_below_twice_is_named_once(practice: Practice) -> None:
    async with practice.opened("support") as pilot:
        await opened(pilot, practice.joan)
        await pilot.press("d")
        await diagnosed(pilot)
        console_of(pilot).start("start-interaction")
        await on_form(pilot, until="Channel")
        assert text(pilot).splitlines()[0].count(f"C-{practice.joan}") == 1


async def test_a_fix_that_was_not_saved_leaves_all_as_it_was(practice: Practice) -> None:
    async with practice.opened() as pilot:
        screen = await ask(pilot, SHARED)
        await pilot.press("down", "down", "down", "enter")
        await on_form(pilot, until="Reason")
        await pilot.press("escape")
        await wait_for(pilot, lambda: pilot.app.screen is screen, "the way back")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Fixes), "the fixes")
        assert screen.query_one(Fixes).highlighted == 3
        assert "✗ shared-email" in text(pilot)


async def test_what_changed_on_the_customer_s_own_screen_is_judged_on_the_way_back(
    practice: Practice,
) -> None:
    async with practice.opened() as pilot:
        await ask(pilot, SHARED)
        await pilot.press("5")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section), "the customer")
        bridge = console_of(pilot).bridge
        await bridge.run("username-to-email", {"customer": practice.joan}, reason="asked", request_id="x")
        await pilot.press("escape")
        await wait_for(pilot, lambda: "Was shared-email, now can-sign-in." in sentence(pilot), "the turn")


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


# ---- the customer screen


def head(pilot: Pilot[int]) -> str:
    return "\n".join(text(pilot).splitlines()[1:5])


async def opened(pilot: Pilot[int], customer_id: int) -> None:
    console_of(pilot).open_customer(customer_id)
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section))


async def test_the_head_of_a_customer_says_whether_they_can_sign_in(practice: Practice) -> None:
    well = add_customer(practice.database, emails=["w@example.org"], sign_ins=["well"])
    async with practice.opened() as pilot:
        await opened(pilot, well)
        assert "✓ can sign in" in head(pilot)
        await opened(pilot, practice.daniel)
        assert "✗ CANNOT SIGN IN shared-email · d why" in head(pilot)


async def test_the_head_of_a_customer_says_what_they_lack_and_not_that_nobody_matches(
    practice: Practice,
) -> None:
    async with practice.opened() as pilot:
        await opened(pilot, practice.hostile)
        assert "✗ CANNOT SIGN IN no-sign-in · d why" in head(pilot)


async def test_R30_a_correction_that_somebody_holds_names_them_and_fills_nothing_in(
    practice: Practice,
) -> None:
    ida = add_customer(practice.database, emails=[("ida@gmial.com", "unverified")], sign_ins=["ida"])
    dan = add_customer(practice.database, given_name="Dan", emails=["ida@gmail.com"])
    async with practice.opened("support") as pilot:
        await opened(pilot, ida)
        assert f"held by C-{dan} Dan" in text(pilot)
        await pilot.press("down")
        section = pilot.app.focused
        assert isinstance(section, Section)
        assert section.row is not None
        assert "email" not in section.row.values


async def test_P3_a_typing_error_stands_below_its_address_and_e_starts_with_the_correction(
    practice: Practice,
) -> None:
    ida = add_customer(practice.database, emails=[("ida@gmial.com", "unverified")], sign_ins=["ida"])
    async with practice.opened("support") as pilot:
        await opened(pilot, ida)
        before, after = (at for at, line in enumerate(text(pilot).splitlines()) if "ida@gm" in line)
        assert after == before + 1
        assert "misspelt-domain" in text(pilot).splitlines()[after]
        await pilot.press("down")
        section = pilot.app.focused
        assert isinstance(section, Section)
        assert section.row is not None
        assert section.row.values["email"] == "ida@gmail.com"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_fix_of_a_shared_email_is_in_sight(practice: Practice, size: tuple[int, int]) -> None:
    async with practice.opened(size=size) as pilot:
        screen = await ask(pilot, SHARED)
        assert screen.found is not None
        for number, fix in enumerate(screen.found.fixes, 1):
            assert f" {number}  {fix.label[:24]}" in text(pilot)
