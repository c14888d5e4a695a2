"""Walking a playbook in the console: one screen, one key a step, resumed where it was, seen by others."""

import pytest

from db.rules.playbooks import Standing
from tests.factories import add_customer
from tests.tui.calls import OWN, begun, call, console_of, do, menu, seen, taken_up, until
from tests.tui.conftest import Practice
from tests.tui.practice import screen_text
from tests.tui.test_interactions import customer, events, form, sentence
from tests.tui.waiting import wait_for
from tui.screens.menu import MenuScreen
from tui.screens.walk import WalkScreen
from tui.widgets.dialog import Dialog


@pytest.fixture
def playbook(practice: Practice) -> Practice:
    """A short playbook with a step of each kind."""
    do(practice, "save-playbook", "admin", source=OWN)
    return practice


async def opened(pilot, interaction: int, walk: int, about: int | None = None) -> WalkScreen:
    await taken_up(pilot, interaction)
    pilot.app.open_walk(walk, about)
    found = pilot.app.screen
    await wait_for(pilot, lambda: found.is_settled and found.walk is not None, "the walk")
    assert isinstance(found, WalkScreen)
    return found


async def step(pilot, screen: WalkScreen, name: str | None) -> None:
    """Wait until a step is the one that is due."""
    await wait_for(pilot, lambda: screen.is_settled and screen.walk and screen.walk.next == name, str(name))


async def test_p_offers_to_start_an_interaction_and_then_the_playbooks(playbook: Practice):
    async with console_of(playbook, "support") as pilot:
        await customer(pilot, playbook.joan)
        await pilot.press("p")
        await menu(pilot)
        assert "kept with an interaction" in screen_text(pilot.app)
        await pilot.press("enter")
        await form(pilot)
        await pilot.press("ctrl+s")
        await menu(pilot)
        shown = screen_text(pilot.app)
        assert "A short one" in shown
        assert "The customer was told to call" in shown


