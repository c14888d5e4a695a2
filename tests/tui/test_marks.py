"""What is selected or edited has a sign besides its colour."""

import re

import pytest

from db.errors import Invalid
from tests.tui.conftest import Practice
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.actions import ACTIONS, Place, key_line
from tui.handbook import WORDS
from tui.screens.help import GAP, TERM_WIDTH, Entry, _entry_lines, _key
from tui.screens.menu import PaletteScreen
from tui.widgets.dialog import discard
from tui.widgets.status import StatusLine, reading_seconds


def marked(pilot) -> list[str]:
    """The lines that begin with the mark of the selected one, alone or at the left of a panel."""
    return [line for line in screen_text(console_of(pilot)).splitlines() if re.match("(.*▌)? *▸ ", line)]


@pytest.mark.parametrize("name", ["operators", "settings", "templates", "history"])
async def test_the_selected_row_of_a_list_has_a_mark(practice: Practice, name: str) -> None:
    async with practice.opened("admin") as pilot:
        getattr(console_of(pilot), f"open_{name}")()
        await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False) and marked(pilot), name)
        before = marked(pilot)
        assert len(before) == 1
        if name != "history":  # which has one row here
            await pilot.press("down")
            await wait_for(pilot, lambda: marked(pilot) != before, "the next row")
            assert len(marked(pilot)) == 1


async def test_the_mark_shifts_nothing(practice: Practice) -> None:
    async with practice.opened("admin") as pilot:
        console_of(pilot).open_operators()
        await wait_for(pilot, lambda: marked(pilot), "the operators")
        before = screen_text(console_of(pilot)).replace("▸", " ").splitlines()[5:9]
        await pilot.press("down", "down")
        assert screen_text(console_of(pilot)).replace("▸", " ").splitlines()[5:9] == before


async def test_the_selected_line_of_a_menu_has_a_mark(practice: Practice) -> None:
    async with practice.opened("admin") as pilot:
        await pilot.press("ctrl+p")
        await wait_for(pilot, lambda: marked(pilot), "the palette")
        assert len(marked(pilot)) == 1


async def test_the_answer_that_enter_gives_has_a_mark(practice: Practice) -> None:
    async with practice.opened() as pilot:
        pilot.app.push_screen(discard())
        await wait_for(pilot, lambda: "▸ Keep editing" in screen_text(console_of(pilot)), "the dialog")
        assert "▸ Discard" not in screen_text(console_of(pilot))
        await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", True), "its ear")
        await pilot.press("right")
        await wait_for(pilot, lambda: "▸ Discard" in screen_text(console_of(pilot)), "the other answer")


async def test_a_field_has_edges_besides_its_ground(practice: Practice) -> None:
    async with practice.opened() as pilot:
        console_of(pilot).start("add-customer")
        await wait_for(pilot, lambda: "Given name" in screen_text(console_of(pilot)), "the form")
        line = next(line for line in screen_text(console_of(pilot)).splitlines() if "Family name" in line)
        assert re.search("Family name +▏ +▕", line)


async def test_what_was_done_goes_by_itself_and_what_went_wrong_stays(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.status.reading_seconds", lambda _sentence: 0.1)
    async with practice.opened() as pilot:
        status = pilot.app.screen.query_one(StatusLine)
        status.tell("Copied.")
        status.fail("It went wrong.")  # what was told before takes nothing of this along
        other = StatusLine()
        await pilot.app.screen.mount(other)
        other.done("Saved.")
        await wait_for(pilot, lambda: not other.sentence, "the end of what was done")
        assert status.sentence == "It went wrong."


def test_information_stays_five_seconds_and_longer_only_where_it_takes_longer_to_read() -> None:
    assert reading_seconds("Copied.") == 5.0
    assert reading_seconds("word " * 20) == 8.0


@pytest.mark.parametrize("place", Place)
def test_the_key_line_begins_with_what_is_used_most_and_ends_with_the_ways_out(place: Place) -> None:
    shown = key_line(place, is_sandbox=True)
    out = [action.id for action in shown if action.id in ("help", "back", "clear", "quit")]
    assert [action.id for action in shown][-len(out) :] == out
    ranks = [action.rank for action in shown[: -len(out)]]
    assert ranks == sorted(ranks)


def test_no_key_of_the_help_is_glued_to_its_text() -> None:
    for entry in (*map(_key, ACTIONS), *(Entry(term, "", meaning) for term, meaning in WORDS)):
        first = next(_entry_lines(entry, 72)).plain
        assert first.rstrip() == entry.term or not first[TERM_WIDTH - GAP : TERM_WIDTH].strip(), first


async def test_an_error_on_a_menu_stays_until_the_menu_is_left(practice: Practice) -> None:
    async with practice.opened() as pilot:
        app = console_of(pilot)
        await pilot.press("ctrl+p")
        await wait_for(pilot, lambda: isinstance(app.screen, PaletteScreen), "the palette")
        app.explain(app.screen, Invalid("It went wrong."))
        await wait_for(pilot, lambda: "It went wrong." in screen_text(app), "the toast")
        assert all(note.timeout > 600 for note in app._notifications)
        await pilot.press("escape", "escape")
        await wait_for(pilot, lambda: "It went wrong." not in screen_text(app), "its end")
