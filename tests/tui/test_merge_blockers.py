"""What stands in the way of a merge is said above it, and each key gets it out of the way (R33, R36, P4)."""

from datetime import UTC, datetime

import pytest

from db.models import AuthenticationProfile, Customer, Operator, Pass, PassState, SignInState
from tests.factories import actor, add_customer, building
from tests.merging.people import attach, merge, row_of, setting
from tests.operations.acting import do
from tests.tui.conftest import Practice
from tests.tui.diagnosing import on_form
from tests.tui.merging import (
    heard,
    landed,
    merge_of,
    merged_into,
    on_merge,
    save,
    select,
    text,
    told,
    tried,
    twin,
)
from tests.tui.waiting import wait_for
from tui.screens.customer import CustomerScreen
from tui.screens.home import HomeScreen
from tui.screens.merge import MergeScreen
from tui.widgets.banner import Banner
from tui.widgets.dialog import Dialog


def flat(shown: str) -> str:
    return " ".join(shown.split())


async def test_an_open_link_ends_only_where_that_was_allowed(practice: Practice) -> None:
    other = twin(practice)
    attach(practice.database, other)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other, survivor=practice.joan)
        assert "has an open reset link" in flat(text(pilot))
        assert "⏎ let it end" in flat(text(pilot))
        assert "Nothing yet: 1 thing above stands in the way." in flat(text(pilot))
        await pilot.press("ctrl+s")
        assert pilot.app.screen is screen
        assert "open reset link" in told(pilot)
        await pilot.press("enter")  # the line that stands in the way is selected
        await tried(pilot)
        assert "ends 1 link" in flat(text(pilot))
        await save(pilot)
        await landed(pilot, practice.joan)
    assert merged_into(practice, other) == practice.joan


async def test_of_two_active_sign_ins_one_is_chosen_and_the_other_stops(practice: Practice) -> None:
    other = add_customer(practice.database, given_name="Jo", sign_ins=["jo.anderson"])
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other, survivor=practice.joan)
        await select(pilot, "sign_in")
        await pilot.press("2")
        await tried(pilot)
        assert screen.plan is not None
        shown = flat(text(pilot))
        assert "✗ username joan.a no longer signs in: the sign-in is disabled" in shown
        assert "with username jo.anderson" in shown
        chosen = screen.plan.values["sign_in"]
        await save(pilot)
        await landed(pilot, practice.joan)
    kept = row_of(practice.database, AuthenticationProfile, chosen)
    assert (kept.customer_id, kept.state) == (practice.joan, SignInState.ACTIVE)
    assert row_of(practice.database, AuthenticationProfile, 1).state is SignInState.DISABLED


async def test_a_pass_that_was_enrolled_twice_is_suspended_from_here(practice: Practice) -> None:
    other = add_customer(practice.database, given_name="Jo", passes=["P-07781"])
    async with practice.opened() as pilot:
        await merge_of(pilot, practice.joan, other, survivor=practice.joan)
        assert "The same pass was enrolled twice" in flat(text(pilot))
        assert "⏎ suspend one" in flat(text(pilot))
        await pilot.press("enter")
        await on_form(pilot, until="Reason")
        await pilot.press(*"mistyped", "ctrl+s")
        if isinstance(pilot.app.screen, Dialog):
            await heard(pilot)
            await pilot.press("tab", "enter")
        screen = await on_merge(pilot)
        await wait_for(pilot, lambda: screen.look is not None and screen.look.seen is not None, "the trial")
        assert "enrolled twice" not in flat(text(pilot))
    assert row_of(practice.database, Pass, 2).state is PassState.SUSPENDED


async def test_P4_one_card_each_is_said_with_its_key(practice: Practice) -> None:
    setting(practice.database, "one_card_each", "yes")
    other = twin(practice)
    async with practice.opened() as pilot:
        await merge_of(pilot, practice.joan, other, survivor=practice.joan)
        shown = flat(text(pilot))
        assert "the setting allows one card each" in shown
        assert "⏎ suspend one" in shown


async def test_R33_a_flag_stops_the_merge_and_its_customer_is_opened(practice: Practice) -> None:
    other = add_customer(practice.database, given_name="Jo", takeover_flag=True)
    async with practice.opened() as pilot:
        await merge_of(pilot, practice.joan, other, survivor=practice.joan)
        assert "flagged for a possible account takeover" in flat(text(pilot))
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen), "the flagged customer")
        assert getattr(pilot.app.screen, "customer_id", None) == other
        with building(practice.database) as session:
            session.get_one(Customer, other).takeover_flag = False
        await pilot.press("escape")
        screen = await on_merge(pilot)
        await wait_for(pilot, lambda: screen.look is not None and screen.look.seen is not None, "the trial")


async def test_R36_one_s_own_record_is_left_out_of_three(practice: Practice) -> None:
    other = twin(practice)
    with building(practice.database) as session:
        session.get_one(Operator, "rosa").customer_id = practice.daniel
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, practice.daniel, other)
        assert "is your own customer record" in flat(text(pilot))
        await select(pilot, "own-record")
        await pilot.press("enter")
        await wait_for(pilot, lambda: screen.ids == (practice.joan, other), "the two that are left")


