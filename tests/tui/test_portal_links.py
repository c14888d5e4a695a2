"""Links and claims on the customer's own pages: from the mail to the new password, and back to sign-in."""

from pathlib import Path

import pytest

from db.engine import Database
from db.steps import CLAIMED, LINK_OVER, PASSWORD_SET
from tests.conftest import Clock
from tests.factories import actor
from tests.operations.acting import do
from tests.signin.conftest import joan_with
from tests.tui.customers_side import JOAN, NEW, at_the_customers, sign_in, with_joan
from tests.tui.practice import console_of, screen_text, showing
from tests.tui.test_mailbox import put_mail
from tests.tui.waiting import wait_for
from tui import portal_pages as pages
from tui.screens.mailbox import MailboxScreen
from tui.screens.portal import PortalScreen


@pytest.fixture
def base(sqlite_database: Database, clock: Clock) -> Database:
    return with_joan(sqlite_database, clock)


async def test_R21_a_reset_link_sets_a_password_and_signs_nobody_in(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        side.screen.follow(side.link(JOAN))
        await side.settled()
        assert side.screen.page is pages.NEW_PASSWORD
        await side.enter(NEW, NEW)
        assert (side.screen.page, side.page.sentence) == (pages.SAID, PASSWORD_SET)
        await side.press("Go to sign-in")
        await sign_in(side, NEW)
        assert side.screen.page is pages.SIGNED_IN


async def test_R24_a_password_against_the_rules_leaves_the_link_as_it_was(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        side.screen.follow(side.link(JOAN))
        await side.settled()
        await side.enter("short", "short")
        assert "shorter than 8" in side.page.sentence
        await side.enter(NEW, NEW)
        assert side.page.sentence == PASSWORD_SET


async def test_two_entries_that_differ_are_asked_for_again(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        side.screen.follow(side.link(JOAN))
        await side.settled()
        await side.enter(NEW, f"{NEW}s")
        assert side.page.sentence == pages.NOT_THE_SAME
        assert side.screen.page is pages.NEW_PASSWORD


async def test_R16_a_link_that_was_used_says_so_in_the_customers_words(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        link = side.link(JOAN)
        side.screen.follow(link)
        await side.settled()
        await side.enter(NEW, NEW)
        side.screen.follow(link)
        await side.settled()
        assert (side.screen.page, side.page.sentence) == (pages.SAID, LINK_OVER)


async def test_a_confirmation_link_asks_before_it_confirms(base, tmp_path: Path) -> None:
    other = joan_with(base, emails=[], phones=[], sign_ins=[])
    do(base, "add-email", actor(), customer=other, email="joan.new@example.org")
    async with at_the_customers(base, tmp_path) as side:
        link = next(link for mail in side.post() for link in mail.links if "/confirm/" in link)
        side.screen.follow(link)
        await side.settled()
        assert "Is this address yours?" in side.shown
        await side.pilot.press("enter")
        await wait_for(side.pilot, lambda: "is confirmed" in side.shown)


async def test_R23_a_link_to_another_host_is_not_opened(base, tmp_path: Path) -> None:
    link = "https://accounts.example.net/reset/abcdefgh"
    async with at_the_customers(base, tmp_path, link=link) as side:
        assert side.page.sentence == pages.OTHER_HOST


async def test_o_in_the_mailbox_follows_the_link_on_the_page_that_was_left(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        side.link(JOAN)
        await side.pilot.press("ctrl+o")
        mailbox = side.pilot.app.screen
        assert isinstance(mailbox, MailboxScreen)
        await wait_for(side.pilot, lambda: mailbox.mail is not None)
        await side.pilot.press("o")
        await wait_for(side.pilot, lambda: side.screen.page is pages.NEW_PASSWORD)
        assert side.pilot.app.screen is side.screen


async def test_enter_in_the_mailbox_opens_the_customers_pages_where_none_is_open(base, tmp_path) -> None:
    mailbox = MailboxScreen()
    put_mail(tmp_path, "new", subject="x", text="https://account.example.com/reset/abc")
    async with showing(base, tmp_path, mailbox) as pilot:
        await wait_for(pilot, lambda: mailbox.mail is not None)
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, PortalScreen))


async def test_a_mail_without_such_a_link_says_so(base, tmp_path: Path) -> None:
    mailbox = MailboxScreen()
    put_mail(tmp_path, "new", subject="x", text="https://example.com/help https://[/reset/abc")
    async with showing(base, tmp_path, mailbox) as pilot:
        await wait_for(pilot, lambda: mailbox.mail is not None)
        await pilot.press("o")
        assert pages.NO_LINK in screen_text(console_of(pilot))


# ---- claiming


async def test_P1_a_claim_sends_the_link_to_the_address_on_file_and_tells_nothing(base, tmp_path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.press("Claim an account")
        await side.enter("Joan", "Anderson", "1980-05-17", "", "", "")
        assert side.page.sentence == CLAIMED
        assert [mail.to for mail in side.post()] == ["joan@example.org"]


async def test_a_claim_of_nobody_reads_the_same(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.press("Claim an account")
        await side.enter("Nobody", "Atall", "", "89509", "", "")
        assert side.page.sentence == CLAIMED
        assert side.post() == []


async def test_a_birth_date_that_is_none_is_said_and_what_was_typed_stays(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.press("Claim an account")
        await side.enter("Joan", "Anderson", "17 May", "", "", "")
        assert side.page.sentence == pages.NO_DATE
        assert side.page.value("family_name") == "Anderson"


async def test_nothing_typed_is_asked_for(base, tmp_path: Path) -> None:
    async with at_the_customers(base, tmp_path) as side:
        await side.pilot.press("enter")
        assert side.page.sentence == pages.TYPE_FIRST
