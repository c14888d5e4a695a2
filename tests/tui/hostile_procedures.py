"""The ways to walks, playbooks and the typo table on the hostile database."""

from textual.pilot import Pilot

from tests.tui.hostile_cases import Case, app_of, check, is_settled, went
from tests.tui.hostile_walks import KIM_S_WALK, OWN_WALK
from tests.tui.waiting import wait_for
from tui.screens.menu import MenuScreen
from tui.screens.playbooks import PlaybooksScreen
from tui.screens.typos import TyposScreen
from tui.screens.walk import WalkScreen


async def _walk(pilot: Pilot[int]) -> None:
    app_of(pilot).open_walk(KIM_S_WALK)
    await is_settled(pilot)
    await pilot.press("down", "enter", "k", "1", "up")


async def _own_walk(pilot: Pilot[int]) -> None:
    console = app_of(pilot)
    console.take_up((await console.procedures.own_open())[0])
    console.open_walk(OWN_WALK)
    await is_settled(pilot)
    check(pilot)
    await pilot.press("k")
    await is_settled(pilot)
    await pilot.press("enter")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen), "the answers")
    check(pilot)
    await wait_for(pilot, lambda: not getattr(pilot.app.screen, "is_deaf", True), "the menu")
    await pilot.press("escape")


async def _interactions(pilot: Pilot[int]) -> None:
    console = app_of(pilot)
    console.take_up((await console.procedures.own_open())[0])
    console.open_interaction()
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen))


async def _choose_playbook(pilot: Pilot[int]) -> None:
    console = app_of(pilot)
    console.take_up((await console.procedures.own_open())[0])
    console.open_playbooks()
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen))


async def _playbooks(pilot: Pilot[int]) -> None:
    await went("playbook-list")(pilot)
    for _ in range(6):
        await pilot.press("up")
        check(pilot)


async def _typos(pilot: Pilot[int]) -> None:
    await went("typos")(pilot)
    await pilot.press("down", "down", "down")


PROCEDURE_CASES = (
    Case(name="another's walk", screen=WalkScreen, steps=_walk),
    Case(name="own walk", screen=WalkScreen, steps=_own_walk),
    Case(name="interactions", screen=MenuScreen, steps=_interactions),
    Case(name="playbooks to walk", screen=MenuScreen, steps=_choose_playbook),
    Case(name="playbooks", screen=PlaybooksScreen, steps=_playbooks),
    Case(name="typo table", screen=TyposScreen, steps=_typos),
)
