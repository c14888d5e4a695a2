"""Everything works by mouse, which can be left to the terminal; no meaning is carried by colour alone."""

import sys
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, OptionList

from tests.terminal import Console as Terminal
from tests.tui.conftest import Practice
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.screens.customer import CustomerScreen
from tui.screens.home import HomeScreen
from tui.screens.menu import MenuScreen
from tui.screens.operation import OperationScreen
from tui.widgets.dialog import Dialog
from tui.widgets.footer import KeyLine
from tui.widgets.results import Results
from tui.widgets.search_box import SearchBox
from tui.widgets.section import Section
from tui.widgets.status import StatusLine

MOUSE_ON = b"\x1b[?1000h"
PROGRAM = [sys.executable, "-c", "from tui.cli import main; main()"]


async def click_text(pilot, text: str) -> None:
    """Click on a text where it stands lowest on the screen: the keys are in the last line."""
    for y, line in reversed([*enumerate(screen_text(pilot.app).splitlines())]):
        if text in line:
            assert await pilot.click(offset=(line.index(text) + 1, y))
            return
    raise AssertionError(f"{text!r} is not on the screen")


async def test_search_customer_operation_and_confirmation_by_mouse_alone(practice: Practice):
    """What is typed is text, never a command."""
    async with practice.opened() as pilot:
        app: Any = pilot.app
        await pilot.click(SearchBox)
        app.screen.query_one(SearchBox).value = "joan"
        results = app.screen.query_one(Results)
        await wait_for(pilot, lambda: len(results.hits) == 1, "the customer")
        await pilot.click(Results, offset=(10, 0))
        await wait_for(
            pilot, lambda: isinstance(app.screen, CustomerScreen) and app.screen.view, "the customer"
        )
        await wait_for(pilot, lambda: len(app.screen.query(Section)) > 3, "the sections")
        passes = app.screen.query_one("#section-passes", Section)
        await pilot.click(passes, offset=(4, 1))
        assert app.focused is passes
        await click_text(pilot, "e edit")
        await wait_for(pilot, lambda: isinstance(app.screen, MenuScreen) and not app.screen.is_deaf, "a menu")
        await click_text(pilot, "Suspend pass")
        await wait_for(pilot, lambda: isinstance(app.screen, OperationScreen) and app.screen.is_settled)
        box = app.screen.query(Input).last()
        await pilot.click(box)
        box.value = "reported lost"
        await wait_for(pilot, lambda: app.screen.is_settled, "the difference")
        await click_text(pilot, "ctrl+s")
        await wait_for(pilot, lambda: isinstance(app.screen, Dialog) or practice.events("suspend-pass"))
        if isinstance(app.screen, Dialog):
            await wait_for(pilot, lambda: not app.screen.is_deaf)
            await pilot.click("#yes")
        await wait_for(pilot, lambda: practice.events("suspend-pass"), "the change")
        await wait_for(pilot, lambda: isinstance(app.screen, CustomerScreen), "the customer again")
        await wait_for(pilot, lambda: "saved" in app.screen.query_one(StatusLine).sentence)
        await click_text(pilot, "esc back")
        await wait_for(pilot, lambda: isinstance(app.screen, HomeScreen), "home")


async def test_a_click_beside_a_menu_closes_it(practice: Practice):
    async with practice.opened() as pilot:
        await pilot.press("ctrl+r")
        await wait_for(
            pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and not pilot.app.screen.is_deaf
        )
        assert not pilot.app.screen.query_one(OptionList).display
        await pilot.click(offset=(1, 1))
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))


async def test_every_key_of_the_key_line_can_be_clicked(practice: Practice):
    async with practice.opened(size=(120, 40)) as pilot:
        await pilot.click(KeyLine, offset=(0, 0))
        assert isinstance(pilot.app.screen, HomeScreen)
        await click_text(pilot, "ctrl+p")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen), "the commands")


@pytest.mark.parametrize(("words", "is_taken"), [(["--no-mouse"], False), ([], True)])
def test_no_mouse_leaves_it_to_the_terminal(tmp_path: Path, words: list[str], is_taken: bool):
    env = {"LATCHKEY_SANDBOX_DIR": str(tmp_path / "sandbox"), "TERM": "xterm-256color"}
    with Terminal([*PROGRAM, *words, "sandbox"], env=env) as console:
        console.wait_for("Find a customer", timeout=90)
        assert (MOUSE_ON in console.raw) == is_taken


async def test_NO_COLOR_draws_without_colours_and_still_marks_what_is_selected(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NO_COLOR", "1")
    async with practice.opened() as pilot:
        await pilot.press(*"anderson", "down")
        await wait_for(pilot, lambda: "▸" in screen_text(console_of(pilot)), "the mark")
        lines = list(pilot.app.screen._compositor.render_strips())
        for found in pilot.app.get_line_filters():
            lines = [strip.apply_filter(found, pilot.app.screen.background_colors[0]) for strip in lines]
        styles = [segment.style for strip in lines for segment in strip if segment.style is not None]
        assert not [style for style in styles if _is_coloured(style)]


def _is_coloured(style) -> bool:
    """Whether a style has a hue: greys are light and dark, no colour."""
    for colour in (style.color, style.bgcolor):
        if colour is not None and colour.triplet is not None and len(set(colour.triplet)) > 1:
            return True
    return False
