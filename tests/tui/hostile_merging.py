"""The way to the screens of merging, on a hostile database."""

from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.hostile import NASTY, SEEN
from tests.tui.hostile_cases import Case, app_of, check, is_settled, until
from tests.tui.waiting import wait_for
from tui.screens.merge import MergeScreen
from tui.screens.merge_with import MergeWithScreen
from tui.widgets.ask_reason import AskReason


async def _merge(pilot: Pilot[int]) -> None:
    """Everything that differs, that is equal, that would follow, and why."""
    app_of(pilot).open_merge((1, 2))
    await is_settled(pilot)
    for keys in (("end",), ("space", "end"), ("a",), ("s",), ("w",), ("w", "home")):
        await pilot.press(*keys)
        await is_settled(pilot)
        check(pilot)


async def _merge_with(pilot: Pilot[int]) -> None:
    """Whoever looks alike, and whoever is found."""
    app_of(pilot).marked = (2,)
    app_of(pilot).merge_with(1, NASTY)
    await wait_for(pilot, lambda: pilot.app.screen.query(Input), "the box")
    await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", True), "open ears")
    check(pilot)
    await pilot.press(*"zz@")
    await until(pilot, SEEN)


async def _ask_reason(pilot: Pilot[int]) -> None:
    pilot.app.push_screen(AskReason(NASTY, NASTY, suggested=NASTY))
    await until(pilot, SEEN)


MERGING_CASES = (
    Case(name="merge", screen=MergeScreen, steps=_merge),
    Case(name="whom to merge with", screen=MergeWithScreen, steps=_merge_with),
    Case(name="reason", screen=AskReason, steps=_ask_reason),
)
