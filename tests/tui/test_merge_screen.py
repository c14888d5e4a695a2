"""Merging on one screen: what is proposed, chosen, tried, confirmed and said (R35)."""

from db.models import EmailProfile
from tests.merging.people import row_of, rows_of
from tests.tui.conftest import Practice
from tests.tui.merging import (
    confirming,
    heard,
    landed,
    merge_of,
    merged_into,
    save,
    select,
    text,
    told,
    tried,
    twin,
)
from tests.tui.practice import console_of
from tui.screens.merge import MergeScreen


async def test_two_are_merged_as_proposed_and_one_lands_on_the_survivor(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        await merge_of(pilot, practice.joan, other)
        shown = text(pilot)
        assert f"C-{other} → C-{practice.joan}" in shown
        assert "given name" in shown
        assert "equal fields" in shown
        assert "birth date" not in shown  # folded
        assert "✓ with username joan.a" in shown
        await save(pilot)
        await landed(pilot, practice.joan)
        assert f"C-{other} leads to C-{practice.joan}" in told(pilot)
    assert merged_into(practice, other) == practice.joan
    assert [each for each, _ in practice.events("merge-customers")] == [practice.joan]


async def test_space_shows_the_equal_fields_and_folds_them(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        await merge_of(pilot, practice.joan, other)
        await select(pilot, "equal")
        await pilot.press("space")
        assert "birth date" in text(pilot)
        await pilot.press("space")
        assert "birth date" not in text(pilot)


async def test_one_key_takes_a_value_and_the_merge_is_tried_again(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other)
        await select(pilot, "given_name_from")
        await pilot.press("2")
        await tried(pilot)
        assert screen.plan is not None
        assert screen.plan.values["given_name_from"] == other
        await pilot.press("left")
        await tried(pilot)
        assert "given_name_from" not in screen.plan.values


async def test_both_emails_are_kept_one_may_be_left_and_one_is_made_primary(practice: Practice) -> None:
    other = twin(practice)
    (email,) = rows_of(practice.database, EmailProfile, other)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other)
        assert screen.plan is not None
        await select(pilot, f"email-{email.id}")
        await pilot.press("space")
        await tried(pilot)
        assert screen.plan.values["left_emails"] == str(email.id)
        await pilot.press("space", "enter")
        await tried(pilot)
        assert screen.plan.values["primary_email"] == email.id
        await save(pilot)
        await landed(pilot, practice.joan)
    found = row_of(practice.database, EmailProfile, email.id)
    assert (found.customer_id, found.is_primary) == (practice.joan, True)
    assert len(rows_of(practice.database, EmailProfile, practice.joan)) == 2


async def test_swap_lets_the_other_survive_and_keeps_the_choices(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other)
        await select(pilot, "given_name_from")
        await pilot.press("2")
        await pilot.press("s")
        await tried(pilot)
        assert screen.plan is not None
        assert screen.plan.survivor == other
        assert screen.plan.field_from(screen.plan.start.proposal.fields[0]) == other
        await save(pilot)
        await landed(pilot, other)
    assert merged_into(practice, practice.joan) == other


async def test_a_takes_all_from_one_side(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other)
        await pilot.press("a")
        await tried(pilot)
        assert screen.plan is not None
        assert screen.plan.values["given_name_from"] == other
        assert f"All from C-{other}" in told(pilot)


async def test_esc_asks_before_choices_are_thrown_away(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other)
        await select(pilot, "given_name_from")
        await pilot.press("2", "escape")
        assert pilot.app.screen is not screen
        assert "Discard" in text(pilot)
        await heard(pilot)
        await pilot.press("escape")
        assert pilot.app.screen is screen


async def test_the_confirmation_begins_on_cancel_and_the_reason_waits(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened() as pilot:
        screen = await merge_of(pilot, practice.joan, other)
        await confirming(pilot)
        await pilot.press("enter")
        assert pilot.app.screen is screen
        assert merged_into(practice, other) is None
        await pilot.press("ctrl+s")
        assert "twice" in text(pilot)


async def test_who_may_not_merge_hears_who_may(practice: Practice) -> None:
    other = twin(practice)
    async with practice.opened("support") as pilot:
        console_of(pilot).open_merge((practice.joan, other))
        await pilot.pause()
        assert not isinstance(pilot.app.screen, MergeScreen)
        assert "your role may not do this alone. Ask" in told(pilot)
