"""What the screens that find out look like, at both sizes."""

from dataclasses import replace
from typing import Any

import pytest

from db.diagnosis import Question
from tests.conftest import Clock
from tests.factories import add_customer
from tests.tui.conftest import Practice
from tests.tui.practice import SIZES
from tests.tui.waiting import wait_for
from tui.screens.asking import AskDiagnosisScreen, AskMailScreen
from tui.screens.diagnosis import DiagnosisScreen
from tui.screens.inspection import InspectionScreen

at_both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
QUESTIONS = {
    "shared": ("lead", Question(identifier="janderson@example.com")),
    "shared-support": ("support", Question(identifier="janderson@example.com")),
    "several-causes": ("lead", Question(identifier="vic")),
    "nobody": ("lead", Question(identifier="ida@gmial.com")),
}


@at_both_sizes
@pytest.mark.parametrize("name", QUESTIONS)
def test_diagnosis(
    snap_compare: Any, practice: Practice, clock: Clock, size: tuple[int, int], name: str
) -> None:
    add_customer(practice.database, given_name="Ida", emails=["ida@gmail.com"], sign_ins=["ida"])
    add_customer(
        practice.database,
        given_name="Victor",
        status="suspended",
        emails=[("v@example.org", "bouncing")],
        sign_ins=[("vic", "locked")],
    )
    practice.database = replace(practice.database, clock=clock)
    role, question = QUESTIONS[name]

    async def judged(pilot: Any) -> None:
        await wait_for(pilot, lambda: pilot.app.operations, "the sign-in")
        screen = DiagnosisScreen(question)
        pilot.app.push_screen(screen)
        await wait_for(pilot, lambda: screen.found, "the verdict")

    assert snap_compare(practice.console(role), run_before=judged, terminal_size=size)


@at_both_sizes
@pytest.mark.parametrize("kind", [AskDiagnosisScreen, AskMailScreen])
def test_asking(snap_compare: Any, practice: Practice, size: tuple[int, int], kind: Any) -> None:
    async def asked(pilot: Any) -> None:
        await wait_for(pilot, lambda: pilot.app.operations, "the sign-in")
        screen = kind()
        pilot.app.push_screen(screen)
        await wait_for(pilot, lambda: pilot.app.screen is screen and pilot.app.focused, "the question")
        await pilot.press(*"joan.a")

    assert snap_compare(practice.console(), run_before=asked, terminal_size=size)


@at_both_sizes
def test_inspection(snap_compare: Any, practice: Practice, size: tuple[int, int]) -> None:
    mail = "Reference LK-7F3K-2M9Q\nhttps://sign-in.example.net/reset/0123456789abcdefghijklmnopqrstuv"

    async def inspected(pilot: Any) -> None:
        await wait_for(pilot, lambda: pilot.app.operations, "the sign-in")
        screen = AskMailScreen()
        pilot.app.push_screen(screen)
        await wait_for(pilot, lambda: screen.focused, "the page")
        screen._page.text = mail
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, InspectionScreen), "the answer")

    assert snap_compare(practice.console(), run_before=inspected, terminal_size=size)
