"""What the screens of a change look like, at both first-class sizes."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.screen import Screen

from db.engine import Database
from tests.tui.practice import SIZES, Bench, customer_view
from tests.tui.test_operation import DANIEL, answered, practice, strict
from tests.tui.waiting import wait_for
from tui.screens.operation import OperationScreen
from tui.widgets.dialog import Dialog

__all__ = ["practice", "strict"]
both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
Compare = Callable[..., bool]
Steps = Callable[[Any], Awaitable[None]]


def prepared(screen: OperationScreen | Callable[[], Awaitable[OperationScreen]], *keys: str) -> Steps:
    """Put the screen on top, wait for its preview, press keys, wait for its answer."""

    async def run(pilot: Any) -> None:
        app = pilot.app
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        shown = screen if isinstance(screen, Screen) else await screen()
        app.push_screen(shown)
        await wait_for(pilot, lambda: shown.is_settled, "the preview")
        for key in keys:
            if key in ("ctrl+s", "escape"):
                await wait_for(pilot, lambda: shown.is_settled, "the preview")
            await pilot.press(key)
        if "ctrl+s" in keys:
            await wait_for(pilot, lambda: answered(shown), "the answer")
        elif "escape" in keys:
            await wait_for(pilot, lambda: isinstance(app.screen, Dialog))
        else:
            await wait_for(pilot, lambda: shown.is_settled, "the preview")

    return run


def change_email(database: Database, **prefilled: object) -> Callable[[], Awaitable[OperationScreen]]:
    async def make() -> OperationScreen:
        return OperationScreen("change-email", await customer_view(database, DANIEL), prefilled)

    return make


def bench(database: Database, folder: Path) -> App[int]:
    return Bench(database, folder)


@both_sizes
def test_the_form_with_its_difference(practice, tmp_path: Path, snap_compare: Compare, size) -> None:
    steps = prepared(change_email(practice, email="dan@gmail.com", reason="caller spelt it"))
    assert snap_compare(bench(practice, tmp_path), terminal_size=size, run_before=steps)


@both_sizes
def test_P4_the_clash_answer(strict, tmp_path: Path, snap_compare: Compare, size) -> None:
    steps = prepared(change_email(strict, email="joan@example.com", reason="caller gave it"), "ctrl+s")
    assert snap_compare(bench(strict, tmp_path), terminal_size=size, run_before=steps)


@both_sizes
def test_the_longest_form(strict, tmp_path: Path, snap_compare: Compare, size) -> None:
    steps = prepared(OperationScreen("add-customer"), *"Ann", "enter", *"[/x]")
    assert snap_compare(bench(strict, tmp_path), terminal_size=size, run_before=steps)


@both_sizes
def test_the_question_before_typed_work_goes(practice, tmp_path: Path, snap_compare: Compare, size) -> None:
    steps = prepared(change_email(practice), "d", "escape")
    assert snap_compare(bench(practice, tmp_path), terminal_size=size, run_before=steps)
