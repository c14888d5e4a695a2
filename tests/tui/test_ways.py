"""Between the screens: folding and jumping, messages, undo, back and forward, recent customers, more rows."""

from textual.widgets import Input

from tests.factories import add_customer
from tests.tui.conftest import Practice, search
from tests.tui.practice import screen_text
from tests.tui.test_customer import customer, deliver, line_of, settled_menu
from tests.tui.waiting import wait_for
from tui.screens.customer import CustomerScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.message import MessageScreen
from tui.screens.operation import OperationScreen
from tui.widgets.header import Header
from tui.widgets.results import Results
from tui.widgets.section import Section
from tui.widgets.status import StatusLine


async def test_a_number_jumps_to_a_section_and_space_folds_it_for_the_next_customer_too(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("5")
        assert isinstance(pilot.app.focused, Section)
        assert pilot.app.focused.shown.key == "passes"
        await pilot.press("space")
        assert "1 row · space" in line_of(pilot, "Passes")
        assert "P-7781" not in screen_text(pilot.app)
        pilot.app.open_customer(practice.daniel)
        await wait_for(pilot, lambda: "Daniel" in line_of(pilot, "name"))
        assert "no rows · space" in line_of(pilot, "Passes")


async def test_enter_on_a_message_shows_every_try_with_the_servers_words(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        values = {"customer": practice.joan}
        applied = await pilot.app.bridge.run("send-sign-in-link", values, reason="r", request_id="m1")
        deliver(practice)
        pilot.app.screen.came_back(applied)
        await wait_for(pilot, lambda: "sent" in line_of(pilot, "reset link"))
        assert pilot.app.focused.shown.key == "messages"
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MessageScreen))
        await wait_for(pilot, lambda: "Written to the practice mailbox" in screen_text(pilot.app))
        assert "1 try" in screen_text(pilot.app)


async def test_u_opens_the_opposite_of_the_latest_change_filled_in(practice: Practice):
    async with customer(practice, practice.daniel) as pilot:
        values = {"customer": practice.daniel, "email": "dd@example.net"}
        await pilot.app.bridge.run("change-email", values, reason="r", request_id="u1")
        await pilot.press("f5")
        await wait_for(pilot, lambda: "dd@example.net" in screen_text(pilot.app))
        await pilot.press("u")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen))
        await wait_for(pilot, lambda: "undo of event" in screen_text(pilot.app))
        inputs = [box.value for box in pilot.app.screen.query(Input)]
        assert "janderson@example.com" in inputs


async def test_alt_left_goes_back_alt_right_forward_and_the_header_names_the_path(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        pilot.app.open_customer(practice.daniel)
        await wait_for(pilot, lambda: f"C-{practice.daniel} D" in screen_text(pilot.app))
        assert f"Search ▸ C-{practice.joan} ▸ C-{practice.daniel}" in screen_text(pilot.app).splitlines()[0]
        await pilot.press("alt+left")
        await wait_for(pilot, lambda: pilot.app.screen.customer_id == practice.joan)
        await pilot.press("alt+right")
        await wait_for(pilot, lambda: pilot.app.screen.customer_id == practice.daniel)
        await pilot.press("alt+right")
        assert "no way forward" in pilot.app.screen.query_one(StatusLine).sentence


async def test_ctrl_r_lists_who_was_open_from_the_search_box_too(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("slash")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
        await pilot.press("ctrl+r")
        options = await settled_menu(pilot)
        assert [option.id for option in options.options] == [str(practice.joan)]
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen))


def seen(pilot) -> str:
    return screen_text(pilot.app)


async def test_the_end_of_the_list_reads_on_and_counts_honestly(practice: Practice):
    for number in range(60):
        add_customer(practice.database, given_name=f"Zoe{number}", family_name="Quimby")
    async with practice.opened() as pilot:
        results = await search(pilot, "quimby", hits=50)
        assert "1–50 of 60" in seen(pilot)
        await pilot.press("down")
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Results))
        await pilot.press("end")
        await wait_for(pilot, lambda: len(results.hits) == 60)
        assert results.highlighted == 49
        assert "1–60 of 60" in seen(pilot)


async def test_help_is_searched_by_typing_and_shows_the_command_line(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("question_mark")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        assert pilot.app.screen.query_one(Header).crumbs == ("Help",)
        await pilot.press(*"cool-down")
        await wait_for(pilot, lambda: "A new address waits" in seen(pilot))
        assert "reset/activate" not in seen(pilot)