async def test_a_walk_is_gone_through_with_one_key_a_step_to_its_outcome(playbook: Practice):
    number = call(playbook, playbook.joan)
    async with console_of(playbook, "support") as pilot:
        await taken_up(pilot, number)
        await customer(pilot, playbook.joan)
        await pilot.press("p")
        await menu(pilot)
        found = [offer.label for offer in pilot.app.screen._offers]
        await pilot.press(*["down"] * found.index("A short one"), "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, WalkScreen), "the walk")
        screen = pilot.app.screen
        await step(pilot, screen, "hello")
        assert "Say hello." in screen_text(pilot.app)
        await pilot.press("enter")
        await step(pilot, screen, "typed")
        await pilot.press(*"joan.a", "enter")
        await step(pilot, screen, "note")  # the check between them ran by itself
        await pilot.press("k")
        await step(pilot, screen, "outcome")
        await pilot.press("1")
        await answered_yes(pilot)
        await until(pilot, "Ended: solved")
        assert seen(playbook, screen._number).outcome == "solved"
        assert set(events(playbook, "record-step")) == {number}


async def at_the_decision(pilot, practice: Practice) -> WalkScreen:
    """Open a walk that waits for its last answer."""
    number = call(practice, practice.joan)
    walk = begun(practice, number)
    for name, answer in (("hello", None), ("typed", "joan.a"), ("status", None), ("note", None)):
        do(practice, "record-step", walk=walk, step=name, answer=answer)
    screen = await opened(pilot, number, walk)
    await step(pilot, screen, "outcome")
    return screen


async def answered_yes(pilot) -> None:
    """Say yes to a question."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog) and not pilot.app.screen.is_deaf)
    await pilot.press("right", "enter")


async def test_a_second_enter_in_the_list_of_answers_chooses_nothing(playbook: Practice):
    async with console_of(playbook, "support") as pilot:
        screen = await at_the_decision(pilot, playbook)
        await pilot.press("enter")
        await menu(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, MenuScreen)
        assert seen(playbook, screen._number).outcome is None


async def test_digits_choose_in_the_list_of_answers(playbook: Practice):
    async with console_of(playbook, "support") as pilot:
        screen = await at_the_decision(pilot, playbook)
        await pilot.press("enter")
        await menu(pilot)
        await pilot.press("2")
        await step(pilot, screen, "bye")


async def test_an_answer_that_ends_the_walk_is_asked_for_and_no_is_the_first_answer(playbook: Practice):
    async with console_of(playbook, "support") as pilot:
        screen = await at_the_decision(pilot, playbook)
        await pilot.press("1")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog) and not pilot.app.screen.is_deaf)
        await pilot.press("enter")
        await wait_for(pilot, lambda: pilot.app.screen is screen)
        assert seen(playbook, screen._number).outcome is None


async def test_a_check_shows_the_sentence_of_its_evidence(playbook: Practice):
    number = call(playbook, playbook.joan)
    walk = begun(playbook, number)
    for name, answer in (("hello", None), ("typed", "joan.a")):
        do(playbook, "record-step", walk=walk, step=name, answer=answer)
    async with console_of(playbook, "support") as pilot:
        screen = await opened(pilot, number, walk)
        await step(pilot, screen, "note")
        await pilot.press("up")
        assert screen.item is not None
        assert screen.item.id == "status"
        await until(pilot, f"C-{playbook.joan} is active.")


async def test_a_do_step_opens_the_form_filled_in_and_is_ticked_when_it_was_applied(playbook: Practice):
    number = call(playbook, playbook.joan)
    walk = begun(playbook, number)
    for name, answer in (("hello", None), ("typed", "joan.a"), ("status", None)):
        do(playbook, "record-step", walk=walk, step=name, answer=answer)
    async with console_of(playbook, "support") as pilot:
        screen = await opened(pilot, number, walk)
        await step(pilot, screen, "note")
        await pilot.press("enter")
        found = await form(pilot)
        assert found._values == {"customer": playbook.joan, "text": "joan.a"}
        await pilot.press("escape")
        await wait_for(pilot, lambda: pilot.app.screen is screen)
        await step(pilot, screen, "note")  # not ticked: nothing was done
        await pilot.press("enter")
        await form(pilot)
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: pilot.app.screen is screen)
        await step(pilot, screen, "outcome")
        assert "Add note: saved" in sentence(pilot)
        assert events(playbook, "add-note") == [number]


async def test_P3_the_correction_of_a_typo_opens_with_what_the_table_proposes(practice: Practice):
    ida = add_customer(practice.database, emails=[("ida@gmial.com", "unverified")], sign_ins=["ida"])
    number = call(practice, ida)
    walk = begun(practice, number, "p3-code-never-arrives")
    for name, answer in (("identifier", "ida"), ("tried", "both"), ("first-line", "not-received")):
        do(practice, "record-step", walk=walk, step=name, answer=answer)
    async with console_of(practice, "support") as pilot:
        screen = await opened(pilot, number, walk)
        await step(pilot, screen, "correct")  # the check before it ran by itself
        await pilot.press("enter")
        found = await form(pilot)
        assert found._values["email"] == "ida@gmail.com"
        await until(pilot, "ida@gmial.com")  # what it is instead of, in the preview


async def test_a_do_step_without_a_customer_says_how_to_find_one(playbook: Practice):
    number = call(playbook)
    walk = begun(playbook, number)
    for name, answer in (("hello", None), ("typed", "joan.a"), ("status", None)):
        do(playbook, "record-step", walk=walk, step=name, answer=answer)
    async with console_of(playbook, "support") as pilot:
        screen = await opened(pilot, number, walk)
        await step(pilot, screen, "note")
        await pilot.press("enter")
        await until(pilot, "Nobody is known yet")
        await pilot.press("escape")
        await opened(pilot, number, walk, playbook.joan)
        await pilot.press("enter")
        assert (await form(pilot))._values["customer"] == playbook.joan


async def test_an_earlier_answer_is_corrected_and_what_was_found_from_it_is_found_again(playbook: Practice):
    number = call(playbook)
    walk = begun(playbook, number)
    for name, answer in (("hello", None), ("typed", "nobody-such"), ("status", None)):
        do(playbook, "record-step", walk=walk, step=name, answer=answer)
    async with console_of(playbook, "support") as pilot:
        screen = await opened(pilot, number, walk)
        await step(pilot, screen, "outcome")  # the note is skipped: nobody was found
        assert "Write it down." not in screen_text(pilot.app)
        assert "1 skipped" in screen_text(pilot.app)
        await pilot.press("space")
        await until(pilot, "Write it down.")
        await pilot.press("up", "up", "up", "enter")
        await wait_for(pilot, lambda: screen._question.is_typing, "the answer")
        await pilot.press(*"joan.a", "enter")
        await step(pilot, screen, "note")
        assert [(found.id, found.answer) for found in seen(playbook, walk).steps][1:3] == [
            ("typed", "joan.a"),
            ("status", "active"),
        ]


async def test_a_walk_is_resumed_where_it_was(playbook: Practice):
    number = call(playbook, playbook.joan)
    walk = begun(playbook, number)
    do(playbook, "record-step", walk=walk, step="hello")
    async with console_of(playbook, "support") as pilot:
        await taken_up(pilot, number)
        await customer(pilot, playbook.joan)
        await pilot.press("p")
        await menu(pilot)
        assert "step 2 of 6" in screen_text(pilot.app)
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, WalkScreen), "the walk")
        await step(pilot, pilot.app.screen, "typed")
        assert pilot.app.screen._number == walk


async def test_typed_answers_are_never_thrown_away_without_a_question(playbook: Practice):
    number = call(playbook, playbook.joan)
    walk = begun(playbook, number)
    do(playbook, "record-step", walk=walk, step="hello")
    async with console_of(playbook, "support") as pilot:
        screen = await opened(pilot, number, walk)
        await wait_for(pilot, lambda: screen._question.is_typing, "the answer")
        await pilot.press(*"joan", "escape", "escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog), "the question")


@pytest.mark.parametrize("role", ["lead", "auditor"])
async def test_another_s_walk_is_read_and_not_written(playbook: Practice, role: str):
    walk = begun(playbook, call(playbook, playbook.joan))
    async with console_of(playbook, role) as pilot:
        pilot.app.open_walk(walk)
        await until(pilot, "kim's walk")
        assert "kim · interaction 1" in screen_text(pilot.app)
        await pilot.press("enter", "k", "1")
        await wait_for(pilot, lambda: "kim" in sentence(pilot))
        assert seen(playbook, walk).steps[0].standing is Standing.NEXT
        await wait_for(pilot, lambda: events(playbook, "open-walk"), "the event")


async def test_a_walk_of_an_interaction_that_is_not_in_the_header_is_read_only(playbook: Practice):
    walk = begun(playbook, call(playbook, playbook.joan))
    other = call(playbook)
    async with console_of(playbook, "support") as pilot:
        await opened(pilot, other, walk)
        await until(pilot, "belongs to interaction 1")


async def test_a_walk_of_a_closed_interaction_and_one_that_was_changed_say_so(playbook: Practice):
    number = call(playbook, playbook.joan)
    walk = begun(playbook, number)
    do(playbook, "close-interaction", interaction=number)
    do(playbook, "save-playbook", "admin", source=OWN.replace("Say hello.", "Say good day."))
    async with console_of(playbook, "support") as pilot:
        pilot.app.open_walk(walk)
        await until(pilot, "Its interaction is closed")
        assert "changed since" in screen_text(pilot.app)
        assert "Say good day." in screen_text(pilot.app)


async def test_who_may_is_said_where_the_role_may_not_and_the_step_can_be_ticked(playbook: Practice):
    source = OWN.replace("add-note", "suspend-customer").replace('fills = { text = "typed" }\n', "")
    do(playbook, "save-playbook", "admin", source=source)
    number = call(playbook, playbook.joan)
    walk = begun(playbook, number)
    for name, answer in (("hello", None), ("typed", "joan.a"), ("status", None)):
        do(playbook, "record-step", walk=walk, step=name, answer=answer)
    async with console_of(playbook, "support") as pilot:
        screen = await opened(pilot, number, walk)
        await step(pilot, screen, "note")
        assert "ask a team lead" in screen_text(pilot.app)
        await pilot.press("enter")
        await wait_for(pilot, lambda: "may not do this alone" in sentence(pilot), "who may")
        await pilot.press("k")
        await step(pilot, screen, "outcome")
