"""The practice mailbox on the screen."""

from pathlib import Path

import pytest

from db.engine import Database
from tests.factories import add_operators
from tests.tui.practice import screen_text, showing
from tests.tui.test_operation import bench
from tests.tui.waiting import wait_for
from tui.screens.mailbox import MailboxScreen

LINK = "https://accounts.example.com/reset/abc123"


def put_mail(folder: Path, name: str, *, subject: str, text: str, minute: int = 0) -> None:
    """A mail as the sandbox files it."""
    mailbox = folder / "mailbox"
    mailbox.mkdir(exist_ok=True)
    head = f"From: help@example.com\r\nTo: joan@example.com\r\nSubject: {subject}\r\n"
    date = f"Date: Mon, 02 Mar 2026 14:{minute:02}:00 +0000\r\n"
    body = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    (mailbox / f"{name}.eml").write_bytes((head + date + body).encode())


async def test_an_empty_mailbox_says_why_and_what_fills_it(sqlite_database: Database, tmp_path: Path) -> None:
    add_operators(sqlite_database)
    screen = MailboxScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled)
        assert "No mail yet" in screen_text(bench(pilot))


async def test_the_newest_mail_is_shown_with_its_link(sqlite_database: Database, tmp_path: Path) -> None:
    add_operators(sqlite_database)
    put_mail(tmp_path, "old", subject="Old", text="x")
    put_mail(tmp_path, "new", subject="Reset LK-7F3K-2M9Q", text=f"Use it:\r\n{LINK}", minute=5)
    screen = MailboxScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled)
        shown = screen_text(bench(pilot))
        assert screen.mail is not None
        assert screen.mail.links == (LINK,)
        assert "Reset LK-7F3K-2M9Q" in shown
        assert LINK in shown


async def test_another_mail_is_shown_when_it_is_selected(sqlite_database: Database, tmp_path: Path) -> None:
    add_operators(sqlite_database)
    put_mail(tmp_path, "old", subject="Old", text="the older words")
    put_mail(tmp_path, "new", subject="New", text="the newer words", minute=5)
    screen = MailboxScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled)
        await pilot.press("down")
        await wait_for(pilot, lambda: "the older words" in screen_text(bench(pilot)))


async def test_R45_a_key_sends_the_link_to_the_terminal(sqlite_database: Database, tmp_path: Path) -> None:
    add_operators(sqlite_database)
    put_mail(tmp_path, "new", subject="New", text=LINK)
    screen = MailboxScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled)
        assert pilot.app.clipboard == ""
        await pilot.press("y")
        await wait_for(pilot, lambda: pilot.app.clipboard == LINK)


async def test_A12_a_hostile_mail_is_only_text(sqlite_database: Database, tmp_path: Path) -> None:
    add_operators(sqlite_database)
    put_mail(tmp_path, "new", subject="[/nope] [@click=app.quit]x", text="\x1b]0;title\x07 [bold")
    screen = MailboxScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled)
        shown = screen_text(bench(pilot))
        assert "[@click=app.quit]x" in shown
        assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("text", "copied", "said"),
    [
        ("451807 is your sign-in code. It works once. Ref LK-7F3K-2M9Q", "451807", "Code 451807: sent"),
        ("Your sign-in code is:\r\n\r\n451807\r\n", "451807", "Code 451807: sent"),
        ("Your phone was replaced.", "Your phone was replaced.", "The words of the message: sent"),
        (f"Use {LINK} within 451807 minutes", LINK, "Link 1: sent"),
    ],
)
async def test_y_copies_what_is_typed_on_and_says_what_that_was(
    sqlite_database: Database, tmp_path: Path, text: str, copied: str, said: str
) -> None:
    add_operators(sqlite_database)
    put_mail(tmp_path, "new", subject="New", text=text)
    screen = MailboxScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled)
        await pilot.press("y")
        await wait_for(pilot, lambda: pilot.app.clipboard == copied, "the clipboard")
        assert said in screen_text(bench(pilot))


async def test_y_without_a_mail_says_that_there_is_none(sqlite_database: Database, tmp_path: Path) -> None:
    add_operators(sqlite_database)
    screen = MailboxScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.is_settled)
        await pilot.press("y")
        assert "no mail here to copy" in screen_text(bench(pilot))