async def test_who_was_merged_already_is_replaced_by_their_survivor(practice: Practice) -> None:
    other, third = twin(practice), add_customer(practice.database, given_name="J")
    merge(practice.database, other, third)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, third, survivor=practice.joan)
        assert "⏎ take the survivor" in flat(text(pilot))
        await pilot.press("enter")
        await wait_for(pilot, lambda: screen.ids == (practice.joan, other), "the survivor of that one")


async def test_an_address_that_somebody_else_holds_is_left_behind_or_the_holder_is_merged_too(
    practice: Practice,
) -> None:
    other, third = (add_customer(practice.database, emails=["shared@example.org"]) for _ in range(2))
    do(practice.database, "change-dedup-mode", actor("admin"), mode="by-email")
    ann = add_customer(practice.database, given_name="Ann", emails=["ann@example.net"])
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, ann, other, survivor=ann)
        await select(pilot, "contact-held")
        assert "⏎ leave it behind · m merge them too" in flat(text(pilot))
        await pilot.press("enter")
        await tried(pilot)
        assert screen.plan is not None
        assert "left_emails" in screen.plan.values
        assert screen.look is not None
        assert screen.look.seen is not None
        screen.plan.left.clear()
        screen.changed()
        await tried(pilot)
        await select(pilot, "contact-held")
        await pilot.press("m")
        await wait_for(pilot, lambda: screen.ids == (ann, other, third), "the holder as well")


async def test_another_given_name_at_the_same_phone_is_asked_about_and_explained(practice: Practice) -> None:
    with building(practice.database) as session:
        session.get_one(Customer, practice.daniel).birth_date = datetime(1999, 1, 2, tzinfo=UTC).date()
    async with practice.opened() as pilot:
        await merge_of(pilot, practice.joan, practice.daniel)
        assert "a household, not a duplicate?" in flat(text(pilot))
        await pilot.press("w")
        shown = flat(text(pilot))
        assert "given −" in shown
        assert "birth date −" in shown
        await pilot.press("escape")
        assert "After the merge" in text(pilot)


async def test_two_people_are_judged_with_a_reason_and_the_merge_closes(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await merge_of(pilot, practice.joan, practice.daniel)
        await pilot.press("full_stop")
        await on_form(pilot, until="Reason")
        await pilot.press(*"siblings", "ctrl+s")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HomeScreen), "the way back")
        await wait_for(pilot, lambda: "saved" in told(pilot), "what was done")
    assert len(practice.events("judge-duplicate")) == 1


@pytest.mark.parametrize("edited", ["survivor", "absorbed"])
async def test_R55_who_was_edited_meanwhile_is_shown_and_no_choice_is_lost(
    practice: Practice, edited: str
) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other, survivor=practice.joan)
        await select(pilot, "given_name_from")
        await pilot.press("2")
        await tried(pilot)
        whom = practice.joan if edited == "survivor" else other
        do(practice.database, "change-name", actor("admin"), customer=whom, family_name="Anders")
        await save(pilot)
        await wait_for(pilot, lambda: "meanwhile" in flat(text(pilot)), "the warning")
        assert "Anderson → Anders" in flat(text(pilot))
        assert merged_into(practice, other) is None
        await wait_for(pilot, lambda: not screen.query_one(Banner).is_deaf, "open ears")
        await pilot.press("enter")
        await wait_for(pilot, lambda: screen.look is not None and screen.look.seen is not None, "the trial")
        assert screen.plan is not None
        assert screen.plan.values["given_name_from"] == other
        await save(pilot)
        await landed(pilot, practice.joan)
    assert row_of(practice.database, Customer, practice.joan).given_name == "Jo"


async def test_three_are_merged_at_once_and_columns_say_who_is_shown(practice: Practice) -> None:
    other = twin(practice)
    third = add_customer(practice.database, given_name="Joanie", emails=["third@example.org"])
    fourth = add_customer(practice.database, given_name="J", emails=["fourth@example.org"])
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other, third, fourth, survivor=practice.joan)
        assert "‹2–3› of 4" in text(pilot)
        assert f"C-{fourth}" not in text(pilot).split("\n", 3)[2]
        await select(pilot, "given_name_from")
        await pilot.press("4")
        await tried(pilot)
        assert "‹3–4› of 4" in text(pilot)
        assert screen.plan is not None
        assert screen.plan.values["given_name_from"] == fourth
        await save(pilot)
        await landed(pilot, practice.joan)
    assert [merged_into(practice, number) for number in (other, third, fourth)] == [practice.joan] * 3


async def test_a_trial_that_comes_late_is_dropped(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other, survivor=practice.joan)
        assert isinstance(screen, MergeScreen)
        before = screen.look
        await screen._look(screen._asked - 1)
        assert screen.look is before
