"""Every list that has nothing to show says why, and which key is next: in a database with only its admin."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from db.engine import Database
from db.models import Operator
from db.rules.roles import Role
from tests.factories import BORN, actor, add_customer, building
from tests.tui.practice import NOW, console_of, screen_text
from tests.tui.waiting import wait_for
from tui.action import shown_key
from tui.actions import ACTIONS
from tui.actions_office import SCREENS
from tui.app import Console
from tui.bridge import Bridge
from tui.screens.audit import AuditScreen
from tui.screens.dedup import DedupScreen
from tui.screens.listing import ListScreen
from tui.screens.mailbox import MailboxScreen
from tui.widgets.section import Section

KEYS = {shown_key(key) for action in ACTIONS for key in action.keys} | {
    "↑",
    "↓",
    "←",
    "→",
    "⏎",
    "type",
    "Type",
}
Steps = Callable[[Pilot[int]], Awaitable[None]]


def is_helpful(text: str) -> bool:
    """Whether there is a sentence that says why, and a last one that names a key or tells to type."""
    why, _, following = " ".join(text.split()).rpartition(". ")
    words = re.findall(r"[^\s,;.:]+|:", following)
    return len(why.split()) >= 3 and any(word in KEYS for word in words)


@asynccontextmanager
async def nearly_empty(database: Database, folder: Path) -> AsyncIterator[Pilot[int]]:
    with building(database) as session:
        session.add(Operator(id="ada", display_name="Ada", role=Role.ADMIN, created_at=BORN))
    bridge = Bridge(lambda: database, actor("admin"), mailbox=folder / "mailbox")
    console = Console(bridge, environment="SANDBOX", incident_folder=folder / "incidents", now=lambda: NOW)
    async with console.run_test(size=(120, 40), notifications=True) as pilot:
        await wait_for(pilot, lambda: console.operations, "the sign-in")
        yield pilot
    bridge.close()


def empty_text(screen: Screen[object]) -> str | None:
    """What a list says in place of rows; None where it has some."""
    if isinstance(screen, ListScreen):
        return None if screen.items else screen.why_empty()
    if isinstance(screen, MailboxScreen):
        return None if screen.mail else str(screen._letter.content)
    assert isinstance(screen, AuditScreen)
    return None if screen._rows else screen._detail.lines[0].after


NEVER_EMPTY = {"operators", "settings", "roles", "templates", "playbook-list", "typos", "history"}
ASK_FIRST = {"ask-diagnosis", "inspect"}
"""Screens that begin with a question."""


@pytest.mark.parametrize("name", sorted({*SCREENS, "mailbox"} - ASK_FIRST))
async def test_every_screen_of_the_menu_says_why_it_is_empty(
    sqlite_database: Database, tmp_path: Path, name: str
) -> None:
    async with nearly_empty(sqlite_database, tmp_path) as pilot:
        await pilot.press("tab")
        console_of(pilot).carry_out(name)
        await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the rows")
        text = empty_text(pilot.app.screen)
        assert (text is None) == (name in NEVER_EMPTY)
        assert text is None or is_helpful(text), text


async def _no_mode_collides(pilot: Pilot[int]) -> None:
    screen = DedupScreen("by-email")
    await pilot.app.push_screen(screen)
    await wait_for(pilot, lambda: screen.is_settled, "the count")


async def _nobody(pilot: Pilot[int]) -> None:
    await pilot.press(*"nobody")


async def _recent(pilot: Pilot[int]) -> None:
    await pilot.press("ctrl+r")


async def _no_command(pilot: Pilot[int]) -> None:
    await pilot.press("ctrl+p")
    await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", True), "the palette")
    await pilot.press(*"qqqq")


async def _no_help(pilot: Pilot[int]) -> None:
    await pilot.press("f1", *"qqqq")


async def _no_event(pilot: Pilot[int]) -> None:
    console_of(pilot).open_history()
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the events")
    await pilot.press("f", "tab", *"nobody")


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (_no_mode_collides, "No two live customers"),
        (_nobody, "Nobody matches"),
        (_recent, "No customer was opened"),
        (_no_command, "No command has that"),
        (_no_help, "Nothing in the help"),
        (_no_event, "No event fits"),
    ],
)
async def test_what_is_looked_for_in_vain_says_so(
    sqlite_database: Database, tmp_path: Path, steps: Steps, why: str
) -> None:
    async with nearly_empty(sqlite_database, tmp_path) as pilot:
        await steps(pilot)
        await wait_for(pilot, lambda: why in screen_text(console_of(pilot)), why)
        lines = screen_text(console_of(pilot)).splitlines()
        at = next(number for number, line in enumerate(lines) if why in line)
        said = " ".join(line.split("▌")[-1].split("│")[-1].strip() for line in lines[at : at + 4])
        assert is_helpful(said[said.index(why) :].rpartition(".")[0] + "."), said


async def test_every_empty_section_of_a_customer_says_why(sqlite_database: Database, tmp_path: Path) -> None:
    number = add_customer(sqlite_database)
    async with nearly_empty(sqlite_database, tmp_path) as pilot:
        console_of(pilot).open_customer(number)
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section))
        empty = [found for found in pilot.app.screen.query(Section) if found.display and not found.shown.rows]
        assert len(empty) >= 8
        for section in empty:
            text = " ".join(line.plain for line in section._why(200))
            assert is_helpful(text), (section.shown.key, text)


@pytest.mark.parametrize("name", ["desk", "recent"])
async def test_an_idle_desk_says_what_is_next(sqlite_database: Database, tmp_path: Path, name: str) -> None:
    async with nearly_empty(sqlite_database, tmp_path) as pilot:
        shown = pilot.app.screen.query_one(f"#{name}", Static)
        await wait_for(pilot, lambda: str(shown.content), name)
        assert is_helpful(" ".join(str(shown.content).split("\n")[1:])), name
