"""The customer's own sign-in for tests: the real screen, door and outbox, on a database whose time moves."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Button, Input

from db.delivery.folder import FolderTransport, Mail, read_mailbox
from db.delivery.worker import deliver_due
from db.engine import Database
from tests.conftest import Clock
from tests.factories import actor, add_operators
from tests.operations.acting import do
from tests.signin.conftest import PASSWORD, joan_with
from tests.signin.post import KEY
from tests.tui.practice import SIZES, console_of, screen_text, showing
from tests.tui.waiting import wait_for
from tui.screens.portal import PortalScreen
from tui.widgets.portal_page import PortalPage

NEW = "eleven paper lanterns"
JOAN = 1


@dataclass
class CustomersSide:
    """What a customer, and beside them an operator, can do; `folder` is where the mailbox lies."""

    base: Database
    folder: Path
    pilot: Pilot[int]
    screen: PortalScreen

    @property
    def page(self) -> PortalPage:
        return self.screen.query_one(PortalPage)

    @property
    def shown(self) -> str:
        return screen_text(console_of(self.pilot))

    async def settled(self) -> None:
        await wait_for(self.pilot, lambda: self.screen.is_settled, "the answer")

    async def enter(self, *typed: str) -> None:
        """Type into the boxes, one after the other, with enter after each."""
        for text in typed:
            await self.pilot.press(*text)
            if self.screen.query(Input).last().has_focus:
                await self._ask()
            else:
                await self.pilot.press("enter")

    async def _ask(self) -> None:
        """Press enter where that asks the door, and wait for the answer to it, not to what was before."""
        self.screen.is_settled = False
        await self.pilot.press("enter")
        await self.settled()

    async def press(self, label: str) -> None:
        """Go down to a choice and press it."""
        for _ in range(12):
            focused = self.screen.focused
            if isinstance(focused, Button) and str(focused.label) == label:
                break
            await self.pilot.press("down")
        else:
            raise AssertionError(f"there is no choice {label!r}")
        await self._ask()

    def post(self) -> list[Mail]:
        """Deliver what is due, and return what a customer finds, newest first."""
        deliver_due(self.base, FolderTransport(self.folder / "mailbox"), worker="test", code_key=KEY)
        return list(read_mailbox(self.folder / "mailbox"))

    def newest_code(self, channel: str) -> str:
        """The code in the newest message of a channel."""
        text = next(mail.text for mail in self.post() if mail.channel == channel)
        return str(re.findall(r"\b\d{6}\b", text)[0])

    def link(self, customer: int) -> str:
        """Let an operator send a link, and return it as it arrived."""
        do(self.base, "send-sign-in-link", actor(), customer=customer)
        return next(link for mail in self.post() for link in mail.links)


@asynccontextmanager
async def at_the_customers(
    base: Database, folder: Path, *, link: str = "", size: tuple[int, int] = SIZES[0]
) -> AsyncIterator[CustomersSide]:
    """Open the screen, on its first page or where a link leads."""
    screen = PortalScreen(link)
    async with showing(base, folder, screen, size=size) as pilot:
        console_of(pilot).bridge.code_key = lambda: KEY
        side = CustomersSide(base, folder, pilot, screen)
        await side.settled()
        yield side


def with_joan(database: Database, clock: Clock) -> Database:
    """Give it Joan, who knows her password and has an email and a phone, and a time that tests move."""
    add_operators(database)
    base = replace(database, clock=clock)
    assert joan_with(base) == JOAN
    return base


async def sign_in(side: CustomersSide, password: str = PASSWORD) -> None:
    await side.enter("janderson", password)
    await side.enter(side.newest_code("sms"))
