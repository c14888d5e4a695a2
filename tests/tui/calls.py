"""Interactions and walks for the tests of the console, made through the one door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from db.operations import REGISTRY
from db.params import build
from db.queries.walks import WalkView, walk, walks_of_interaction
from db.runner import Request, run
from tests.factories import actor
from tests.tui.conftest import SIZE, Practice
from tests.tui.practice import screen_text
from tests.tui.waiting import wait_for
from tui.screens.menu import MenuScreen

OWN = """
id = "a-short-one"
title = "A short one"
procedure = "P5"
about = "For tests."

[[steps]]
id = "hello"
kind = "say"
text = "Say hello."

[[steps]]
id = "typed"
kind = "ask"
text = "What did they type?"
hint = "letter by letter"

[[steps]]
id = "status"
kind = "check"
text = "What is the status?"
check = "status"
about = "typed"

[[steps]]
id = "note"
kind = "do"
text = "Write it down."
operation = "add-note"
fills = { text = "typed" }
when = [{ step = "status", any_of = ["active"] }]

[[steps]]
id = "outcome"
kind = "decide"
text = "Are they in?"
answers = [
  { value = "in", label = "They are in", end = "solved" },
  { value = "not", label = "They are not" },
]

[[steps]]
id = "bye"
kind = "say"
text = "Say goodbye."
"""


def do(practice: Practice, operation: str, role: str = "support", **values: object) -> Any:
    """Carry out an operation as the practice operator of a role."""
    found = REGISTRY[operation]
    given = {name: value for name, value in values.items() if value is not None}
    request = Request(actor=actor(role), operation=found, params=build(found.params, given), reason="test")
    return run(practice.database, request)


def call(practice: Practice, customer: int | None = None, role: str = "support", **values: object) -> int:
    """Start a call and return its number."""
    given = {"channel": "phone", "customer": customer, **values}
    return int(do(practice, "start-interaction", role, **given).changes[0].row)


def begun(practice: Practice, interaction: int, name: str = "a-short-one", role: str = "support") -> int:
    """Start a walk and return its number."""
    do(practice, "start-walk", role, playbook=name, interaction=interaction)
    with practice.database.reading() as connection:
        found = walks_of_interaction(connection, interaction)
    return next(each.id for each in found if each.playbook_id == name)


def seen(practice: Practice, number: int) -> WalkView:
    """Return a walk as it is in the database."""
    with practice.database.reading() as connection:
        return walk(connection, number)


@asynccontextmanager
async def console_of(practice: Practice, role: str, *, size: tuple[int, int] = SIZE) -> AsyncIterator[Any]:
    """The console of a role, for tests that look into its screens."""
    async with practice.opened(role, size=size) as pilot:
        yield pilot


async def until(pilot: Any, text: str) -> None:
    """Wait until a text stands on the screen."""
    await wait_for(pilot, lambda: text in screen_text(pilot.app), repr(text))


async def menu(pilot: Any) -> None:
    """Wait for a menu that hears keys."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and not pilot.app.screen.is_deaf)
    await pilot.pause()


async def taken_up(pilot: Any, number: int) -> None:
    """Go on with an interaction that was left open."""
    app: Any = pilot.app
    rows = await app.procedures.own_open()
    app.take_up(next(row for row in rows if row.id == number))
    await pilot.pause()
