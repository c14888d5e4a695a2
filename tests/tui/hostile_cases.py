"""The way to each screen, dialog and toast on a hostile database, and what holds on all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from db.engine import Database
from db.errors import LatchkeyError
from tests.tui.hostile import NASTY, SEEN, Recorder, foreign, hostile_actor
from tests.tui.practice import NOW, SIZES, screen_text
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.bridge import Bridge
from tui.screens.audit import AuditScreen
from tui.screens.customer import CustomerScreen
from tui.screens.dedup import DedupScreen
from tui.screens.event import EventScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.locked import LockedScreen
from tui.screens.mailbox import MailboxScreen
from tui.screens.menu import MenuScreen, PaletteScreen
from tui.screens.message import MessageScreen
from tui.screens.operation import OperationScreen
from tui.screens.operators import OperatorsScreen
from tui.screens.outbox import OutboxScreen
from tui.screens.portal import PortalScreen
from tui.screens.roles import RolesScreen
from tui.screens.settings import SettingsScreen
from tui.screens.templates import TemplatesScreen
from tui.screens.too_small import TooSmallScreen
from tui.widgets.answers import question
from tui.widgets.ask_file import AskFile
from tui.widgets.banner import Banner
from tui.widgets.dialog import Dialog
from tui.widgets.portal_page import PortalPage
from tui.widgets.results import Results
from tui.widgets.section import Section
from tui.widgets.status import StatusLine

Steps = Callable[[Pilot[int]], Awaitable[None]]


@asynccontextmanager
async def opened(base: Database, size: tuple[int, int] = SIZES[0]) -> AsyncIterator[Pilot[int]]:
    """The console of an admin on the hostile database, drawing for a driver that keeps it all."""
    folder = Path(str(base.url.database)).parent
    bridge = Bridge(lambda: base, hostile_actor("admin"), mailbox=folder / "mailbox")
    console = Console(bridge, environment="SANDBOX", incident_folder=folder / "incidents", now=lambda: NOW)
    console.driver_class = Recorder
    Recorder.taken()
    async with console.run_test(headless=False, size=size, notifications=True) as pilot:
        await wait_for(pilot, lambda: console.operations, "the sign-in")
        yield pilot
    bridge.close()


def app_of(pilot: Pilot[int]) -> Console:
    assert isinstance(pilot.app, Console)
    return pilot.app


def check(pilot: Pilot[int]) -> None:
    """Assert that nothing acted, that no link was made, and that every line is as wide as the window."""
    console = app_of(pilot)
    assert foreign(Recorder.taken()) == []
    assert console.is_running
    lines = console.screen._compositor.render_strips()
    assert {cell_len(line.text) for line in lines} == {console.size.width}
    styles = [segment.style for line in lines for segment in line if segment.style is not None]
    assert not [style for style in styles if style.link or "app.quit" in str(style.meta)]


async def until(pilot: Pilot[int], text: str) -> None:
    await wait_for(pilot, lambda: text in screen_text(app_of(pilot)), repr(text))


# ---- the ways there


async def results(pilot: Pilot[int]) -> None:
    await pilot.press(*"zz@")
    await wait_for(pilot, lambda: len(pilot.app.screen.query_one(Results).hits) == 2, "both customers")
    await pilot.press("down", "down")


async def _nobody(pilot: Pilot[int]) -> None:
    pilot.app.screen.query_one(Input).post_message(Paste(NASTY))
    await until(pilot, "Nobody matches")


async def _customer(pilot: Pilot[int]) -> None:
    for number in (2, 1):
        app_of(pilot).open_customer(number)
        await wait_for(pilot, lambda: pilot.app.screen.query(Section), "the sections")
        for section in "1234567890":
            await pilot.press(section)
            check(pilot)


async def _menu(pilot: Pilot[int]) -> None:
    await _customer(pilot)
    await pilot.press("1", "e")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen))


async def _recent(pilot: Pilot[int]) -> None:
    await _customer(pilot)
    app_of(pilot).open_recent()
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen))


async def _palette(pilot: Pilot[int]) -> None:
    await _customer(pilot)
    await pilot.press("colon")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))


async def _help(pilot: Pilot[int]) -> None:
    await _customer(pilot)
    await pilot.press("f1")


async def _message(pilot: Pilot[int]) -> None:
    view = await app_of(pilot).bridge.customer(1)
    app_of(pilot).open_message(view, view.messages[0].id)
    await until(pilot, "Delivery")


async def _events(pilot: Pilot[int]) -> None:
    for row in (await app_of(pilot).bridge.audit_page()).rows:
        app_of(pilot).open_event(row.seq)
        screen = pilot.app.screen
        await wait_for(pilot, partial(getattr, screen, "lines"), "the event")
        check(pilot)
    app_of(pilot).open_event(1)
    await until(pilot, SEEN)


async def _history_of_one(pilot: Pilot[int]) -> None:
    app_of(pilot).open_history(await app_of(pilot).bridge.customer(1))
    await is_settled(pilot)


async def _dedup(pilot: Pilot[int]) -> None:
    app_of(pilot).open_dedup("by-both")
    await is_settled(pilot)


async def _portal(pilot: Pilot[int]) -> None:
    """What is typed and pasted, what a link leads to, and a sentence that nobody wrote."""
    app_of(pilot).open_portal(f"https://x.example/reset/{NASTY}")
    await is_settled(pilot)
    await pilot.press("enter")
    await wait_for(pilot, lambda: pilot.app.screen.query(Input), "the first page")
    pilot.app.screen.query_one(Input).post_message(Paste(NASTY))
    pilot.app.screen.query_one(PortalPage).say(NASTY, has_failed=True)


async def is_settled(pilot: Pilot[int]) -> None:
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the rows")


def went(action: str) -> Steps:
    async def steps(pilot: Pilot[int]) -> None:
        app_of(pilot).carry_out(action)
        await is_settled(pilot)
        await pilot.press("down")

    return steps


async def _form(pilot: Pilot[int]) -> None:
    """A preview with hostile values before, and clean ones after."""
    values: dict[str, object] = {"given_name": "Ann", "family_name": "Lee", "reason": "asked"}
    app_of(pilot).start("change-name", await app_of(pilot).bridge.customer(1), values)
    await until(pilot, "Lee")
    await is_settled(pilot)


async def _clash(pilot: Pilot[int]) -> None:
    values = {"email": "zz@example.net", "reason": "asked"}
    app_of(pilot).start("add-customer", None, {"given_name": "A", "family_name": "B", **values})
    await until(pilot, "What will change")
    await is_settled(pilot)
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: pilot.app.screen.query_one(Banner).sentence.endswith("saved."))


async def _stale(pilot: Pilot[int]) -> None:
    """Somebody else gives the customer another name while the form is open: the clash shows both."""
    bridge = app_of(pilot).bridge
    view = await bridge.customer(1)
    app_of(pilot).start("change-name", view, {"given_name": "Ann", "reason": "asked"})
    await is_settled(pilot)
    other = {"customer": 1, "given_name": "Bea", "family_name": "Lee"}
    await bridge.run("change-name", other, reason="asked", version=view.version, request_id="other")
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: pilot.app.screen.query_one(Banner).display, "the banner")


async def _dialogs(pilot: Pilot[int]) -> None:
    view = await app_of(pilot).bridge.customer(1)
    asked = [found for info in app_of(pilot).operations if (found := question(info, view))]
    assert asked
    for dialog in (*asked, Dialog(NASTY, NASTY, yes=NASTY, no=NASTY, must_type=NASTY)):
        pilot.app.push_screen(dialog)
        await wait_for(pilot, partial(getattr, dialog, "is_mounted"), "the dialog")
        check(pilot)


async def _ask_file(pilot: Pilot[int]) -> None:
    pilot.app.push_screen(AskFile(NASTY, NASTY, suggested=NASTY))
    await until(pilot, SEEN)


async def _toast(pilot: Pilot[int]) -> None:
    bare = Screen[None]()
    pilot.app.push_screen(bare)
    app_of(pilot).explain(bare, LatchkeyError(NASTY))
    await until(pilot, SEEN)


async def _status(pilot: Pilot[int]) -> None:
    line = pilot.app.screen.query_one(StatusLine)
    for say in (line.tell, line.done, line.fail):
        say(NASTY)
        await until(pilot, SEEN)
        check(pilot)


async def _trouble(pilot: Pilot[int]) -> None:
    app_of(pilot).trouble = NASTY
    await until(pilot, SEEN)


async def _locked(pilot: Pilot[int]) -> None:
    await _customer(pilot)
    app_of(pilot).lock()
    await until(pilot, "continue as")


async def _too_small(pilot: Pilot[int]) -> None:
    await _customer(pilot)
    await pilot.resize_terminal(40, 10)
    await until(pilot, "too small")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A screen and the way to it; unless it `shows` no data, part of a hostile value must be seen there."""

    name: str
    screen: type[Screen[Any]]
    steps: Steps
    shows: bool = True
    fits_every_window: bool = True


