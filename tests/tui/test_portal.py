"""The customer's own sign-in on the screen: each step, each link, and that nothing secret stays."""

from pathlib import Path

import pytest
from textual.widgets import Input

from db.engine import Database
from db.steps import NO_CODE_YET, NOT_SIGNED_IN
from tests.conftest import Clock
from tests.factories import actor
from tests.operations.acting import do
from tests.signin.conftest import PASSWORD
from tests.tui.customers_side import JOAN, at_the_customers, sign_in, with_joan
from tests.tui.practice import SIZES, console_of, showing
from tests.tui.waiting import wait_for
from tui import portal_pages as pages
from tui.screens.mailbox import MailboxScreen
from tui.widgets.dialog import Dialog
from tui.widgets.secret_input import SecretInput


@pytest.fixture
def base(sqlite_database: Database, clock: Clock) -> Database:
    return with_joan(sqlite_database, clock)


async def test_identifier_password_and_code_let_the_customer_in(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson")
        assert side.screen.page is pages.PASSWORD
        await side.enter(PASSWORD)
        assert "A code is on its way to" in side.page.sentence
        await side.enter(side.newest_code("sms"))
        assert side.screen.page is pages.SIGNED_IN
        assert f"Customer C-{JOAN}, until" in side.shown


async def test_the_policy_says_what_is_asked_for_first(base, tmp_path: Path) -> None:
    do(base, "change-setting", actor("admin"), key="sign_in_order", value='"code-first"')
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson")
        assert side.screen.page is pages.CODE
        await side.enter(side.newest_code("sms"))
        assert side.screen.page is pages.PASSWORD
        await side.enter(PASSWORD)
        assert side.screen.page is pages.SIGNED_IN


async def test_a_wrong_password_shows_the_customers_sentence_and_empties_the_box(base, tmp_path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson", "not her password")
        assert side.page.sentence == NOT_SIGNED_IN
        assert NOT_SIGNED_IN in side.shown
        assert side.page.value("password") == ""
        await side.enter(PASSWORD)
        assert side.screen.page is pages.CODE


async def test_whoever_nobody_knows_reads_the_same_sentence(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("[@click=app.quit]x", "whatever it is")
        assert side.page.sentence == NOT_SIGNED_IN


async def test_after_five_wrong_entries_it_starts_again(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson")
        for _ in range(5):
            await side.enter("not her password")
        assert (side.screen.page, side.page.sentence) == (pages.IDENTIFIER, NOT_SIGNED_IN)


async def test_P3_use_email_instead_sends_another_code_by_mail(base, tmp_path: Path, clock: Clock) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson", PASSWORD)
        side.newest_code("sms")
        clock.advance(minutes=1)
        await side.press("Use email instead")
        assert "@" in side.page.sentence
        await side.enter(side.newest_code("email"))
        assert side.screen.page is pages.SIGNED_IN


async def test_R20_a_code_asked_for_too_soon_does_not_go_and_says_so(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson", PASSWORD)
        await side.press("Send another code")
        assert side.page.sentence == NO_CODE_YET


async def test_another_code_goes_the_same_way(base, tmp_path: Path, clock: Clock) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson", PASSWORD)
        side.newest_code("sms")
        clock.advance(minutes=1)
        await side.press("Send another code")
        assert [mail.channel for mail in side.post()] == ["sms", "sms"]


async def test_signing_out_ends_the_session(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await sign_in(side)
        await side.press("Sign out")
        assert (side.screen.page, side.page.sentence) == (pages.IDENTIFIER, pages.SIGNED_OUT)


async def test_R21_who_was_locked_meanwhile_is_not_signed_in_any_more(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await sign_in(side)
        do(base, "lock-sign-in", actor("admin"), customer=JOAN, sign_in=1)
        await side.pilot.press("f5")
        await wait_for(side.pilot, lambda: side.page.sentence == pages.SESSION_OVER)
        assert side.screen.page is pages.IDENTIFIER


async def test_outside_the_sandbox_it_says_where_it_belongs(base, tmp_path: Path) -> None:
    mailbox = MailboxScreen()
    async with showing(base, tmp_path, mailbox) as pilot:
        console_of(pilot).is_sandbox = False
        mailbox.action_portal()
        assert mailbox.status.sentence == pages.ONLY_SANDBOX
        assert pilot.app.screen is mailbox


async def test_R19_without_the_key_of_codes_a_banner_says_so_and_what_was_typed_stays(base, tmp_path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        console_of(side.pilot).bridge.code_key = None
        await side.enter("janderson")
        await wait_for(side.pilot, lambda: "have no key here" in side.shown)
        assert side.page.value("identifier") == "janderson"


# ---- nothing secret stays, nothing typed is lost


async def test_ctrl_o_shows_the_mailbox_and_esc_comes_back_to_what_was_typed(base, tmp_path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson", PASSWORD)
        await side.pilot.press(*"12", "ctrl+o")
        assert isinstance(side.pilot.app.screen, MailboxScreen)
        await side.pilot.press("escape")
        await wait_for(side.pilot, lambda: side.pilot.app.screen is side.screen)
        assert side.page.value("code") == "12"


async def test_R24_a_password_is_never_shown_and_never_copied(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson")
        await side.pilot.press(*PASSWORD, "home", "shift+end", "ctrl+c", "ctrl+x")
        assert PASSWORD not in side.shown
        assert "seven" not in side.shown
        assert side.pilot.app.clipboard == ""


async def test_leaving_asks_about_what_is_typed_and_forgets_it(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.enter("janderson")
        box = side.screen.query_one(SecretInput)
        await side.pilot.press(*PASSWORD, "escape")
        dialog = side.pilot.app.screen
        assert isinstance(dialog, Dialog)
        await wait_for(side.pilot, lambda: not dialog.is_deaf)
        await side.pilot.press("tab", "enter")
        await wait_for(side.pilot, lambda: not side.screen.is_attached)
        assert box.value == ""
        assert PASSWORD not in str(vars(side.screen))


async def test_A11_hostile_text_is_only_text(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        side.screen.query_one(Input).value = "[/x]\x1b]0;t\x07\u202e"
        await side.pilot.press("enter")
        await side.settled()
        assert side.screen.page is pages.PASSWORD
        assert "\x1b" not in side.shown


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_page_is_whole(base, tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_the_customers(base, tmp_path, size=size) as side:
        for page in (pages.IDENTIFIER, pages.PASSWORD, pages.CODE, pages.CLAIM, pages.NEW_PASSWORD):
            await side.page.turn(page, "https://a.example.com/x", NOT_SIGNED_IN, has_failed=True)
            await side.pilot.pause()
            seen = side.shown
            assert "customer here" in seen
            wanted = [*(box.label for box in page.boxes), *(choice.label for choice in page.choices)]
            assert [label for label in wanted if label not in seen] == []
