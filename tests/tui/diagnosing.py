"""How the tests of diagnosing work with its screens."""

from textual.pilot import Pilot

from db.rules.cases import Case
from tests.tui.practice import console_of, screen_text
from tests.tui.waiting import wait_for
from tui.screens.diagnosis import DiagnosisScreen
from tui.screens.operation import OperationScreen
from tui.widgets.section import Section
from tui.widgets.status import StatusLine

SHARED = "janderson@example.com"


def text(pilot: Pilot[int]) -> str:
    return screen_text(console_of(pilot))


def flowing(pilot: Pilot[int]) -> str:
    """What is on the screen, wherever its lines break."""
    return " ".join(text(pilot).split())


def sentence(pilot: Pilot[int]) -> str:
    return pilot.app.screen.query_one(StatusLine).sentence


async def diagnosed(pilot: Pilot[int]) -> DiagnosisScreen:
    """Wait until a diagnosis is on the screen."""

    def is_there() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, DiagnosisScreen) and screen.found is not None

    await wait_for(pilot, is_there, "a diagnosis")
    screen = pilot.app.screen
    assert isinstance(screen, DiagnosisScreen)
    return screen


async def ask(pilot: Pilot[int], identifier: str) -> DiagnosisScreen:
    console_of(pilot).diagnose(identifier=identifier)
    return await diagnosed(pilot)


async def on_form(pilot: Pilot[int], *, until: str) -> None:
    """Wait until a form is open and its preview says something."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, OperationScreen), "the form")
    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the preview")
    await wait_for(pilot, lambda: until in text(pilot), until)


async def saved(pilot: Pilot[int], screen: DiagnosisScreen, case: Case) -> None:
    """Save the form, and wait until the case is judged anew."""
    await pilot.press("ctrl+s")
    await wait_for(pilot, lambda: pilot.app.screen is screen, "the way back")
    await wait_for(pilot, lambda: screen.found is not None and screen.found.case is case, case)


async def opened(pilot: Pilot[int], customer_id: int) -> None:
    console_of(pilot).open_customer(customer_id)
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section))