CASES = (
    Case(name="results", screen=HomeScreen, steps=results),
    Case(name="nobody found", screen=HomeScreen, steps=_nobody),
    Case(name="customer", screen=CustomerScreen, steps=_customer),
    Case(name="menu of a row", screen=MenuScreen, steps=_menu),
    Case(name="recent customers", screen=MenuScreen, steps=_recent),
    Case(name="palette", screen=PaletteScreen, steps=_palette, shows=False),
    Case(name="help", screen=HelpScreen, steps=_help, shows=False),
    Case(name="message", screen=MessageScreen, steps=_message),
    Case(name="mailbox", screen=MailboxScreen, steps=went("mailbox")),
    Case(name="customer's own sign-in", screen=PortalScreen, steps=_portal),
    Case(name="audit log", screen=AuditScreen, steps=went("history")),
    Case(name="audit log of one", screen=AuditScreen, steps=_history_of_one),
    Case(name="events", screen=EventScreen, steps=_events),
    Case(name="operators", screen=OperatorsScreen, steps=went("operators")),
    Case(name="settings", screen=SettingsScreen, steps=went("settings")),
    Case(name="duplicate detection", screen=DedupScreen, steps=_dedup),
    Case(name="role table", screen=RolesScreen, steps=went("roles"), shows=False),
    Case(name="templates", screen=TemplatesScreen, steps=went("templates")),
    Case(name="outbox", screen=OutboxScreen, steps=went("outbox")),
    Case(name="form", screen=OperationScreen, steps=_form),
    Case(name="clash", screen=OperationScreen, steps=_clash),
    Case(name="stale form", screen=OperationScreen, steps=_stale),
    Case(name="dialogs", screen=Dialog, steps=_dialogs),
    Case(name="file name", screen=AskFile, steps=_ask_file),
    Case(name="toast", screen=Screen, steps=_toast),
    Case(name="status line", screen=HomeScreen, steps=_status),
    Case(name="banner", screen=HomeScreen, steps=_trouble),
    Case(name="locked", screen=LockedScreen, steps=_locked, shows=False),
    Case(name="too small", screen=TooSmallScreen, steps=_too_small, shows=False, fits_every_window=False),
)
