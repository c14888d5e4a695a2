"""What merging looks like, at both sizes: what is in the way, many customers, why, and what comes after."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from db.models import Customer
from tests.factories import add_customer, building
from tests.merging.people import attach, merge
from tests.tui.conftest import Practice
from tests.tui.merging import confirming, twin
from tests.tui.practice import SIZES
from tests.tui.waiting import wait_for
from tui.screens.customer import CustomerScreen
from tui.screens.merge import MergeScreen
from tui.widgets.options import Options
from tui.widgets.section import Section

MERGED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
at_both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def people(practice: Practice, name: str) -> tuple[int, ...]:
    other = twin(practice)
    attach(practice.database, other)
    with building(practice.database) as session:
        session.get_one(Customer, practice.daniel).birth_date = datetime(1999, 1, 2, tzinfo=UTC).date()
    if name == "household":
        return practice.joan, practice.daniel
    if name != "eight":
        return practice.joan, other
    more = (
        add_customer(practice.database, given_name=f"Joan{letter}", emails=[f"joan.{letter}@example.org"])
        for letter in "abcde"
    )
    return practice.joan, practice.daniel, other, *more


KEYS = {
    "in-the-way": (),
    "tried": ("enter",),
    "unfolded": ("enter", "end", "space"),
    "household": (),
    "why": ("w",),
    "eight": ("enter", "end", "right", "right"),
}


@at_both_sizes
@pytest.mark.parametrize("name", KEYS)
def test_merge(snap_compare: Any, practice: Practice, size: tuple[int, int], name: str) -> None:
    ids = people(practice, name)

    async def steps(pilot: Any) -> None:
        await wait_for(pilot, lambda: pilot.app.operations, "the sign-in")
        pilot.app.open_merge(ids, practice.joan)
        for key in KEYS[name]:
            await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the trial")
            await pilot.press(key)
        await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_settled", False), "the trial")

    assert snap_compare(practice.console(), run_before=steps, terminal_size=size)


@at_both_sizes
def test_confirmation(snap_compare: Any, practice: Practice, size: tuple[int, int]) -> None:
    ids = people(practice, "tried")

    async def steps(pilot: Any) -> None:
        await wait_for(pilot, lambda: pilot.app.operations, "the sign-in")
        screen = MergeScreen(ids, practice.joan)
        pilot.app.push_screen(screen)
        await wait_for(pilot, lambda: screen.is_settled, "the trial")
        await pilot.press("enter")
        await wait_for(pilot, lambda: screen.look is not None and screen.look.seen is not None, "the trial")
        await wait_for(pilot, lambda: screen.is_settled, "the trial")
        await confirming(pilot, "bought twice")

    assert snap_compare(practice.console(), run_before=steps, terminal_size=size)


@at_both_sizes
def test_merge_with(snap_compare: Any, practice: Practice, size: tuple[int, int]) -> None:
    people(practice, "tried")

    async def steps(pilot: Any) -> None:
        await wait_for(pilot, lambda: pilot.app.operations, "the sign-in")
        pilot.app.marked = (practice.daniel,)
        pilot.app.merge_with(practice.joan, "C-1 Joan Anderson")
        await wait_for(
            pilot,
            lambda: pilot.app.screen.query(Options) and pilot.app.screen.query_one(Options).option_count,
            "the candidates",
        )

    assert snap_compare(practice.console(), run_before=steps, terminal_size=size)


@at_both_sizes
@pytest.mark.parametrize("side", ["survivor", "absorbed"])
def test_after(snap_compare: Any, practice: Practice, size: tuple[int, int], side: str) -> None:
    survivor, other = people(practice, "tried")

    async def steps(pilot: Any) -> None:
        await wait_for(pilot, lambda: pilot.app.operations, "the sign-in")
        pilot.app.push_screen(CustomerScreen(survivor if side == "survivor" else other))
        await wait_for(pilot, lambda: pilot.app.screen.query(Section), "the sections")

    practice.database = replace(practice.database, clock=lambda _connection: MERGED)
    merge(practice.database, survivor, other)
    assert snap_compare(practice.console(), run_before=steps, terminal_size=size)


@at_both_sizes
def test_marks(snap_compare: Any, practice: Practice, size: tuple[int, int]) -> None:
    people(practice, "tried")

    async def steps(pilot: Any) -> None:
        await wait_for(pilot, lambda: pilot.app.operations, "the sign-in")
        await pilot.press(*"anderson")
        await wait_for(pilot, lambda: pilot.app.screen.results.hits, "the hits")
        await pilot.press("tab", "m", "down", "m")

    assert snap_compare(practice.console(), run_before=steps, terminal_size=size)
