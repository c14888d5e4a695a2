"""What a person likes is kept in a file of their own, and never stops the console from starting."""

from pathlib import Path

import pytest

from tests.tui.conftest import Practice
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.preferences import Preferences, read, write
from tui.screens.menu import MenuScreen
from tui.theme import DEFAULT, LIGHT


def test_what_was_written_is_read(tmp_path: Path):
    file = tmp_path / "folder" / "console.json"
    assert write(file, Preferences(theme=LIGHT.name, mouse=False))
    assert read(file) == Preferences(theme=LIGHT.name, mouse=False)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"theme": 3}', b'{"mouse": "perhaps"}'])
def test_a_spoilt_file_counts_as_none(tmp_path: Path, content: bytes):
    file = tmp_path / "console.json"
    file.write_bytes(content)
    assert read(file) == Preferences()


def test_a_folder_that_cannot_be_written_is_told_not_raised(tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    assert not write(tmp_path / "taken" / "console.json", Preferences())


@pytest.mark.parametrize(("liked", "shown"), [(LIGHT.name, LIGHT.name), ("gone", DEFAULT)])
def test_the_console_starts_in_the_colours_that_are_liked(practice: Practice, liked: str, shown: str):
    file = practice.folder / "console.json"
    write(file, Preferences(theme=liked))
    made = Console(
        practice.bridge(), environment="SANDBOX", incident_folder=practice.folder, preferences=file
    )
    assert made.theme == shown
    made.bridge.close()


async def test_a_theme_is_chosen_from_a_menu_and_kept(practice: Practice):
    async with practice.opened() as pilot:
        app = pilot.app
        assert isinstance(app, Console)
        app.preference_file = practice.folder / "console.json"
        app.carry_out("theme")
        await wait_for(pilot, lambda: isinstance(app.screen, MenuScreen) and not app.screen.is_deaf)
        await pilot.press("down", "enter")
        await wait_for(pilot, lambda: app.theme == LIGHT.name)
        assert read(practice.folder / "console.json").theme == LIGHT.name
