"""What is announced after a while is never announced once it is over."""

import asyncio

from textual.app import App

from tui.delay import Delay


async def test_what_is_not_stopped_is_called_once() -> None:
    calls: list[str] = []
    async with App[None]().run_test() as pilot:
        Delay(pilot.app, 0.01, lambda: calls.append("late"))
        while not calls:
            await pilot.pause()
        await pilot.pause()
    assert calls == ["late"]


async def test_what_is_stopped_is_not_called_even_where_its_time_was_up() -> None:
    """The timer goes off while the app is busy, so that its call waits behind what stops it."""
    calls: list[str] = []
    over = asyncio.Event()

    async def busy() -> None:
        delay = Delay(pilot.app, 0.01, lambda: calls.append("late"))
        while pilot.app.message_queue_size == 0:  # noqa: ASYNC110  # a timer has no event to wait for
            await asyncio.sleep(0)
        delay.stop()
        over.set()

    async with App[None]().run_test() as pilot:
        pilot.app.call_later(busy)
        await over.wait()
        await pilot.pause()
    assert calls == []
