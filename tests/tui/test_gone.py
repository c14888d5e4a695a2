"""A screen that is left while its query still runs: the late answer touches nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen
from textual.widgets import Static

from db.diagnosis import Question
from tests.factories import actor
from tests.tui.conftest import SIZE, Practice
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.bridge import Bridge
from tui.lane import Answer
from tui.screens.audit import AuditScreen
from tui.screens.base import ConsoleScreen
from tui.screens.customer import CustomerScreen
from tui.screens.dedup import DedupScreen
from tui.screens.diagnosis import DiagnosisScreen
from tui.screens.event import EventScreen
from tui.screens.mailbox import MailboxScreen
from tui.screens.message import MessageScreen
from tui.screens.operation import OperationScreen
from tui.screens.operators import OperatorsScreen
from tui.screens.outbox import OutboxScreen
from tui.screens.roles import RolesScreen
from tui.screens.settings import SettingsScreen
from tui.screens.templates import TemplatesScreen
from tui.tied import tied

SCREENS: dict[str, Callable[[Any], Screen[Any]]] = {
    "customer": lambda view: CustomerScreen(view.id),
    "message": lambda view: MessageScreen(view, view.messages[0]),
    "operation": lambda view: OperationScreen("change-email", view),
    "audit": lambda view: AuditScreen(view),
    "event": lambda view: EventScreen(1),
    "mailbox": lambda view: MailboxScreen(),
    "operators": lambda view: OperatorsScreen(),
    "settings": lambda view: SettingsScreen(),
    "dedup": lambda view: DedupScreen("by-email"),
    "roles": lambda view: RolesScreen(),
    "templates": lambda view: TemplatesScreen(),
    "outbox": lambda view: OutboxScreen(),
    "diagnosis": lambda view: DiagnosisScreen(Question(customer_id=view.id)),
}


class Held(Bridge):
    """Holds every answer back while its gate is closed."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(lambda: practice.database, actor("admin"), mailbox=practice.folder / "mailbox")
        self.gate = asyncio.Event()
        self.gate.set()
        self.held = 0

    async def call(self, work: Callable[[], Answer], *, limit: float | None = None) -> Answer:
        answer = await super().call(work, limit=limit)
        self.held += 1
        try:
            await self.gate.wait()
        finally:
            self.held -= 1
        return answer


async def ticks(count: int) -> None:
    """Let the loop run that many rounds."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_that_is_left_while_its_query_runs_is_not_touched(
    practice: Practice, name: str
) -> None:
    """Each round lets the answer in at another moment of the way out; a worker that fails ends the app."""
    values = {"customer": practice.joan}
    bridge = Held(practice)
    app = Console(bridge, environment="SANDBOX", incident_folder=practice.folder / "incidents")
    async with app.run_test(size=SIZE) as pilot:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        await bridge.run("send-sign-in-link", values, reason="r", request_id="m1")
        view = await bridge.customer(practice.joan)
        for before, after in ((0, 0), (1, 0), (4, 0), (0, 2)):
            bridge.gate.clear()
            screen = SCREENS[name](view)
            await app.push_screen(screen)
            await wait_for(pilot, lambda: bridge.held, "a question that hangs")
            await ticks(after)
            leaving = app.pop_screen()
            await ticks(before)
            bridge.gate.set()
            await leaving
            await wait_for(pilot, lambda: not bridge.held, "the late answer")
        assert app._exception is None
    bridge.close()


class Worn(ConsoleScreen[None]):
    """A screen whose work goes on for ever, and notes where it still touched something."""

    def __init__(self) -> None:
        super().__init__()
        self.touched: list[bool] = []

    def compose(self):
        yield Static("here", id="here")

    async def work(self) -> None:
        while True:
            await asyncio.sleep(0)
            self.touched.append(bool(self.query("#here")) and self.is_whole)


async def test_tied_work_ends_with_its_screen_before_it_can_touch_anything(practice: Practice) -> None:
    async with practice.opened() as pilot:
        screen = Worn()
        await pilot.app.push_screen(screen)
        working = asyncio.ensure_future(tied(screen, screen.work()))
        await wait_for(pilot, lambda: len(screen.touched) > 3)
        await pilot.app.pop_screen()
        with pytest.raises(asyncio.CancelledError):
            await working
        assert all(screen.touched)


async def test_tied_work_gives_its_answer_and_its_error_as_it_is(practice: Practice) -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 7

    async def error() -> None:
        await asyncio.sleep(0)
        raise KeyError("x")

    async with practice.opened() as pilot:
        assert await tied(pilot.app.screen, answer()) == 7
        with pytest.raises(KeyError):
            await tied(pilot.app.screen, error())
