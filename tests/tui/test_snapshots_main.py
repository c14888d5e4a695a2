"""What the main path looks like, at both sizes."""

import pytest

from tests.tui.conftest import Practice, search
from tests.tui.practice import SIZES
from tests.tui.waiting import wait_for
from tui.widgets.section import Section


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_home(snap_compare, practice: Practice, size: tuple[int, int]):
    async def settled(pilot) -> None:
        await wait_for(pilot, lambda: pilot.app.operator)

    assert snap_compare(practice.console(), run_before=settled, terminal_size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_results(snap_compare, practice: Practice, size: tuple[int, int]):
    async def searched(pilot) -> None:
        await wait_for(pilot, lambda: pilot.app.operator)
        await search(pilot, "anderson", hits=2)
        await pilot.press("down")
        await pilot.pause()

    assert snap_compare(practice.console(), run_before=searched, terminal_size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_customer(snap_compare, practice: Practice, size: tuple[int, int]):
    async def opened(pilot) -> None:
        await wait_for(pilot, lambda: pilot.app.operator)
        pilot.app.open_customer(practice.daniel)
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section))

    assert snap_compare(practice.console(), run_before=opened, terminal_size=size)
