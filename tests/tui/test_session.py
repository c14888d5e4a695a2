"""R42: a session that stands still hides its data, and none lasts longer than eight hours."""

from textual.widgets import Input

from tests.tui.conftest import Practice, search
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.screens.locked import LockedScreen
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
