"""What interactions, walks, playbooks and the typo table look like, at both first-class sizes."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.tui.calls import OWN, begun, call, do, menu, taken_up
from tests.tui.conftest import Practice
from tests.tui.practice import NOW, SIZES
from tests.tui.test_walks import answered_yes
from tests.tui.waiting import wait_for
from tui.widgets.section import Section

Compare = Callable[..., bool]
both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture
def practice(practice: Practice, tmp_path: Path) -> Practice:
    """A call that began four minutes ago, in which a short playbook has come to its third step."""
    object.__setattr__(practice.database, "clock", lambda _connection: NOW - timedelta(minutes=4))
    do(practice, "save-playbook", "admin", source=OWN)
    caller = {"ticket": "T-77", "inbound_identifier": "775-555-0142"}
    begun(practice, call(practice, practice.joan, **caller))
    do(practice, "record-step", walk=1, step="hello")
    return practice


def console(practice: Practice, role: str = "support") -> Any:
    return practice.console(role)


async def signed_in(pilot: Any) -> None:
    await wait_for(pilot, lambda: bool(pilot.app.operator and pilot.app.operations), "the sign-in")
    await pilot.pause()


def stands_at(screen: Any, step: str | None) -> bool:
    return bool(screen.is_settled and screen.walk and screen.walk.next == step)


async def walking(pilot: Any, steps: int) -> None:
    """Answer so many steps of the own walk."""
    await signed_in(pilot)
    await taken_up(pilot, 1)
    pilot.app.open_walk(1)
    screen = pilot.app.screen
    for name, keys in (("typed", (*"joan.a", "enter")), ("note", ("k",)), ("outcome", ("1",)))[:steps]:
        await wait_for(pilot, partial(stands_at, screen, name), name)
        await pilot.press(*keys)
        if name == "outcome":
            await answered_yes(pilot)
    due = ("typed", "note", "outcome", None)[steps]
    await wait_for(pilot, partial(stands_at, screen, due), "the walk")
    await pilot.pause()


@both_sizes
@pytest.mark.parametrize("steps", [0, 1, 2, 3], ids=["ask", "do", "decide", "ended"])
def test_a_walk(practice: Practice, snap_compare: Compare, size: tuple[int, int], steps: int) -> None:
    async def shown(pilot: Any) -> None:
        await walking(pilot, steps)

    assert snap_compare(console(practice), run_before=shown, terminal_size=size)


@both_sizes
def test_another_s_walk(practice: Practice, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def shown(pilot: Any) -> None:
        await signed_in(pilot)
        pilot.app.open_walk(1)
        await wait_for(pilot, lambda: pilot.app.screen.is_settled and pilot.app.screen.walk, "the walk")

    assert snap_compare(console(practice, "lead"), run_before=shown, terminal_size=size)


@both_sizes
def test_the_open_interaction(practice: Practice, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def shown(pilot: Any) -> None:
        await signed_in(pilot)
        await taken_up(pilot, 1)
        pilot.app.open_interaction()
        await menu(pilot)

    assert snap_compare(console(practice), run_before=shown, terminal_size=size)


@both_sizes
def test_the_playbooks_to_walk(practice: Practice, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def shown(pilot: Any) -> None:
        await signed_in(pilot)
        await taken_up(pilot, 1)
        pilot.app.open_playbooks()
        await menu(pilot)

    assert snap_compare(console(practice), run_before=shown, terminal_size=size)


@both_sizes
def test_a_customer_with_walks(practice: Practice, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def shown(pilot: Any) -> None:
        await signed_in(pilot)
        await taken_up(pilot, 1)
        pilot.app.open_customer(practice.joan)
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section), "the customer")
        section = pilot.app.screen.query_one("#section-interactions", Section)
        section.select("walk-1")
        section.enter()
        await pilot.pause()

    assert snap_compare(console(practice), run_before=shown, terminal_size=size)


@both_sizes
@pytest.mark.parametrize("screen", ["playbook-list", "typos"])
def test_an_admin_s_screen(
    practice: Practice, snap_compare: Compare, size: tuple[int, int], screen: str
) -> None:
    async def shown(pilot: Any) -> None:
        await signed_in(pilot)
        pilot.app.carry_out(screen)
        await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the rows")
        if screen == "typos":
            await pilot.press("down", "down", "down", "enter", "down", "tab", *"joan@gmial.com")
        await pilot.pause()

    if screen == "typos":
        edit = {"part": "misspelt-domain", "wrong": "gamil.example", "right": "gmail.com"}
        do(practice, "change-typo-table", "admin", edit="add", **edit)
        do(practice, "change-typo-table", "admin", edit="switch-off", rule="dots")
    assert snap_compare(console(practice, "admin"), run_before=shown, terminal_size=size)
