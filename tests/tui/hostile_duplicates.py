"""The way to the queue of duplicates, to bulk judging, and to who is alike, on a hostile database."""

from textual.pilot import Pilot

from db.duplicates.candidates import Candidate
from db.duplicates.score import Part, Score
from db.models import DuplicatePair, PairState
from tests.factories import BORN, building
from tests.tui.hostile import NASTY
from tests.tui.hostile_cases import Case, app_of, check, is_settled
from tests.tui.waiting import wait_for
from tui.queueing import Candidates
from tui.screens.add_customer import AddCustomerScreen
from tui.screens.bulk import BulkScreen
from tui.screens.duplicates import DuplicatesScreen
from tui.widgets.lookalikes import Lookalikes

EXACT = "42.42.32.42.42.0.0.32"
"""Levels of two who agree in all that both have."""


def _pair(pilot: Pilot[int], *, state: PairState = PairState.OPEN) -> None:
    """Put both hostile customers into the queue."""
    with building(app_of(pilot).bridge.open()) as session:
        is_judged = state is not PairState.OPEN
        session.add(
            DuplicatePair(
                a_id=1,
                b_id=2,
                weight=60.0,
                levels=EXACT,
                collision="both",
                state=state,
                reason=NASTY if is_judged else None,
                judged_by="eve" if is_judged else None,
                judged_at=BORN if is_judged else None,
            )
        )


async def _queue(pilot: Pilot[int]) -> None:
    _pair(pilot)
    app_of(pilot).open_duplicates()
    screen = pilot.app.screen
    assert isinstance(screen, DuplicatesScreen)
    await wait_for(pilot, lambda: screen.pair_view, "both sides")
    check(pilot)
    await pilot.press("space")
    check(pilot)
    await pilot.press("space")


async def _dismissed(pilot: Pilot[int]) -> None:
    _pair(pilot, state=PairState.DISMISSED)
    app_of(pilot).open_duplicates()
    screen = pilot.app.screen
    assert isinstance(screen, DuplicatesScreen)
    await is_settled(pilot)
    await pilot.press("f", "left")
    await wait_for(pilot, lambda: screen.items and screen.pair_view, "both sides")


async def _bulk(pilot: Pilot[int]) -> None:
    _pair(pilot)
    app_of(pilot).open_bulk(then=lambda _said: None)
    await is_settled(pilot)


async def _adding(pilot: Pilot[int]) -> None:
    app_of(pilot).start("add-customer", None, {"given_name": "A", "family_name": "B"})
    await is_settled(pilot)
    found = pilot.app.screen.query_one(Lookalikes)
    await wait_for(pilot, lambda: found.is_settled, "the answer")
    score = Score(50.0, (), (Part("phone", "same", 20.0), Part("given", "differs", -3.0)))
    alike = Candidate(1, NASTY, NASTY, NASTY, "active", score, is_likely=True)
    found._show(Candidates((alike,), 20.0))
    await pilot.press("ctrl+l")


DUPLICATE_CASES = (
    Case(name="queue of duplicates", screen=DuplicatesScreen, steps=_queue),
    Case(name="dismissed pair", screen=DuplicatesScreen, steps=_dismissed),
    Case(name="judging in bulk", screen=BulkScreen, steps=_bulk),
    Case(name="who is alike", screen=AddCustomerScreen, steps=_adding),
)
