"""Fixes of a verdict in the console, and the verdict again after each (P1, P3)."""

from sqlalchemy import select
from textual.pilot import Pilot

from db.actor import service
from db.engine import Database
from db.models import Message
from db.rules.cases import Case
from tests.factories import actor, add_customer
from tests.operations.acting import do
from tests.signin.post import Post
from tests.tui.conftest import Practice
from tests.tui.diagnosing import SHARED, ask, diagnosed, flowing, on_form, opened, saved, sentence, text
from tests.tui.practice import console_of
from tests.tui.waiting import wait_for
from tui.widgets.fixes import Fixes
from tui.widgets.section import Section


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
