"""What the main screens look like in every theme, with help, palette, export, banner and badges.

One console walks through all of them: a picture costs a moment, a start of the console costs a second.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension  # type: ignore[import-untyped]  # it has no stubs
from textual.pilot import Pilot

from db.engine import Database, connect
from db.models import Setting
from tests.conftest import Clock
from tests.factories import actor, building
from tests.tui.conftest import search
from tests.tui.office import furnish
from tests.tui.practice import NOW, console_of, screen_text
from tests.tui.waiting import still, wait_for
from tui.app import Console
from tui.bridge import Bridge
from tui.theme import CONTRAST, DARK, LIGHT, THEMES
from tui.widgets.section import Section

SMALL, LARGE = (80, 24), (120, 40)
LOOKS = [*((theme.name, SMALL) for theme in THEMES), (LIGHT.name, LARGE), (CONTRAST.name, LARGE)]
Steps = Callable[[Pilot[int]], Awaitable[None]]


@pytest.fixture
def office(sqlite_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Two people who share an email that nobody else may take, at a time that stands still."""
    monkeypatch.setattr("db.audit.event.new_salt", lambda: "00" * 16)
    monkeypatch.setattr("db.audit.chain.APP_VERSION", "1.0.0")
    furnish(sqlite_database)
    with building(sqlite_database) as session:
        session.add(Setting(key="dedup_mode", value='"by-email"'))
    return replace(sqlite_database, clock=clock)


def console(database: Database, folder: Path, theme: str, *, read_only: bool = False) -> Console:
    """A console that was not started yet."""
    app = Console(
        Bridge(lambda: database, actor("auditor" if read_only else "admin"), mailbox=folder / "mailbox"),
        environment="PRODUCTION" if read_only else "SANDBOX",
        incident_folder=folder / "incidents",
        now=lambda: NOW,
        read_only=read_only,
    )
    app.theme = theme
    return app


async def _settled(pilot: Pilot[int], text: str) -> None:
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", True), "the screen")
    await wait_for(pilot, lambda: text in screen_text(console_of(pilot)), text)


async def _results(pilot: Pilot[int]) -> None:
    await search(pilot, "anderson", hits=2)
    await pilot.press("down", "down")


async def _customer(pilot: Pilot[int], number: int = 1) -> None:
    console_of(pilot).open_customer(number)
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section), "the customer")
    await _settled(pilot, "janderson@example.com")


async def _help(pilot: Pilot[int]) -> None:
    await _customer(pilot)
    await pilot.press("f1")
    await _settled(pilot, "Keys here")


async def _palette(pilot: Pilot[int]) -> None:
    await _customer(pilot, 2)  # not one whose earlier visits would stand below it
    await pilot.press("ctrl+p")
    await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", True), "the palette")
    await pilot.press(*"email")
    await _settled(pilot, "Remove email")


async def _form(pilot: Pilot[int]) -> None:
    app = console_of(pilot)
    prefilled: dict[str, object] = {"email": "joan@example.org", "reason": "caller spelt it"}
    app.start("change-email", await app.bridge.customer(1), prefilled)
    await _settled(pilot, "confirmation")


async def _clash(pilot: Pilot[int]) -> None:
    app = console_of(pilot)
    prefilled: dict[str, object] = {"email": "janderson@example.com", "reason": "caller gave it"}
    app.start("add-email", await app.bridge.customer(3), prefilled)
    await _settled(pilot, "in use")
    await pilot.press("ctrl+s")
    await _settled(pilot, "Nothing was saved")


async def _settings(pilot: Pilot[int]) -> None:
    console_of(pilot).open_settings()
    await _settled(pilot, "Duplicate detection")


async def _away(pilot: Pilot[int]) -> None:
    await _results(pilot)
    console_of(pilot).trouble = "The database does not answer."
    await _settled(pilot, "F5 tries again")


async def _refused(pilot: Pilot[int]) -> None:
    await _customer(pilot)
    await pilot.press("n")
    await _settled(pilot, "read-only")


WALK: dict[str, Steps] = {
    "results": _results,
    "customer": _customer,
    "help": _help,
    "palette": _palette,
    "form": _form,
    "clash": _clash,
    "settings": _settings,
    "away": _away,
}


async def pictures(app: Console, size: tuple[int, int], walk: dict[str, Steps]) -> dict[str, str]:
    """Take one picture at the end of each way."""
    taken = {}
    async with app.run_test(size=size) as pilot:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        for name, steps in walk.items():
            await steps(pilot)
            await still(pilot)
            taken[name] = app.export_screenshot()
            app.trouble = ""
            app.go_home()
            await pilot.press("escape")
    app.bridge.close()
    return taken


def changed(taken: dict[str, str], snapshot: Any) -> list[str]:
    """Return the names of pictures that are not what they were; all of them are compared."""
    kept = snapshot.use_extension(SVGImageExtension)
    return [name for name, picture in taken.items() if kept(name=name) != picture]


@pytest.mark.parametrize(("theme", "size"), LOOKS, ids=lambda found: str(found).replace(", ", "x"))
async def test_the_main_screens_in_every_theme(
    theme: str, size: tuple[int, int], office: Database, tmp_path: Path, snapshot: Any
) -> None:
    taken = await pictures(console(office, tmp_path, theme), size, WALK)
    assert changed(taken, snapshot) == []


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_production_and_read_only_are_said_in_words(
    theme: str, office: Database, tmp_path: Path, snapshot: Any
) -> None:
    looking = replace(connect(office.url, read_only=True), clock=office.clock)
    app = console(looking, tmp_path, theme, read_only=True)
    taken = await pictures(app, SMALL, {"read-only": _refused})
    assert all(badge in taken["read-only"] for badge in ("READ-ONLY", "PRODUCTION"))
    assert changed(taken, snapshot) == []
    looking.close()


async def test_R37_no_colour_leaves_every_meaning(
    office: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR draws in greys; what colour says is said by a glyph or a word as well."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = console(office, tmp_path, DARK.name)
    async with app.run_test(size=SMALL) as pilot:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        await _clash(pilot)
        styles = [segment.style for line in app.screen._compositor.render_strips() for segment in line]
        colours = {style.color.triplet for style in styles if style and style.color and style.color.triplet}
        assert all(red == green == blue for red, green, blue in colours)
        assert "✗" in screen_text(app)
    app.bridge.close()
