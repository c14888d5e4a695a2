"""Inspect a forwarded mail in the console: pasted, judged, and the customer one key away (P5)."""

from textual.events import Paste
from textual.pilot import Pilot

from db.delivery.folder import FolderTransport
from db.delivery.worker import deliver_due
from tests.tui.conftest import Practice
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.screens.asking import MOST_CHARACTERS, AskMailScreen
from tui.screens.customer import CustomerScreen
from tui.screens.inspection import InspectionScreen
from tui.widgets.guarded_text_area import GuardedTextArea
from tui.widgets.status import StatusLine


async def asked(pilot: Pilot[int]) -> GuardedTextArea:
    """Open the page to paste into."""
    console_of(pilot).carry_out("inspect")
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, GuardedTextArea), "the page")
    page = pilot.app.focused
    assert isinstance(page, GuardedTextArea)
    return page


async def pasted(pilot: Pilot[int], mail: str) -> None:
    """Paste a mail and inspect it."""
    page = await asked(pilot)
    page.post_message(Paste(mail))
    await wait_for(pilot, lambda: page.text and not page.deaf, "the paste, and the moment after it")
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, InspectionScreen), "the answer")


async def mail_of(pilot: Pilot[int], practice: Practice) -> str:
    """Send the customer a link and return the mail as it arrived."""
    bridge = console_of(pilot).bridge
    await bridge.run("send-sign-in-link", {"customer": practice.joan}, reason="asked", request_id="one")
    folder = practice.folder / "mailbox"
    deliver_due(practice.database, FolderTransport(folder), worker="test")
    (mail,) = folder.glob("*.eml")
    return mail.read_text(encoding="utf-8")


def text(pilot: Pilot[int]) -> str:
    return screen_text(console_of(pilot))


async def test_P5_our_own_mail_is_ours_and_enter_opens_the_customer(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await pasted(pilot, await mail_of(pilot, practice))
        assert "✓ ours" in text(pilot)
        assert "janderson@example.com" in text(pilot)
        assert "link works until" in text(pilot)
        await wait_for(pilot, lambda: practice.events("inspect-mail"), "the event")
        assert practice.events("inspect-mail") == [(practice.joan, "rosa")]
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, CustomerScreen), "the customer")
        assert getattr(pilot.app.screen, "customer_id", 0) == practice.joan


async def test_P5_a_mail_with_another_host_goes_to_a_lead(practice: Practice) -> None:
    async with practice.opened() as pilot:
        mail = await mail_of(pilot, practice)
        host = next(word for word in mail.split() if word.startswith("https://")).split("/")[2]
        await pasted(pilot, mail.replace(host, "sign-in.example.net"))
        assert "✗ other-host" in text(pilot)


async def test_a_mail_that_is_not_ours_leads_to_nobody(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await pasted(pilot, "Dear customer, you have won.")
        assert "✗ not-ours" in text(pilot)
        await pilot.press("enter")
        assert "leads to no customer" in pilot.app.screen.query_one(StatusLine).sentence
        assert practice.events("inspect-mail") == []


async def test_A11_what_was_pasted_is_text_and_nothing_else(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await pasted(pilot, "LK-7F3K-2M9Q \x1b]52;c;aGk=\x07 [@click=app.quit]x[/] \u202e")
        assert "✗ forged" in text(pilot)
        assert "\x1b" not in text(pilot)


async def test_R43_a_paste_never_asks_and_is_cut_at_64_kb(practice: Practice) -> None:
    async with practice.opened() as pilot:
        page = await asked(pilot)
        page.post_message(Paste("x\n" * MOST_CHARACTERS))
        await wait_for(pilot, lambda: len(page.text) == MOST_CHARACTERS, "the paste")
        await wait_for(pilot, lambda: "too long" in pilot.app.screen.query_one(StatusLine).sentence, "why")
        assert isinstance(pilot.app.screen, AskMailScreen)


async def test_what_was_pasted_is_not_thrown_away_without_a_question(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await asked(pilot)
        await pilot.press(*"dear", "escape")
        await wait_for(pilot, lambda: not isinstance(pilot.app.screen, AskMailScreen), "the question")
        await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", True), "its end of deafness")
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, AskMailScreen), "the page")
        assert "dear" in text(pilot)


async def test_an_empty_page_says_what_to_do(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await asked(pilot)
        await pilot.press("ctrl+s")
        assert "Paste the mail first" in pilot.app.screen.query_one(StatusLine).sentence
