"""The way to the screens that find out, on a hostile database."""

from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from db.diagnosis import Question
from db.inspection import Inspection, Verdict
from tests.tui.hostile import NASTY, SEEN, WIDE
from tests.tui.hostile_cases import Case, app_of, check, until
from tests.tui.waiting import wait_for
from tui.screens.asking import AskDiagnosisScreen, AskMailScreen
from tui.screens.diagnosis import DiagnosisScreen
from tui.screens.inspection import InspectionScreen
from tui.widgets.guarded_text_area import GuardedTextArea


async def _diagnosis(pilot: Pilot[int]) -> None:
    """A customer's, a shared email's, and one that finds nobody."""
    for asked in (
        Question(customer_id=1),
        Question(identifier=NASTY),
        Question(identifier="zz@example.net"),
    ):
        app_of(pilot).open_diagnosis(asked)
        await wait_for(pilot, lambda: getattr(pilot.app.screen, "found", None), "the verdict")
        check(pilot)
        await pilot.press("down", "tab", "end")
        check(pilot)
    await pilot.press("home")


async def _asking(pilot: Pilot[int]) -> None:
    app_of(pilot).ask_diagnosis()
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, Input), "the field")
    pilot.app.screen.query_one(Input).post_message(Paste(NASTY))
    await until(pilot, SEEN)


async def _mail(pilot: Pilot[int]) -> None:
    app_of(pilot).ask_for_mail()
    await wait_for(pilot, lambda: isinstance(pilot.app.focused, GuardedTextArea), "the page")
    pilot.app.screen.query_one(GuardedTextArea).post_message(Paste(NASTY))
    await until(pilot, SEEN)


async def _inspection(pilot: Pilot[int]) -> None:
    """As if all of it had come from the mail."""
    app_of(pilot).open_inspection(
        Inspection(
            verdict=Verdict.FORGED,
            sentence=NASTY,
            facts=(NASTY, WIDE),
            message=None,
            superseded_by=NASTY,
            hosts=(NASTY,),
        )
    )
    await until(pilot, SEEN)


INSIGHT_CASES = (
    Case(name="diagnosis", screen=DiagnosisScreen, steps=_diagnosis),
    Case(name="question", screen=AskDiagnosisScreen, steps=_asking),
    Case(name="mail to inspect", screen=AskMailScreen, steps=_mail),
    Case(name="inspected mail", screen=InspectionScreen, steps=_inspection),
)
