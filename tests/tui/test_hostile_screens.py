"""R37, R38, A11–A13: no value reaches the terminal as anything but text, on any screen, dialog or toast.

Every text of the database is hostile. What is asserted on is what the driver was given to write, in every
frame on the way; nothing is looked for in widgets.
"""

import importlib
import inspect
import pkgutil
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

import tui.screens
import tui.widgets
from db.engine import Database, connect
from tests.tui.hostile import ATTACKS, NASTY, SEEN, WIDE, Recorder, fill, foreign
from tests.tui.hostile_cases import CASES, Case, app_of, check, is_settled, opened, results, until
from tests.tui.hostile_duplicates import DUPLICATE_CASES
from tests.tui.hostile_insight import INSIGHT_CASES
from tests.tui.hostile_merging import MERGING_CASES
from tests.tui.hostile_procedures import PROCEDURE_CASES
from tests.tui.practice import SIZES, screen_text
from tests.tui.waiting import wait_for
from tui.customer_ways import CustomerWays
from tui.home_marks import HomeMarks
from tui.merge_choosing import Choosing
from tui.screens.base import ConsoleScreen
from tui.screens.listing import ListScreen
from tui.screens.operation import OperationScreen
from tui.screens.pair_judging import PairJudging
from tui.screens.steps import StepsScreen
from tui.widgets.deaf_modal import DeafModal
from tui.widgets.section import Section

BASES = {ConsoleScreen, DeafModal, ListScreen, StepsScreen, HomeMarks, CustomerWays, Choosing, PairJudging}
ALL = (*CASES, *INSIGHT_CASES, *DUPLICATE_CASES, *MERGING_CASES, *PROCEDURE_CASES)


@pytest.fixture(scope="module")
def poisoned(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hostile database and mailbox."""
    folder = tmp_path_factory.mktemp("poisoned")
    shutil.copy(sqlite_template, folder / "base.db")
    (folder / "base.db").chmod(0o600)
    database = connect(f"sqlite:///{folder / 'base.db'}")
    fill(database, folder / "mailbox")
    database.close()
    return folder


@pytest.fixture
def base(poisoned: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it for one test."""
    copied = shutil.copytree(poisoned, tmp_path / "base")
    database = connect(f"sqlite:///{copied / 'base.db'}")
    yield database
    database.close()


def shipped() -> set[type[Screen[Any]]]:
    """Every screen and dialog that there is."""
    found: set[type[Screen[Any]]] = set()
    for package in (tui.screens, tui.widgets):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            kinds = vars(importlib.import_module(module.name)).values()
            found |= {kind for kind in kinds if inspect.isclass(kind) and issubclass(kind, Screen)}
    return {kind for kind in found if kind.__module__.startswith("tui.")} - BASES


def test_every_screen_has_a_case_here() -> None:
    assert {kind.__name__ for kind in shipped() - {case.screen for case in ALL}} == set()


def test_the_driver_would_see_each_attack() -> None:
    assert [attack for attack in ATTACKS[1:] if not foreign(attack)] == []
    assert foreign("\x1b[1;38;2;1;2;3mtext\x1b[0m\x1b[3;4H\n") == []


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
async def test_R37_R38_A11_A12_hostile_values_are_text_and_nothing_else(base: Database, case: Case) -> None:
    async with opened(base) as pilot:
        await case.steps(pilot)
        for size in SIZES if case.fits_every_window else ():
            await pilot.resize_terminal(*size)
            await pilot.pause()
            check(pilot)
        assert isinstance(pilot.app.screen, case.screen)
        assert not case.shows or SEEN in screen_text(app_of(pilot)).replace("\n", "")
        check(pilot)


async def test_R37_R38_the_form_and_the_preview_of_every_operation(base: Database) -> None:
    async with opened(base) as pilot:
        console = app_of(pilot)
        view = await console.bridge.customer(1)
        for info in console.operations:
            screen = OperationScreen(info.name, view if info.needs_customer else None)
            console.push_screen(screen)
            await is_settled(pilot)
            check(pilot)
            await pilot.press("right", "ctrl+s")
            check(pilot)
            console.pop_screen()


async def test_R37_R38_what_was_done_is_said_harmlessly(base: Database) -> None:
    async with opened(base) as pilot:
        console = app_of(pilot)
        console.open_customer(1)
        await wait_for(pilot, lambda: pilot.app.screen.query(Section), "the sections")
        view = await console.bridge.customer(1)
        values = {"customer": 1, "profile": view.emails[0].id}
        applied = await console.bridge.run(
            "mark-email-verified", values, reason="asked", version=view.version, request_id="one"
        )
        screen = pilot.app.screen
        assert isinstance(screen, ConsoleScreen)
        screen.came_back(applied)
        await until(pilot, "saved")
        check(pilot)


async def test_R37_R39_a_crash_says_nothing_of_what_it_held(base: Database) -> None:
    with pytest.raises(ValueError, match="Zz"):  # noqa: PT012  # the pilot raises it again at its end
        async with opened(base) as pilot:
            app_of(pilot)._handle_exception(ValueError(NASTY))
            (said,) = map(str, app_of(pilot)._exit_renderables)
    (file,) = (Path(str(base.url.database)).parent / "incidents").iterdir()
    assert file.stem in said
    assert SEEN not in file.read_text() + said
    assert foreign(Recorder.taken()) == []


async def test_A13_wide_and_combining_letters_never_push_a_line_out_of_the_window(base: Database) -> None:
    async with opened(base, (61, 17)) as pilot:
        assert WIDE[:3] not in screen_text(app_of(pilot))
        await results(pilot)
        check(pilot)
        app_of(pilot).open_customer(2)
        await until(pilot, WIDE[:3])
        check(pilot)
