"""An interaction in the console: begun, seen in the header, recorded with all that is done, and closed."""

from datetime import timedelta

from sqlalchemy import select

from db.models import AuditEvent, Interaction, Note
from tests.tui.calls import OWN, begun, call, console_of, do, menu, taken_up, until
from tests.tui.conftest import Practice
from tests.tui.practice import screen_text
from tests.tui.waiting import wait_for
from tui.messages import CustomerRequested
from tui.screens.operation import OperationScreen
from tui.screens.walk import WalkScreen
from tui.widgets.section import Section
from tui.widgets.status import StatusLine


def header(pilot) -> str:
    return screen_text(pilot.app).splitlines()[0]


def sentence(pilot) -> str:
    return "".join(line.sentence for line in pilot.app.screen.query(StatusLine))


async def customer(pilot, number: int) -> None:
    pilot.app.post_message(CustomerRequested(number))
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section), "the customer")


async def form(pilot) -> OperationScreen:
    def is_ready() -> bool:
        return isinstance(pilot.app.screen, OperationScreen) and pilot.app.screen.is_settled

    await wait_for(pilot, is_ready, "the form")
    found = pilot.app.screen
    assert isinstance(found, OperationScreen)
    return found


def events(practice: Practice, operation: str) -> list[int | None]:
    with practice.database.reading() as connection:
        wanted = select(AuditEvent.interaction_id).where(AuditEvent.operation == operation)
        return list(connection.execute(wanted).scalars())


async def test_i_starts_one_about_the_customer_on_the_screen_and_the_header_says_so(practice: Practice):
    async with console_of(practice, "support") as pilot:
        await customer(pilot, practice.joan)
        await pilot.press("i")
        found = await form(pilot)
        assert found._values["customer"] == practice.joan
        assert found._values["channel"] == "phone"
        await pilot.press("ctrl+s")
        await until(pilot, "call 1 · ")
        assert "call 1" in header(pilot)


async def test_everything_that_is_done_then_is_recorded_with_it(practice: Practice):
    number = call(practice, practice.joan)
    async with console_of(practice, "support") as pilot:
        await taken_up(pilot, number)
        await customer(pilot, practice.joan)
        await pilot.press("n")
        await form(pilot)
        await pilot.press(*"hello", "tab", *"asked", "ctrl+s")
        await wait_for(pilot, lambda: events(practice, "add-note"), "the note")
        assert events(practice, "add-note") == [number]
        await wait_for(pilot, lambda: events(practice, "open-customer"))
        assert events(practice, "open-customer") == [number]
        with practice.database.reading() as connection:
            assert connection.execute(select(Note.interaction_id)).scalars().all() == [number]


async def test_i_shows_the_open_one_and_closes_it(practice: Practice):
    number = call(practice, practice.joan, ticket="T-77", inbound_identifier="775-555-0142")
    async with console_of(practice, "support") as pilot:
        await taken_up(pilot, number)
        await customer(pilot, practice.joan)
        await pilot.press("i")
        await menu(pilot)
        shown = screen_text(pilot.app)
        assert "from 775-555-0142" in shown
        assert "ticket T-77" in shown
        await pilot.press("enter")
        await until(pilot, "Call 1 is closed.")
        assert "call 1" not in header(pilot)
        assert pilot.app.bridge.interaction is None
    with practice.database.reading() as connection:
        assert connection.execute(select(Interaction.closed_at)).scalar_one() is not None


async def test_what_was_left_open_is_offered_at_the_next_start_and_not_taken_up_unasked(practice: Practice):
    number = call(practice)
    async with console_of(practice, "support") as pilot:
        await until(pilot, "is still open")
        assert "call" not in header(pilot)
        await customer(pilot, practice.joan)
        await wait_for(pilot, lambda: events(practice, "open-customer"))
        assert events(practice, "open-customer") == [None]
        await pilot.press("i")
        await menu(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: pilot.app.bridge.interaction == number, "the call")
        assert "call 1" in header(pilot)


async def test_leaving_with_one_open_says_that_it_stays_open(practice: Practice):
    number = call(practice)
    async with console_of(practice, "support") as pilot:
        await taken_up(pilot, number)
        assert "stays open" in pilot.app.left_open
        await pilot.press("ctrl+q")
        await wait_for(pilot, lambda: pilot.app._exit, "the end")
        assert "call 1 stays open" in str(pilot.app._exit_renderables)
    with practice.database.reading() as connection:
        assert connection.execute(select(Interaction.closed_at)).scalar_one() is None


async def test_one_that_was_closed_elsewhere_is_let_go_of_and_said(practice: Practice):
    number = call(practice, practice.joan)
    async with console_of(practice, "support") as pilot:
        await taken_up(pilot, number)
        await customer(pilot, practice.joan)
        do(practice, "close-interaction", interaction=number)
        await pilot.press("n")
        await form(pilot)
        await pilot.press(*"hello", "tab", *"asked")  # the preview hears of it; a save would leave the form
        await until(pilot, "was closed elsewhere")
        assert pilot.app.bridge.interaction is None
        assert "call 1" not in header(pilot)


async def test_R41_the_header_has_no_clock_of_its_own(practice: Practice):
    number = call(practice)
    async with console_of(practice, "support") as pilot:
        opened = (await pilot.app.procedures.own_open())[0].opened_at
        pilot.app.now = lambda: opened + timedelta(minutes=4)
        await taken_up(pilot, number)
        assert "call 1 · 4 min" in header(pilot)
        pilot.app.now = lambda: opened + timedelta(minutes=9)
        await pilot.pause(0.3)
        assert "call 1 · 4 min" in header(pilot)
        await customer(pilot, practice.joan)
        await pilot.press("escape")
        await until(pilot, "call 1 · 9 min")


async def test_an_auditor_is_told_who_may(practice: Practice):
    async with console_of(practice, "auditor") as pilot:
        await customer(pilot, practice.joan)
        for key in ("i", "p"):
            await pilot.press(key)
            await wait_for(pilot, lambda: "your role may not" in sentence(pilot), "the sentence")
            pilot.app.screen.status.clear()


async def test_a_second_operator_sees_on_the_customer_what_was_tried(practice: Practice):
    do(practice, "save-playbook", "admin", source=OWN)
    walk = begun(practice, call(practice, practice.joan, ticket="T-77"))
    do(practice, "record-step", walk=walk, step="hello")
    async with console_of(practice, "lead", size=(120, 40)) as pilot:
        await customer(pilot, practice.joan)
        shown = screen_text(pilot.app)
        assert "phone inbound" in shown
        assert "● open" in shown
        assert "T-77" in shown
        line = next(line for line in shown.splitlines() if "A short one" in line)
        assert "step 2 of 6" in line
        screen = pilot.app.screen
        assert screen.query_one("#section-interactions", Section).select(f"walk-{walk}")
        screen.query_one("#section-interactions", Section).enter()
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, WalkScreen), "the walk")
