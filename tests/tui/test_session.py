"""R42: a session that stands still hides its data, and none lasts longer than eight hours."""

from typing import Any

import pytest
from textual.widgets import Input

from tests.tui.conftest import Practice, search
from tests.tui.practice import SIZES, console_of, screen_text
from tests.tui.waiting import wait_for
from tui.screens.locked import LockedScreen
from tui.screens.menu import MenuScreen
from tui.screens.too_small import TooSmallScreen


class Hand:
    """A clock that is moved by hand."""

    def __init__(self, clock) -> None:
        self.ahead = 0.0
        self._clock = clock

    def __call__(self) -> float:
        return float(self._clock() + self.ahead)


def hand(console) -> Hand:
    moved = Hand(console.session.clock)
    console.session.clock = moved
    return moved


async def test_R42_the_lock_hides_all_data_and_enter_goes_on_with_an_event(practice: Practice) -> None:
    async with practice.opened("support") as pilot:
        console = console_of(pilot)
        await search(pilot, "anderson", hits=2)
        hand(console).ahead = 301
        await pilot.press("x")
        await wait_for(pilot, lambda: isinstance(console.screen, LockedScreen))
        assert "nderson" not in screen_text(console)
        assert "⏎ continue as kim" in screen_text(console)
        await pilot.press("escape", "down", "ctrl+p", "z")
        assert "Press ⏎ to continue" in screen_text(console)
        await pilot.press("enter")
        await wait_for(pilot, lambda: not isinstance(console.screen, LockedScreen), "the way on")
        assert console.screen.query_one(Input).value == "anderson"
        assert practice.events("unlock-session") == [(None, "kim")]
        assert practice.events("lock-session") == [(None, "kim")]


SECRETS = ("nderson", "janderson", "0142", "7781", "joan.a", "Sierra", "Reno")


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("place", ["home", "customer", "form", "menu", "audit"])
async def test_R42_nothing_of_the_customer_is_left_on_the_locked_screen(
    practice: Practice, place: str, size: tuple[int, int]
) -> None:
    async with practice.opened(size=size) as pilot:
        console = console_of(pilot)
        await search(pilot, "anderson 0142", hits=1)
        if place != "home":
            await pilot.press("enter")
            await wait_for(pilot, lambda: "joan.a" in screen_text(console), "the customer")
        if place == "form":
            customer: Any = console.screen
            customer.start("change-name")
            await wait_for(pilot, lambda: "What will change" in screen_text(console), "the form")
        elif place == "menu":
            await pilot.press("e")
            await wait_for(pilot, lambda: isinstance(console.screen, MenuScreen), "the menu")
        elif place == "audit":
            await pilot.press("h")
            await wait_for(pilot, lambda: "open-customer" in screen_text(console), "the log")
        console.notify("Joan Anderson was here")
        console.lock()
        await wait_for(pilot, lambda: isinstance(console.screen, LockedScreen), "the lock")
        await pilot.pause()
        drawn = screen_text(console) + console.export_screenshot()
        assert [secret for secret in SECRETS if secret in drawn] == []
        assert "Locked" in drawn


async def test_R42_a_click_unlocks_as_enter_does_and_elsewhere_does_nothing(practice: Practice) -> None:
    async with practice.opened() as pilot:
        console_of(pilot).lock()
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, LockedScreen), "the lock")
        await pilot.click(offset=(1, 1))
        assert isinstance(pilot.app.screen, LockedScreen)
        await pilot.click("#said", offset=(3, 0))
        await wait_for(pilot, lambda: not isinstance(pilot.app.screen, LockedScreen), "the way on")
        assert practice.events("unlock-session")


async def test_R42_a_window_that_is_too_small_hides_no_lock(practice: Practice) -> None:
    async with practice.opened("support") as pilot:
        await pilot.resize_terminal(40, 10)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, TooSmallScreen))
        console_of(pilot).lock()
        await pilot.resize_terminal(80, 24)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, LockedScreen))


async def test_R42_R49_who_was_disabled_meanwhile_stays_locked_out(practice: Practice) -> None:
    async with practice.opened("support") as pilot:
        console_of(pilot).lock()
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, LockedScreen))
        admin = practice.bridge("admin")
        await admin.run("disable-operator", {"operator": "kim"}, reason="left", request_id="off")
        admin.close()
        await pilot.press("enter")
        await wait_for(
            pilot, lambda: "not an active operator" in screen_text(console_of(pilot)), "the refusal"
        )
        assert isinstance(pilot.app.screen, LockedScreen)


async def test_R42_a_session_ends_after_eight_hours_with_a_sentence(practice: Practice, capsys) -> None:
    async with practice.opened("support") as pilot:
        hand(pilot.app).ahead = 8 * 3600
        await pilot.press("x")
        await wait_for(pilot, lambda: not pilot.app.is_running or pilot.app._exit)
    assert "8 hours" in capsys.readouterr().err
