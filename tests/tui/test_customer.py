"""One customer on one screen: sections, rows, and what can be done to them."""

from contextlib import asynccontextmanager

from textual.widgets import OptionList

from tests.factories import actor
from tests.tui.conftest import Practice
from tests.tui.practice import screen_text
from tests.tui.waiting import wait_for
from tui.messages import CustomerRequested
from tui.screens.customer import CustomerScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.menu import MenuScreen, PaletteScreen
from tui.screens.operation import OperationScreen
from tui.section_rows import Row
from tui.widgets.section import Section
from tui.widgets.status import StatusLine


@asynccontextmanager
async def customer(
    practice: Practice, customer_id: int, role: str = "lead", size: tuple[int, int] = (80, 24)
):
    async with practice.opened(role, size=size) as pilot:
        pilot.app.post_message(CustomerRequested(customer_id))
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section))
        yield pilot


def line_of(pilot, text: str) -> str:
    return next((line for line in screen_text(pilot.app).splitlines() if text in line), "")


def selected(screen: CustomerScreen) -> Row:
    assert screen.section is not None
    assert screen.section.row is not None
    return screen.section.row


def sentence(pilot) -> str:
    return "".join(line.sentence for line in pilot.app.screen.query(StatusLine))


async def settled_menu(pilot) -> OptionList:
    """Wait until a menu is open and hears keys again."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and pilot.app.screen.is_mounted)
    await wait_for(pilot, lambda: not pilot.app.screen.is_deaf)
    found: OptionList = pilot.app.screen.query_one(OptionList)
    return found


async def test_a_customer_is_whole_on_one_screen(practice: Practice):
    async with customer(practice, practice.joan, size=(120, 40)) as pilot:
        text = screen_text(pilot.app)
        for expected in (
            "Joan Anderson",
            "ACTIVE",
            "janderson@example.com",
            "775-555-0142",
            "joan.a",
            "P-7781",
        ):
            assert expected in text
        assert "also C-" in line_of(pilot, "janderson@example.com")


async def test_the_first_line_says_where_who_and_which_environment(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        first = screen_text(pilot.app).splitlines()[0]
        assert f"C-{practice.joan}" in first
        assert "rosa · team lead" in first
        assert "SANDBOX" in first


async def test_R2_opening_is_one_event(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await wait_for(pilot, lambda: practice.events("open-customer"))
        await pilot.press("f5")
        await pilot.pause()
        assert practice.events("open-customer") == [(practice.joan, "rosa")]


async def test_arrows_walk_through_all_sections(practice: Practice):
    async with customer(practice, practice.daniel) as pilot:
        seen = []
        for _ in range(12):
            focused = pilot.app.focused
            assert isinstance(focused, Section)
            seen.append((focused.shown.key, focused.cursor))
            await pilot.press("down")
        assert seen[:3] == [("email", 0), ("email", 1), ("phone", 0)]
        assert seen[-1][0] != "phone"


async def test_e_offers_what_can_be_done_to_the_selected_row(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("e")
        options = await settled_menu(pilot)
        names = [option.id for option in options.options]
        assert "change-email" in names
        assert "change-phone" not in names
        assert "add-email" not in names


async def test_what_the_role_forbids_is_dim_and_says_who_may(practice: Practice):
    async with customer(practice, practice.joan, "support") as pilot:
        await pilot.press("e")
        options = await settled_menu(pilot)
        assert options.get_option("remove-email").disabled
        assert "ask a team lead or an admin" in line_of(pilot, "Remove email")


async def test_an_operation_starts_with_the_selected_row_filled_in(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("e")
        await settled_menu(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen))
        await wait_for(pilot, lambda: "janderson@example.com" in screen_text(pilot.app))


async def test_esc_in_a_menu_does_nothing_else(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("e")
        await settled_menu(pilot)
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen))


async def test_R43_keys_are_not_heard_just_after_a_menu_opened(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("e")
        await settled_menu(pilot)
        pilot.app.screen.deafen()
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, MenuScreen)


async def test_r_opens_the_reset_of_that_customer(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("r")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen))


async def test_an_auditor_cannot_start_a_reset_and_reads_who_may(practice: Practice):
    async with customer(practice, practice.joan, "auditor") as pilot:
        await pilot.press("r")
        assert "Ask support" in pilot.app.screen.query_one(StatusLine).sentence


async def test_a_change_lands_back_on_the_customer_with_the_row_still_selected(practice: Practice):
    async with customer(practice, practice.daniel) as pilot:
        await pilot.press("down")
        screen = pilot.app.screen
        assert isinstance(screen, CustomerScreen)
        applied = await pilot.app.bridge.run(
            "make-email-primary",
            {"customer": practice.daniel, "profile": selected(screen).values["email_profile"]},
            reason="asked for it",
            request_id="r1",
        )
        screen.came_back(applied)
        await wait_for(pilot, lambda: "primary" in line_of(pilot, "dan@example.org"))
        assert "saved" in screen.query_one(StatusLine).sentence
        assert selected(screen).copy == "dan@example.org"


async def test_a_message_changes_its_state_on_the_open_screen(practice: Practice):
    async with customer(practice, practice.joan, size=(120, 40)) as pilot:
        values = {"customer": practice.joan}
        applied = await pilot.app.bridge.run(
            "send-sign-in-link", values, reason="locked out", request_id="r2"
        )
        pilot.app.screen.came_back(applied)
        await wait_for(pilot, lambda: "queued" in line_of(pilot, "reset link"))
        deliver(practice)
        await wait_for(pilot, lambda: "✓ sent" in line_of(pilot, "reset link"))


def deliver(practice: Practice) -> None:
    from db.delivery.folder import FolderTransport
    from db.delivery.worker import deliver_due

    deliver_due(practice.database, FolderTransport(practice.folder / "mailbox"), worker="test")


async def test_the_palette_finds_operations_by_name(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("colon")
        options = await settled_menu(pilot)
        assert isinstance(pilot.app.screen, PaletteScreen)
        await pilot.press(*"note")
        await wait_for(pilot, lambda: [option.id for option in options.options] == ["add-note"])
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen))


async def test_the_palette_says_what_a_command_is_that_the_role_may_not_do(practice: Practice):
    async with customer(practice, practice.joan, role="support") as pilot:
        await pilot.press("colon")
        await settled_menu(pilot)
        await pilot.press(*"suspend customer")
        await wait_for(pilot, lambda: "Keeps the customer out" in screen_text(pilot.app), "its help")
        assert "× ask a team lead or an admin." in screen_text(pilot.app)


async def test_help_lists_the_keys_of_the_place(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("question_mark")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        assert "Says why this customer cannot sign in" in screen_text(pilot.app)


async def test_slash_goes_back_to_the_box(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("slash")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))


async def test_an_unknown_customer_is_a_sentence(practice: Practice):
    async with practice.opened() as pilot:
        pilot.app.post_message(CustomerRequested(999_999))
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen))
        await wait_for(pilot, lambda: sentence(pilot))


async def test_R37_A11_a_hostile_customer_is_shown_and_does_nothing(practice: Practice):
    async with customer(practice, practice.hostile, size=(120, 40)) as pilot:
        text = screen_text(pilot.app)
        assert "[@click=app.quit]x[/x]" in text
        assert not set("\x1b\x07\u202e") & set(text)


async def test_A22_a_disabled_operator_is_told_so(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        ada = practice.bridge("admin")
        await ada.run("disable-operator", {"operator": actor().operator_id}, reason="left", request_id="r3")
        ada.close()
        pilot.app.post_message(CustomerRequested(practice.daniel))
        await wait_for(pilot, lambda: "not an active operator" in sentence(pilot))
        assert "danderson" not in screen_text(pilot.app)


async def test_what_would_change_nothing_on_a_row_says_why(practice: Practice):
    async with customer(practice, practice.joan) as pilot:
        await pilot.press("e")
        menu = await settled_menu(pilot)
        for name in ("make-email-primary", "mark-email-verified", "shorten-cool-down"):
            assert menu.get_option(name).disabled
        text = " ".join(screen_text(pilot.app).split())
        assert "× it is primary" in text
        assert "× it is verified" in text
        assert "× none runs" in text
        assert not menu.get_option("change-email").disabled


async def test_without_a_sign_in_no_key_for_a_reset_is_pointed_at(practice: Practice):
    async with customer(practice, practice.hostile, size=(120, 50)) as pilot:
        assert "r reset" not in line_of(pilot, "Sign-in")
        assert "r creates one" in line_of(pilot, "Nothing was sent yet;")


async def test_without_an_address_its_row_says_which_key_adds_one(practice: Practice):
    async with customer(practice, practice.hostile) as pilot:
        assert "none on file; e adds one" in line_of(pilot, "address ")
        await pilot.press("1", "down", "down", "e")
        menu = await settled_menu(pilot)
        assert not menu.get_option("change-address").disabled
